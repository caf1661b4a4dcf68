"""The audit trail over HTTP and at the command line."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from support_copilot.cli.main import app
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.models import Issue
from support_copilot.http.context import Origin
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.audit_heads import HeadKeeper
from support_copilot.identity.principal import Principal
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from support_copilot.settings import load_settings
from support_copilot.wiring import migrate_database

EVE = Principal("user", "usr_eve", "Eve", "admin", frozenset())


def record(resources: Resources, action: str, **fields: object) -> None:
    with resources.database.transaction() as session:
        record_audit(session, AuditEvent(action, resources.clock(), EVE, **fields))  # type: ignore[arg-type]


def test_events_are_listed_newest_first_page_by_page(client: TestClient, resources: Resources) -> None:
    for number in range(5):
        record(resources, "issue.edited", target=f"iss_{number}")

    first = client.get("/v1/audit", params={"limit": 3}).json()
    second = client.get("/v1/audit", params={"limit": 3, "cursor": first["next_cursor"]}).json()

    assert [event["target"] for event in first["data"] + second["data"]] == [f"iss_{n}" for n in (4, 3, 2, 1, 0)]
    assert second["next_cursor"] is None


def test_the_trail_is_verified_over_http(client: TestClient, resources: Resources) -> None:
    record(resources, "issue.edited", target="iss_1")
    record(resources, "issue.edited", target="iss_2")

    said = client.get("/v1/audit/verification").json()

    assert (said["whole"], said["guarded"], said["findings"]) == (True, True, [])
    assert said["events"] == said["head"]["seq"] >= 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_done_to_the_trail_is_told_over_http(client: TestClient, resources: Resources) -> None:
    for number in range(3):
        record(resources, "issue.edited", target=f"iss_{number}")
    with resources.database.transaction() as session:
        session.execute(text("DROP TRIGGER audit_events_no_delete"))
        session.execute(text("DELETE FROM audit_events WHERE seq = 2"))

    said = client.get("/v1/audit/verification").json()

    assert (said["whole"], said["guarded"]) == (False, False)
    assert ("missing", 2) in [(finding["kind"], finding["seq"]) for finding in said["findings"]]
    gone = next(finding for finding in said["findings"] if finding["kind"] == "missing")
    assert gone["detail_code"] == {"code": "trail.missing", "values": {"first": 2, "last": 2}}


@pytest.mark.parametrize(
    ("narrow", "count"),
    [
        ({"action": "issue.edited"}, 2),
        ({"actor": "usr_eve"}, 3),
        ({"actor": "usr_ada"}, 0),
        ({"target": "iss_1"}, 1),
        ({"outcome": "refused"}, 1),
        ({"occurred_after": "2026-03-02T09:00:00Z"}, 3),
        ({"occurred_before": "2026-03-02T09:00:00Z"}, 0),
    ],
)
def test_events_are_narrowed(client: TestClient, resources: Resources, narrow: dict[str, str], count: int) -> None:
    record(resources, "issue.edited", target="iss_1")
    record(resources, "issue.edited", target="iss_2")
    record(resources, "key.created", outcome="refused", reason="forbidden")

    assert len(client.get("/v1/audit", params=narrow).json()["data"]) == count


def test_lists_that_were_read_are_left_out_where_they_are_not_asked_for(
    client: TestClient, resources: Resources
) -> None:
    for action in ("issue.edited", "issues.read_in_bulk", "customers.read_in_bulk", "user.created"):
        record(resources, action)

    def told(**narrow: str) -> set[str]:
        return {event["action"] for event in client.get("/v1/audit", params=narrow).json()["data"]}

    changes = {"issue.edited", "user.created"}
    assert told(reads="false") == changes
    assert told() == changes | {"issues.read_in_bulk", "customers.read_in_bulk"}
    assert told(reads="true", action="issues.read_in_bulk") == {"issues.read_in_bulk"}
    known = client.get("/v1/audit/actions").json()["data"]
    assert known == sorted(changes | {"issues.read_in_bulk", "customers.read_in_bulk"})
    exported = client.get("/v1/audit/export", params={"reads": "false"}).text
    assert "issue.edited" in exported
    assert "read_in_bulk" not in exported


def test_the_export_holds_what_is_hashed_and_itself(client: TestClient, resources: Resources) -> None:
    record(resources, "issue.edited", before={"status": "open"}, after={"status": "resolved"})

    answer = client.get("/v1/audit/export")

    events = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [event["action"] for event in events] == ["issue.edited", "audit.exported"]
    assert (events[0]["before"], events[0]["seq"], len(events[0]["hash"])) == ({"status": "open"}, 1, 64)


def test_no_cell_of_the_csv_is_a_formula(client: TestClient, resources: Resources) -> None:
    record(resources, "issue.edited", origin=Origin("http", user_agent='=HYPERLINK("http://evil.example")'))

    answer = client.get("/v1/audit/export", params={"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0]["user_agent"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[1]["action"] == "audit.exported"


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A data folder with three events, whose head was kept after the second."""
    database = open_database(DatabaseConfig(), str(tmp_path / "support-copilot.db"))
    migrate_database(load_settings(data_dir=tmp_path), database)
    write(database, 2)
    HeadKeeper(database, tmp_path / "audit-heads.jsonl", utc_now).keep()
    write(database, 1)
    database.close()
    return tmp_path


def write(database: Database, count: int) -> None:
    for _ in range(count):
        with database.transaction() as session:
            record_audit(session, AuditEvent("issue.edited", utc_now(), EVE))


def verify(folder: Path, *options: str) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(app, ["audit", "verify", "--json", "--data-dir", str(folder), *options])
    return result.exit_code, json.loads(result.stdout)


def test_verify_says_that_the_trail_is_whole(installation: Path) -> None:
    code, said = verify(installation)

    assert code == 0
    assert (said["whole"], said["events"], said["heads_compared"], said["guarded"]) == (True, 3, 1, True)


def test_verify_finds_an_end_that_was_cut_off_with_all_traces(installation: Path) -> None:
    with sqlite3.connect(installation / "support-copilot.db") as connection:
        connection.execute("DROP TRIGGER audit_events_no_delete")
        connection.execute("DELETE FROM audit_events WHERE seq > 1")
        connection.execute("UPDATE counters SET value = 1 WHERE name = 'audit_events'")
    connection.close()

    code, said = verify(installation)

    assert (code, said["whole"], said["guarded"]) == (1, False, False)
    assert [finding["kind"] for finding in said["findings"]] == ["cut_off"]  # type: ignore[index, attr-defined]


def test_verify_compares_a_head_from_a_log(installation: Path) -> None:
    code, said = verify(installation, "--head", f"3:{'0' * 64}")

    assert code == 1
    assert [finding["kind"] for finding in said["findings"]] == ["rewritten"]  # type: ignore[index, attr-defined]


def test_verify_refuses_a_head_in_another_form(installation: Path) -> None:
    code, said = verify(installation, "--head", "three")

    assert code == 1
    assert "error" in said


def test_who_only_looks_at_an_issue_edits_nothing(client: TestClient, resources: Resources) -> None:
    told = [NewMessage("customer", "The parcel never came. This is the third time, I am really angry.")]
    with resources.database.transaction() as session:
        issue_id = insert_issue(session, NewIssue("Parcel", "email", told), now=utc_now()).issue.id

    assert client.get(f"/v1/issues/{issue_id}/panel").status_code == 200

    with resources.database.read() as session:
        assert session.get(Issue, issue_id).rating_risk is not None
    events = client.get("/v1/audit", params={"target": issue_id}).json()["data"]
    assert [event["action"] for event in events if event["action"] != "issue.read"] == []
