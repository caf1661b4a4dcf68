"""A master key in a file, readable by its owner alone."""

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

import tink
from tink import aead, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

from support_copilot.backends.master_key.port import MasterKeyError

_KEY_BYTES: Final = 32
_AES_GCM: Final = "type.googleapis.com/google.crypto.tink.AesGcmKey"


class FileMasterKey:
    def __init__(self, key: bytes, path: Path) -> None:
        aead.register()
        self._path = path
        self._id = "file:" + hashlib.sha256(b"support-copilot master key id\0" + key).hexdigest()[:16]
        self._aead = _aead_of(key)

    @property
    def id(self) -> str:
        return self._id

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        wrapped: bytes = self._aead.encrypt(plaintext, associated_data)
        return wrapped

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        try:
            plaintext: bytes = self._aead.decrypt(ciphertext, associated_data)
        except tink.TinkError:
            raise MasterKeyError(
                f"The data keys in the database do not open with the key file {self._path}: they are damaged. "
                "Restore the table encryption_keys from a backup."
            ) from None
        return plaintext


def create_key_file(path: Path) -> bool:
    """Make a key file with mode 0600; False when there is one already.

    Raises:
        MasterKeyError: the file cannot be written.
    """
    text = base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n"
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken: of two processes that start at once, one makes the key.
        os.link(part, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise MasterKeyError(f"The key file {path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    return True


def read_key_file(path: Path) -> FileMasterKey:
    """Read a key file.

    Raises:
        MasterKeyError: it is missing, unreadable, or no key.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise MasterKeyError(
            f"The key file {path} is missing. Contact data and files of this database were encrypted with it and "
            "cannot be read without it: put it back from where its copy is kept."
        ) from None
    except OSError as error:
        raise MasterKeyError(f"The key file {path} cannot be read: {error.strerror}.") from None
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise MasterKeyError(f"The key file {path} holds no key: 32 random bytes in base64 are expected.")
    return FileMasterKey(key, path)


def _aead_of(key: bytes) -> aead.Aead:
    data = tink_pb2.KeyData(
        type_url=_AES_GCM,
        value=aes_gcm_pb2.AesGcmKey(version=0, key_value=key).SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    only = tink_pb2.Keyset.Key(key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[only])
    handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(aead.Aead)
