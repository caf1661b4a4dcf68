"""Commands about encryption keys."""

import os
import stat
from pathlib import Path

import pytest

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import open_database
from support_copilot.identity.audit_queries import AuditFilter, all_events
from tests.unit.cli.calls import answer, call


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    customers = tmp_path / "customers.jsonl"
    customers.write_text('{"id": "C-1", "name": "Ana Kim", "email": "ana@example.com"}\n', encoding="utf-8")
    assert call("import", str(customers), "--kind", "customers", "--json", data_dir=folder).exit_code == 0
    return folder


def test_keys_are_rotated_shown_and_written_down(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_ENCRYPTION__REFRESH_S", "0.01")

    done = answer(call("encryption", "rotate", "--json", data_dir=data_dir))
    shown = answer(call("encryption", "status", "--json", data_dir=data_dir))["generations"]

    assert done == {"generation": 2, "moved": 1, "resumed": False, "unreadable": []}
    assert [(each["state"], each["values"]) for each in shown] == [("retired", 0), ("active", 2)]
    assert "Generation" in call("encryption", "status", data_dir=data_dir).stderr
    assert "encryption.rotated" in actions(data_dir)


def test_the_master_key_is_changed_for_one_that_was_made(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new.key"
    assert answer(call("encryption", "create-key", "--file", str(new), "--json", data_dir=None)) == {"file": str(new)}
    assert os.name == "nt" or stat.S_IMODE(new.stat().st_mode) == 0o600

    assert answer(call("encryption", "rewrap", "--file", str(new), "--json", data_dir=data_dir))["generations"] == 1

    refused = call("encryption", "status", "--json", data_dir=data_dir)
    assert (refused.exit_code, answer(refused)["error"]["code"]) == (1, "master_key_unusable")
    monkeypatch.setenv("SUPPORT_COPILOT_ENCRYPTION__PATH", str(new))
    assert call("encryption", "status", "--json", data_dir=data_dir).exit_code == 0
    assert "encryption.master_key_changed" in actions(data_dir)


def test_a_key_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    call("encryption", "create-key", "--file", str(file), data_dir=None)
    before = file.read_bytes()

    again = call("encryption", "create-key", "--file", str(file), "--json", data_dir=None)

    assert (again.exit_code, answer(again)["error"]["code"]) == (1, "master_key_unusable")
    assert file.read_bytes() == before


@pytest.mark.parametrize("given", [(), ("--file", "x", "--kms-key-arn", "arn:aws:kms:eu-central-1:1:key/1")])
def test_one_new_master_key_is_wanted(data_dir: Path, given: tuple[str, ...]) -> None:
    refused = call("encryption", "rewrap", *given, "--json", data_dir=data_dir)

    assert answer(refused)["error"]["code"] == "invalid_request"


def actions(data_dir: Path) -> list[str]:
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    found = [row.action for row in all_events(database, AuditFilter())]
    database.close()
    return found
