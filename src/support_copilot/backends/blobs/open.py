"""Loads the chosen file store."""

from support_copilot.backends.blobs.config import BlobsConfig, LocalBlobsConfig
from support_copilot.backends.blobs.port import BlobStore, BlobStoreSetupError


def open_blobs(config: BlobsConfig) -> BlobStore:
    """Open the store; nothing is asked of a remote one yet.

    Raises:
        BlobStoreSetupError: its library is not installed, or its settings do not fit together.
    """
    if isinstance(config, LocalBlobsConfig):
        from support_copilot.backends.blobs.local import LocalBlobStore

        return LocalBlobStore(config.path)
    try:
        from support_copilot.backends.blobs.s3 import open_s3
    except ImportError as error:
        raise BlobStoreSetupError("The extra `aws` is not installed: pip install 'support-copilot[aws]'.") from error

    return open_s3(config)
