"""The need: wrap the few data keys with a key that is not kept beside them."""

from typing import Protocol

from support_copilot.kit.errors import AppError, UnavailableError


class MasterKeyError(AppError):
    code, title = "master_key_unusable", "The encryption key of this installation cannot be used"


class MasterKeyUnavailableError(UnavailableError):
    code, title = "master_key_unavailable", "The key management service does not answer"


class MasterKey(Protocol):
    """Wraps data keys (Tink's ``Aead`` shape, so that Tink can use it directly). Used at start and for rotation."""

    @property
    def id(self) -> str:
        """Tells this key from others without telling anything about it; at most 200 characters."""

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap.

        Raises:
            MasterKeyError: the key may not be used.
            MasterKeyUnavailableError: the service does not answer.
        """

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap what ``encrypt`` made with the same ``associated_data``.

        Raises:
            MasterKeyError: another key made it, or it was altered.
            MasterKeyUnavailableError: the service does not answer.
        """
