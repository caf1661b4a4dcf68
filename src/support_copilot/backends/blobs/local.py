"""Files in a folder: written to a temporary name, synced, then renamed, so that a crash leaves no half file."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from support_copilot.backends.blobs.port import BlobNotFoundError, BlobStoreUnavailableError, checked_key

_CHUNK = 1 << 20


class LocalBlobStore:
    def __init__(self, path: Path) -> None:
        self._root = path
        path.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, stream: BinaryIO) -> int:
        target = self._path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
                try:
                    shutil.copyfileobj(stream, part, _CHUNK)
                    part.flush()
                    os.fsync(part.fileno())
                    size = part.tell()
                    Path(part.name).replace(target)
                except BaseException:
                    Path(part.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise BlobStoreUnavailableError(retry_after_s=30) from error
        return size

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            raise BlobNotFoundError from error

    def delete(self, key: str) -> bool:
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        for path in self._root.rglob("*"):
            key = path.relative_to(self._root).as_posix()
            if path.is_file() and not path.name.startswith(".part-") and key.startswith(prefix):
                yield key

    def ping(self) -> None:
        try:
            with tempfile.TemporaryFile(dir=self._root) as probe:
                probe.write(b"x")
        except OSError as error:
            raise BlobStoreUnavailableError from error

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)
