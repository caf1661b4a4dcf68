"""What every master key promises: a key file, and AWS KMS over HTTP (moto's server)."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from support_copilot.backends.master_key.config import FileMasterKeyConfig, KmsMasterKeyConfig
from support_copilot.backends.master_key.open import create_master_key_file, open_master_key
from support_copilot.backends.master_key.port import MasterKey, MasterKeyError, MasterKeyUnavailableError
from support_copilot.db.engine import Database
from support_copilot.vault.generations import list_generations
from support_copilot.vault.rotation import rewrap_keys
from support_copilot.vault.vault import open_vault
from tests.aws import running_aws, use_made_up_account
from tests.conftest import MASTER_KEY, StepClock


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        use_made_up_account(patch)
        with running_aws() as address:
            yield address


class Kms:
    """Keys of the key management service."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.admin = boto3.client("kms", endpoint_url=address)

    def new_key(self) -> str:
        """ARN of a fresh key."""
        return str(self.admin.create_key()["KeyMetadata"]["Arn"])

    def opened(self, arn: str, address: str | None = None) -> MasterKey:
        return open_master_key(KmsMasterKeyConfig(key_arn=arn, endpoint_url=address or self._address), create=False)


@pytest.fixture
def kms(aws: str) -> Iterator[Kms]:
    made = Kms(aws)
    yield made
    made.admin.close()


@pytest.fixture(params=["file", "kms"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[MasterKey, MasterKey]:
    """Two keys of one kind."""
    if request.param == "kms":
        kms: Kms = request.getfixturevalue("kms")
        return kms.opened(kms.new_key()), kms.opened(kms.new_key())
    for name in ("a", "b"):
        create_master_key_file(tmp_path / name)
    one, other = (open_master_key(FileMasterKeyConfig(path=tmp_path / name), create=False) for name in ("a", "b"))
    return one, other


def test_what_is_wrapped_is_unwrapped_by_the_same_key_for_the_same_use(pair: tuple[MasterKey, MasterKey]) -> None:
    key, other = pair
    wrapped = key.encrypt(b"data key", b"data key 1")

    assert b"data key" not in wrapped
    assert key.decrypt(wrapped, b"data key 1") == b"data key"
    for wrong, use in ((other, b"data key 1"), (key, b"data key 2")):
        with pytest.raises(MasterKeyError):
            wrong.decrypt(wrapped, use)
    with pytest.raises(MasterKeyError):
        key.decrypt(wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"data key 1")


def test_keys_are_told_apart_by_an_id_that_is_no_secret(pair: tuple[MasterKey, MasterKey]) -> None:
    key, other = pair

    assert key.id != other.id
    assert 0 < len(key.id) <= 200


def test_a_database_under_a_kms_key_is_opened_with_it_alone(sqlite: Database, clock: StepClock, kms: Kms) -> None:
    arn, other = kms.new_key(), kms.new_key()
    vault = open_vault(sqlite, MASTER_KEY, refresh_s=300, clock=clock)
    sealed = vault.encrypt("customers.name", b"Ana", "cus_1")
    rewrap_keys(sqlite, vault, kms.opened(arn), record=lambda _session, _count: None)

    again = open_vault(sqlite, kms.opened(arn), refresh_s=300, clock=clock)

    assert again.decrypt("customers.name", sealed, "cus_1") == b"Ana"
    with sqlite.read() as session:
        assert [row.master_key_id for row in list_generations(session)] == [arn]
    with pytest.raises(MasterKeyError, match="was encrypted under the master key"):
        open_vault(sqlite, kms.opened(other), refresh_s=300, clock=clock)


def test_a_key_that_is_not_there_says_which_and_why(kms: Kms) -> None:
    arn = kms.new_key()[:-12] + "000000000000"

    with pytest.raises(MasterKeyError, match="NotFoundException") as refused:
        kms.opened(arn).encrypt(b"data key", b"use")
    assert arn in refused.value.detail


def test_a_service_that_does_not_answer_may_answer_later(kms: Kms, monkeypatch: pytest.MonkeyPatch) -> None:
    key = kms.opened(kms.new_key(), "http://127.0.0.1:9")

    with pytest.raises(MasterKeyUnavailableError) as refused:
        key.encrypt(b"data key", b"use")
    assert refused.value.retry_after_s
