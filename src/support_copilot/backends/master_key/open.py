"""Loads the chosen master key."""

from pathlib import Path

from support_copilot.backends.master_key.config import FileMasterKeyConfig, MasterKeyConfig
from support_copilot.backends.master_key.port import MasterKey, MasterKeyError


def create_master_key_file(path: Path) -> bool:
    """Make a key file with mode 0600; False when there is one already.

    Raises:
        MasterKeyError: the file cannot be written.
    """
    from support_copilot.backends.master_key.file import create_key_file

    return create_key_file(path)


def open_master_key(config: MasterKeyConfig, *, create: bool) -> MasterKey:
    """Open the master key.

    Args:
        create: make the file when it is not there; never for a database that has data keys already.

    Raises:
        MasterKeyError: there is no usable key; the sentence says what to do.
        MasterKeyUnavailableError: the key management service does not answer.
    """
    if isinstance(config, FileMasterKeyConfig):
        from support_copilot.backends.master_key.file import create_key_file, read_key_file

        if config.path is None:
            raise MasterKeyError(
                "A server's database needs an encryption key of its own: make one with `support-copilot encryption "
                "create-key --file PATH`, keep a copy elsewhere, and set SUPPORT_COPILOT_ENCRYPTION__PATH."
            )
        if create:
            create_key_file(config.path)
        return read_key_file(config.path)
    try:
        from support_copilot.backends.master_key.kms import open_kms_key
    except ImportError as error:
        raise MasterKeyError("The extra `aws` is not installed: pip install 'support-copilot[aws]'.") from error

    return open_kms_key(config.key_arn, config.endpoint_url)
