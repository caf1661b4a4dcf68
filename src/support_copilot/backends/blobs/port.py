"""The need: keep files (attachments, exports) by key."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, Protocol

from support_copilot.kit.errors import AppError, NotFoundError, UnavailableError

#: What a key may be: ours, never a sender's file name.
_KEY: Final = re.compile(r"[a-z0-9_]+(/[a-z0-9_.-]+)*")


class BlobNotFoundError(NotFoundError):
    code, title = "file_not_found", "The file is not there any more"


class BlobStoreUnavailableError(UnavailableError):
    code, title = "files_unavailable", "Files cannot be stored at the moment"


class BlobStoreSetupError(AppError):
    code, title = "files_unusable", "The store of files cannot be used"


class BlobStore(Protocol):
    """Whole files under opaque keys; a file is either there completely or not at all."""

    def put(self, key: str, stream: BinaryIO) -> int:
        """Store all of ``stream`` under ``key`` (replacing what was there); returns its size in bytes.

        Raises:
            BlobStoreUnavailableError: it cannot be stored now.
        """

    def open(self, key: str) -> BinaryIO:
        """A readable stream from the start of the file.

        Raises:
            BlobNotFoundError: nothing is stored under ``key``.
            BlobStoreUnavailableError: the store does not answer.
        """

    def delete(self, key: str) -> bool:
        """Remove the file with every older version of it; False when there was none.

        Raises:
            BlobStoreUnavailableError: the store does not answer.
        """

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with ``prefix``, in no particular order."""

    def ping(self) -> None:
        """Return when files can be written.

        Raises:
            BlobStoreUnavailableError: they cannot.
        """

    def close(self) -> None:
        """Give back what the store holds; a second call does nothing."""


def checked_key(key: str) -> str:
    """The key, once it is sure to be one; every store asks before it becomes a path or an address.

    Raises:
        ValueError: it is none.
    """
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError("not a key of this store")
    return key
