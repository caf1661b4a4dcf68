"""Files encrypted as streams (AES-256-GCM in segments, Tink's streaming AEAD), each under a key of its own.

The key of a file lies in an encrypted column of the row that names the file: rotating the data keys moves it and leaves
the file as it is, and once the row is gone the file is noise, wherever copies of it may be.
"""

import io
import tempfile
from collections.abc import Callable
from typing import IO, BinaryIO, Final, cast

import tink
from tink import proto_keyset_format, secret_key_access, streaming_aead

from support_copilot.backends.blobs.port import BlobStore
from support_copilot.vault.vault import UnreadableError

_CHUNK: Final = 1 << 20
#: What is held in memory before it goes on, encrypted, to a temporary file.
_MEMORY: Final = 8 << 20


def put_encrypted(blobs: BlobStore, blob_key: str, write: Callable[[BinaryIO], None]) -> bytes:
    """Store under ``blob_key`` what ``write`` writes, encrypted; no unencrypted byte touches a disk.

    Returns:
        The key of the file, to be kept in an encrypted column.
    """
    handle = tink.new_keyset_handle(_template())
    with tempfile.SpooledTemporaryFile(max_size=_MEMORY) as sealed:
        with _primitive(handle).new_encrypting_stream(_KeptOpen(sealed), blob_key.encode()) as target:
            write(target)
        sealed.seek(0)
        blobs.put(blob_key, cast(BinaryIO, sealed))
    key: bytes = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    return key


def copy_of(source: BinaryIO) -> Callable[[BinaryIO], None]:
    """For ``put_encrypted``: all of ``source``, from its start."""

    def write(target: BinaryIO) -> None:
        source.seek(0)
        while chunk := source.read(_CHUNK):
            target.write(chunk)

    return write


def open_encrypted(blobs: BlobStore, blob_key: str, key: bytes | None) -> BinaryIO:
    """The file as it was written, to be read and closed. Without a key: one from before files were encrypted.

    Segments are verified while they are read: what was altered or cut off further on ends in ``tink.TinkError``.

    Raises:
        BlobNotFoundError: nothing is stored under ``blob_key``.
        UnreadableError: it was not encrypted with this key, for this place, or was altered.
    """
    source = blobs.open(blob_key)
    if key is None:
        return source
    handle = proto_keyset_format.parse(key, secret_key_access.TOKEN)
    plain = cast(io.BufferedReader, _primitive(handle).new_decrypting_stream(source, blob_key.encode()))
    try:
        plain.peek(1)
    except tink.TinkError:
        plain.close()
        source.close()
        raise UnreadableError from None
    return cast(BinaryIO, plain)


class _KeptOpen(io.RawIOBase):
    """Stays open when the stream that encrypts into it is closed, which is what ends a ciphertext."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # Tink writes bytes
        return self._target.write(data)


def _template() -> object:
    streaming_aead.register()
    return streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB


def _primitive(handle: tink.KeysetHandle) -> streaming_aead.StreamingAead:
    streaming_aead.register()
    return handle.primitive(streaming_aead.StreamingAead)
