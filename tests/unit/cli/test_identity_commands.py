"""Commands about keys and people."""

from pathlib import Path

import pytest

from tests.unit.cli.calls import answer, call


def test_a_key_is_made_rotated_and_revoked(tmp_path: Path) -> None:
    made = answer(call("key", "create", "--name", "shop", "--role", "machine", "--json", data_dir=tmp_path))
    assert set(made) == {"id", "key"}
    assert made["key"].startswith("sck_")

    turned = answer(call("key", "rotate", made["id"], "--json", data_dir=tmp_path))
    assert turned["id"] == made["id"]
    assert turned["key"] != made["key"]
    assert answer(call("key", "revoke", made["id"], "--json", data_dir=tmp_path)) == {"id": made["id"], "revoked": True}
    again = call("key", "rotate", made["id"], "--json", data_dir=tmp_path)
    assert (again.exit_code, answer(again)["error"]["code"]) == (1, "key_revoked")


def test_scopes_may_be_listed_in_one_word(tmp_path: Path) -> None:
    command = ("key", "create", "--name", "x", "--role", "agent", "--json", "--scopes")
    assert call(*command, "issues.read,issues.create", data_dir=tmp_path).exit_code == 0
    assert answer(call(*command, "everything", data_dir=tmp_path))["error"]["code"] == "invalid_request"


@pytest.mark.parametrize("arguments", [("--name", "x", "--role", "god"), ("--name", "x"), ("--role", "agent")])
def test_wrong_use_is_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert call("key", "create", *arguments, data_dir=tmp_path).exit_code == 2


def test_a_blank_name_is_refused(tmp_path: Path) -> None:
    refused = call("key", "create", "--name", " ", "--role", "agent", "--json", data_dir=tmp_path)

    assert (refused.exit_code, answer(refused)["error"]["code"]) == (1, "invalid_request")


def test_signing_keys_are_rotated(tmp_path: Path) -> None:
    first = answer(call("key", "rotate-signing", "--json", data_dir=tmp_path))["kid"]
    second = answer(call("key", "rotate-signing", "--at-once", "--json", data_dir=tmp_path))["kid"]

    assert first != second


def test_people_are_made_listed_changed_and_shut_out(tmp_path: Path) -> None:
    person = ("--email", "Ana@Example.com", "--name", "Ana", "--role", "admin")
    made = answer(call("user", "create", *person, "--json", data_dir=tmp_path))
    assert "/reset-password#token=" in made["password_link"]
    assert answer(call("user", "create", *person, "--json", data_dir=tmp_path))["error"]["code"] == "email_taken"

    (listed,) = answer(call("user", "list", "--json", data_dir=tmp_path))["users"]
    assert (listed["id"], listed["email"], listed["role"]) == (made["id"], "ana@example.com", "admin")
    assert call("user", "list", data_dir=tmp_path).exit_code == 0
    last = call("user", "edit", "ana@example.com", "--disable", "--json", data_dir=tmp_path)
    assert answer(last)["error"]["code"] == "last_admin"

    other = ("--email", "bea@example.com", "--name", "Bea", "--role", "admin")
    call("user", "create", *other, data_dir=tmp_path)
    changed = answer(call("user", "edit", made["id"], "--role", "agent", "--disable", "--json", data_dir=tmp_path))
    assert changed == {"id": made["id"], "role": "agent", "disabled": True}
    link = answer(call("user", "password-link", "bea@example.com", "--json", data_dir=tmp_path))
    assert "#token=" in link["password_link"]
    assert call("user", "remove-second-factor", "bea@example.com", data_dir=tmp_path).exit_code == 0


@pytest.mark.parametrize(("who", "code"), [("nobody@example.com", "not_found"), ("no-address", "invalid_request")])
def test_who_is_not_there_is_said(tmp_path: Path, who: str, code: str) -> None:
    assert answer(call("user", "password-link", who, "--json", data_dir=tmp_path))["error"]["code"] == code


def test_a_link_for_this_machine_is_printed(tmp_path: Path) -> None:
    link = answer(call("user", "link", "--json", data_dir=tmp_path))["link"]

    assert link.startswith("http://127.0.0.1:8321/v1/auth/link?token=")
