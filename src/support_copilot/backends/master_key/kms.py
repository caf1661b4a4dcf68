"""A master key in AWS KMS: it wraps and unwraps there and never leaves it."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from support_copilot.backends.master_key.port import MasterKeyError, MasterKeyUnavailableError

#: Refusals that another try does not change.
_REFUSED = frozenset({
    "AccessDeniedException", "DisabledException", "IncorrectKeyException", "InvalidCiphertextException",
    "InvalidKeyUsageException", "KMSInvalidStateException", "NotFoundException", "UnrecognizedClientException",
    "InvalidClientTokenId",
})  # fmt: skip


class KmsMasterKey:
    def __init__(self, client: Any, key_arn: str) -> None:
        self._client = client
        self._key_arn = key_arn

    @property
    def id(self) -> str:
        return self._key_arn

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        answer = self._call("encrypt", associated_data, Plaintext=plaintext)
        return bytes(answer["CiphertextBlob"])

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        answer = self._call("decrypt", associated_data, CiphertextBlob=ciphertext)
        return bytes(answer["Plaintext"])

    def _call(self, operation: str, associated_data: bytes, **arguments: bytes) -> Any:
        # The context is authenticated, and shows in CloudTrail what a key was used for.
        context = {"support-copilot": associated_data.decode()}
        try:
            return getattr(self._client, operation)(KeyId=self._key_arn, EncryptionContext=context, **arguments)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSED:
                raise MasterKeyError(
                    f"AWS KMS refuses to use the key {self._key_arn} ({code}): check the setting, the key's state, and "
                    "that this role may kms:Encrypt and kms:Decrypt with it."
                ) from None
            raise MasterKeyUnavailableError(retry_after_s=10) from error
        except BotoCoreError as error:
            raise MasterKeyUnavailableError(retry_after_s=10) from error


def open_kms_key(key_arn: str, endpoint_url: str | None) -> KmsMasterKey:
    """The key with this ARN; nothing is asked of the service yet.

    Raises:
        MasterKeyUnavailableError: the client cannot be made (no region, broken configuration).
    """
    limits = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 4, "mode": "standard"})
    try:
        client = boto3.client("kms", region_name=key_arn.split(":")[3], endpoint_url=endpoint_url, config=limits)
    except (BotoCoreError, ValueError) as error:
        raise MasterKeyUnavailableError from error
    return KmsMasterKey(client, key_arn)
