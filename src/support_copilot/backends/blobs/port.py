"""The need: keep files (attachments, exports) by key."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from support_copilot.kit.errors import NotFoundError


class BlobNotFoundError(NotFoundError):
    code, title = "file_not_found", "The file is not there any more"


class BlobStore(Protocol):
    """Whole files under opaque keys; a file is either there completely or not at all."""

    def put(self, key: str, stream: BinaryIO) -> int:
        """Store all of ``stream`` under ``key`` (replacing what was there); returns its size in bytes."""

    def open(self, key: str) -> BinaryIO:
        """A readable stream from the start of the file.

        Raises:
            BlobNotFoundError: nothing is stored under ``key``.
        """

    def delete(self, key: str) -> bool:
        """Remove the file; False when there was none."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with ``prefix``, in no particular order."""

    def ping(self) -> None:
        """Return when files can be written.

        Raises:
            support_copilot.kit.errors.UnavailableError: they cannot.
        """

    def close(self) -> None:
        """Give back what the store holds; a second call does nothing."""
