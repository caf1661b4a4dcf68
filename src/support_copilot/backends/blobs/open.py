"""Loads the chosen file store."""

from support_copilot.backends.blobs.config import BlobsConfig
from support_copilot.backends.blobs.port import BlobStore


def open_blobs(config: BlobsConfig) -> BlobStore:
    from support_copilot.backends.blobs.local import LocalBlobStore

    return LocalBlobStore(config.path)
