"""What every file store promises. A new one is added to the ``blobs`` fixture."""

import io
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from support_copilot.backends.blobs.config import LocalBlobsConfig, S3BlobsConfig
from support_copilot.backends.blobs.open import open_blobs
from support_copilot.backends.blobs.port import BlobNotFoundError, BlobStore, BlobStoreUnavailableError
from support_copilot.kit.ids import new_id
from tests.aws import running_aws, use_made_up_account


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        use_made_up_account(patch)
        with running_aws() as address:
            yield address


@pytest.fixture
def s3_config(aws: str) -> S3BlobsConfig:
    """A bucket of its own that keeps versions, as buckets with data worth keeping do."""
    bucket = new_id("job").replace("_", "-")
    client = boto3.client("s3", endpoint_url=aws)
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.close()
    return S3BlobsConfig(bucket=bucket, prefix="copilot/", endpoint_url=aws)


@pytest.fixture(params=["local", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BlobStore]:
    config = (
        LocalBlobsConfig(path=tmp_path / "files") if request.param == "local" else request.getfixturevalue("s3_config")
    )
    store = open_blobs(config)
    yield store
    store.close()


def read(blobs: BlobStore, key: str) -> bytes:
    with blobs.open(key) as stream:
        return stream.read()


class Broken(io.BytesIO):
    """A sender that goes away after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise EOFError
        return super().read(5)


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 10, b"x" * 9_000_000], ids=["empty", "bytes", "large"])
def test_a_file_is_read_as_it_was_stored(blobs: BlobStore, content: bytes) -> None:
    assert blobs.put("attachments/a1", io.BytesIO(content)) == len(content)
    assert read(blobs, "attachments/a1") == content
    blobs.ping()


def test_a_second_file_under_a_key_replaces_the_first(blobs: BlobStore) -> None:
    blobs.put("a/b", io.BytesIO(b"first, longer"))
    blobs.put("a/b", io.BytesIO(b"second"))

    assert read(blobs, "a/b") == b"second"
    assert list(blobs.keys()) == ["a/b"]


def test_a_file_that_breaks_off_is_not_there_and_replaces_nothing(blobs: BlobStore) -> None:
    blobs.put("a/old", io.BytesIO(b"whole"))
    for key in ("a/old", "a/new"):
        with pytest.raises(EOFError):
            blobs.put(key, Broken(b"half of it"))

    assert read(blobs, "a/old") == b"whole"
    assert list(blobs.keys()) == ["a/old"]


def test_a_removed_file_is_gone(blobs: BlobStore) -> None:
    blobs.put("a/b", io.BytesIO(b"x"))

    assert blobs.delete("a/b") is True
    assert blobs.delete("a/b") is False
    with pytest.raises(BlobNotFoundError):
        blobs.open("a/b")
    assert list(blobs.keys()) == []


def test_keys_are_listed_by_their_beginning(blobs: BlobStore) -> None:
    for key in ("attachments/1", "attachments/2", "exports/1", "exports_old/1"):
        blobs.put(key, io.BytesIO(b"x"))

    assert sorted(blobs.keys("attachments/")) == ["attachments/1", "attachments/2"]
    assert sorted(blobs.keys("exports")) == ["exports/1", "exports_old/1"]
    assert list(blobs.keys("nothing")) == []


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../up", "a/../../b", "a//b", "a b", "a\x00b", "A/b", "a/b\n"])
def test_what_is_no_key_never_becomes_a_path(blobs: BlobStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        blobs.put(key, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="not a key"):
        blobs.open(key)
    with pytest.raises(ValueError, match="not a key"):
        blobs.delete(key)


def test_no_older_version_outlives_a_removal(s3_config: S3BlobsConfig) -> None:
    store = open_blobs(s3_config)
    store.put("a/b", io.BytesIO(b"first"))
    store.put("a/b", io.BytesIO(b"second"))
    store.put("a/bc", io.BytesIO(b"another"))

    store.delete("a/b")
    store.close()

    client = boto3.client("s3", endpoint_url=s3_config.endpoint_url)
    left = client.list_object_versions(Bucket=s3_config.bucket)
    client.close()
    assert [version["Key"] for version in left["Versions"]] == ["copilot/a/bc"]
    assert "DeleteMarkers" not in left


def test_a_bucket_that_is_not_there_is_said(s3_config: S3BlobsConfig) -> None:
    store = open_blobs(s3_config.model_copy(update={"bucket": "no-such-bucket"}))

    with pytest.raises(BlobStoreUnavailableError):
        store.ping()
    with pytest.raises(BlobStoreUnavailableError):
        store.put("a/b", io.BytesIO(b"x"))
    store.close()


def test_a_server_that_does_not_answer_is_said(aws: str) -> None:
    store = open_blobs(S3BlobsConfig(bucket="some-bucket", endpoint_url="http://127.0.0.1:9"))

    with pytest.raises(BlobStoreUnavailableError):
        store.open("a/b")
    store.close()
