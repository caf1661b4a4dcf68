"""Files in a bucket of Amazon S3 or of a server that speaks its API; large ones go in parts, there only when whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, cast

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from support_copilot.backends.blobs.config import S3BlobsConfig
from support_copilot.backends.blobs.port import (
    BlobNotFoundError,
    BlobStoreSetupError,
    BlobStoreUnavailableError,
    checked_key,
)

_LIMITS: Final = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 4, "mode": "standard"})
#: One thread: a request has one already, and an upload that fails then fails in it.
_TRANSFER: Final = TransferConfig(use_threads=False)
_MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
_RETRY_AFTER_S: Final = 30


class S3BlobStore:
    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def put(self, key: str, stream: BinaryIO) -> int:
        counted = _Counted(stream)
        with _translated():
            self._client.upload_fileobj(counted, self._bucket, self._full(key), Config=_TRANSFER)
        return counted.size

    def open(self, key: str) -> BinaryIO:
        with _translated():
            return cast(BinaryIO, self._client.get_object(Bucket=self._bucket, Key=self._full(key))["Body"])

    def delete(self, key: str) -> bool:
        full = self._full(key)
        with _translated():
            # In a bucket that keeps versions a plain delete only hides: what is erased must be gone.
            versions = [version for version in self._versions(full) if version["Key"] == full]
            for version in versions:
                self._client.delete_object(Bucket=self._bucket, Key=full, VersionId=version["VersionId"])
        return any("Size" in version and version["IsLatest"] for version in versions)

    def keys(self, prefix: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        with _translated():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for found in page.get("Contents", []):
                    yield found["Key"].removeprefix(self._prefix)

    def ping(self) -> None:
        try:
            with _translated():
                self._client.head_bucket(Bucket=self._bucket)
        except BlobNotFoundError as error:  # the bucket itself
            raise BlobStoreUnavailableError(retry_after_s=_RETRY_AFTER_S) from error

    def close(self) -> None:
        self._client.close()

    def _versions(self, full: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self._bucket, Prefix=full):
            yield from page.get("Versions", [])
            yield from page.get("DeleteMarkers", [])

    def _full(self, key: str) -> str:
        return self._prefix + checked_key(key)


class _Counted:
    """Counts what is read of a stream; that it cannot be wound back keeps the library from reading it twice."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.size += len(data)
        return data


def open_s3(config: S3BlobsConfig) -> S3BlobStore:
    """The store in this bucket; nothing is asked of the service yet.

    Raises:
        BlobStoreSetupError: the client cannot be made (no region, broken configuration).
    """
    try:
        client = boto3.client(
            "s3", region_name=config.region, endpoint_url=config.endpoint_url, config=_LIMITS
        )  # fmt: skip
    except (BotoCoreError, ValueError) as error:
        raise BlobStoreSetupError("The client of S3 cannot be made: set a region and check the address.") from error
    return S3BlobStore(client, config.bucket, config.prefix)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code", "") in _MISSING:
            raise BlobNotFoundError from error
        raise BlobStoreUnavailableError(retry_after_s=_RETRY_AFTER_S) from error
    except (BotoCoreError, Boto3Error) as error:
        raise BlobStoreUnavailableError(retry_after_s=_RETRY_AFTER_S) from error
