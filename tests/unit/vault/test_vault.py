"""The vault: what it seals opens only where it belongs, and only with its keys."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support_copilot.backends.master_key.file import FileMasterKey
from support_copilot.backends.master_key.port import MasterKeyError
from support_copilot.db.engine import Database
from support_copilot.db.models import EncryptionKey
from support_copilot.vault.vault import UnreadableError, Vault, open_vault
from tests.conftest import open_test_vault

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(plaintext=st.binary(max_size=5000), context=st.text(st.characters(codec="utf-8")))
def test_what_goes_in_comes_out(vault: Vault, plaintext: bytes, context: str) -> None:
    sealed = vault.encrypt("test.field", plaintext, context)

    assert vault.decrypt("test.field", sealed, context) == plaintext
    assert len(sealed) == len(plaintext) + 33


def test_the_same_value_looks_different_each_time(vault: Vault) -> None:
    assert vault.encrypt("test.field", b"ana", "cus_1") != vault.encrypt("test.field", b"ana", "cus_1")


@pytest.mark.parametrize(("purpose", "context"), [("test.other", "cus_1"), ("test.field", "cus_2"), ("test", "field")])
def test_a_value_opens_only_where_it_belongs(vault: Vault, purpose: str, context: str) -> None:
    sealed = vault.encrypt("test.field", b"ana", "cus_1")

    with pytest.raises(UnreadableError):
        vault.decrypt(purpose, sealed, context)


def test_no_bit_of_a_ciphertext_can_be_changed(vault: Vault) -> None:
    sealed = vault.encrypt("test.field", b"ana", "cus_1")

    for place in range(len(sealed)):
        forged = bytearray(sealed)
        forged[place] ^= 1
        with pytest.raises(UnreadableError):
            vault.decrypt("test.field", bytes(forged), "cus_1")


@pytest.mark.parametrize("garbage", [b"", b"\1", b"ana@example.com", b"\0" * 200])
def test_what_is_no_ciphertext_is_refused(vault: Vault, garbage: bytes) -> None:
    with pytest.raises(UnreadableError):
        vault.decrypt("test.field", garbage, "cus_1")


def test_blind_indexes_are_equal_for_equal_values_of_one_purpose_only(vault: Vault) -> None:
    index = vault.blind_indexes("customers.email", "ana@example.com")

    assert index == vault.blind_indexes("customers.email", "ana@example.com")
    assert len(index) == 1
    assert len(index[0]) == 16
    assert index != vault.blind_indexes("customers.phone", "ana@example.com")
    assert index != vault.blind_indexes("customers.email", "bob@example.com")


def test_signatures_hold_for_their_message_alone(vault: Vault) -> None:
    signature = vault.sign("downloads", "att_1|1800000000")

    assert vault.verify("downloads", "att_1|1800000000", signature)
    assert not vault.verify("downloads", "att_1|1800000001", signature)
    assert not vault.verify("other", "att_1|1800000000", signature)
    assert not vault.verify("downloads", "att_1|1800000000", signature[:-1])
    assert not vault.verify("downloads", "att_1|1800000000", b"")


def test_another_process_opens_the_same_keys(database: Database, vault: Vault) -> None:
    sealed = vault.encrypt("test.field", b"ana", "cus_1")

    assert open_test_vault(database).decrypt("test.field", sealed, "cus_1") == b"ana"


def test_a_wrong_master_key_is_refused_with_a_sentence(database: Database, vault: Vault) -> None:
    other = FileMasterKey(b"\7" * 32, Path("other.key"))

    with pytest.raises(MasterKeyError, match=r"encrypted under the master key file:[0-9a-f]{16}, and"):
        open_vault(database, other, refresh_s=1, clock=lambda: NOW)


def test_damaged_data_keys_are_named(database: Database, vault: Vault) -> None:
    with database.transaction() as session:
        row = session.lock(EncryptionKey, 1)
        assert row is not None
        row.data_key = row.data_key[:-1] + bytes([row.data_key[-1] ^ 1])

    with pytest.raises(MasterKeyError, match="they are damaged"):
        open_test_vault(database)


def test_two_processes_that_start_at_once_agree_on_the_keys(database: Database) -> None:
    first, second = open_test_vault(database), open_test_vault(database)

    assert second.decrypt("test.field", first.encrypt("test.field", b"x", "1"), "1") == b"x"
    with database.read() as session:
        assert session.get(EncryptionKey, 2) is None
