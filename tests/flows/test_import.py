"""Real files with rotten rows go in, twice, without doubles, alerts or losses."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from support_copilot.connect.importer import ImportPlan, import_file
from support_copilot.connect.readers import UnreadableFileError
from support_copilot.connect.report import ImportReport
from support_copilot.db.models import Article, Customer, Issue, Job, Message, Resolution, Template
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_waiting


def run(resources: Resources, folder: Path, rows: list[dict[str, Any]], **plan: Any) -> ImportReport:
    path = folder / "desk.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return import_file(resources, path, ImportPlan(**({"kind": "issues", "source": "desk"} | plan)))


def count(resources: Resources, table: type) -> int:
    with resources.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


def an_issue(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Printer {number} prints blank labels",
        "description": "The labels come out white.",
        "created": "2026-01-05 08:00:00",
        "hours_to_resolve": "5.5",
        "resolution": "Set the paper size to 100 x 150 mm.",
        "priority": "Major",
        "requester_email": f"c{number}@example.com",
        **fields,
    }


def test_issues_arrive_with_customer_fix_and_times(resources: Resources, tmp_path: Path) -> None:
    report = run(resources, tmp_path, [an_issue(1)])

    with resources.database.read() as session:
        issue, fix = session.scalar(select(Issue)), session.scalar(select(Resolution))
    assert (report.created, report.rejected) == (1, 0)
    assert (issue.status, issue.severity, issue.severity_source) == ("resolved", "high", "import")
    assert (fix.text, fix.resolved_in_hours) == ("Set the paper size to 100 x 150 mm.", 5.5)


def test_a_second_run_changes_nothing(resources: Resources, tmp_path: Path) -> None:
    rows = [an_issue(number) for number in range(250)]
    run(resources, tmp_path, rows)

    report = run(resources, tmp_path, rows)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 250)
    assert (count(resources, Issue), count(resources, Customer), count(resources, Resolution)) == (250, 250, 250)


def test_a_changed_row_changes_the_issue_and_adds_what_was_said_since(resources: Resources, tmp_path: Path) -> None:
    turns = [{"speaker": "customer", "text": "It is broken"}]
    run(resources, tmp_path, [{"id": 1, "turns": turns, "status": "open"}])

    turns.append({"speaker": "agent", "text": "Please try again"})
    report = run(resources, tmp_path, [{"id": 1, "turns": turns, "status": "solved"}])

    with resources.database.read() as session:
        assert session.scalar(select(Issue.status)) == "resolved"
    assert report.updated == 1
    assert count(resources, Message) == 2


def test_a_persons_severity_survives_the_next_import(resources: Resources, client: TestClient, tmp_path: Path) -> None:
    run(resources, tmp_path, [an_issue(1)])
    issue_id = client.get("/v1/issues").json()["data"][0]["id"]
    client.patch(f"/v1/issues/{issue_id}", json={"severity": "low"})

    run(resources, tmp_path, [an_issue(1, priority="Blocker")])

    assert client.get(f"/v1/issues/{issue_id}").json()["severity"] == "low"


def test_rotten_rows_are_named_and_the_rest_arrives(resources: Resources, tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_bytes(
        b"id,subject,created_at,rating\n"
        b"1,first,2026-01-01,5\n"
        b"2,bad date,01/02/2026,5\n"
        b"3,bad rating,2026-01-01,11\n"
        b"4,\xff\xfe,2026-01-01,5\n"
        b"5,too,many,cells,here\n"
        b"6,last,2026-01-01,\n"
        b"7,seventh,2026-01-01,1\n"
    )

    report = import_file(resources, path, ImportPlan(kind="issues", source="desk"))

    assert (report.read, report.created, report.rejected) == (7, 3, 4)
    assert [(error.line, error.field) for error in report.errors] == [
        (3, "created_at"),
        (4, "rating"),
        (5, None),
        (6, None),
    ]


def test_the_same_id_twice_in_a_file_is_one_issue(resources: Resources, tmp_path: Path) -> None:
    report = run(resources, tmp_path, [an_issue(1), an_issue(1, priority="Blocker")])

    assert (report.created, report.updated) == (1, 1)
    assert count(resources, Issue) == 1


def test_a_dry_run_stores_nothing(resources: Resources, tmp_path: Path) -> None:
    report = run(resources, tmp_path, [an_issue(1), an_issue(2)], dry_run=True)

    assert report.created == 2
    assert count(resources, Issue) == 0


def test_an_import_is_silent(resources: Resources, tmp_path: Path) -> None:
    run(resources, tmp_path, [an_issue(number) for number in range(5)])

    assert count(resources, Job) == 0


def test_imported_issues_are_found_by_words_at_once_and_by_meaning_after_embedding(
    resources: Resources, client: TestClient, tmp_path: Path
) -> None:
    run(resources, tmp_path, [an_issue(1)])

    def similar() -> list[dict[str, Any]]:
        answer = client.post("/v1/analyze", json={"body": "labels are blank, printer prints white"})
        items: list[dict[str, Any]] = answer.json()["similar_issues"]["items"]
        return items

    assert [item["resolution"]["text"] for item in similar()] == ["Set the paper size to 100 x 150 mm."]
    assert embed_waiting(resources) == 1
    assert similar()[0]["similarity"] > 0.5


@pytest.mark.parametrize(
    ("kind", "row", "table"),
    [
        ("customers", {"id": 1, "name": "Ana", "email": "ana@example.com", "plan": "pro"}, Customer),
        ("articles", {"id": 1, "title": "Blank labels", "body": "Set the paper size.", "lang": "en"}, Article),
        ("templates", {"id": 1, "title": "Hello", "body": "Hello {{ customer.first_name }}"}, Template),
        ("templates", {"id": 1, "title": "Hi", "body": "Hi", "folder": "Greetings", "add_tags": "hi"}, Template),
    ],
)
def test_other_records_arrive_once(
    resources: Resources, tmp_path: Path, kind: str, row: dict[str, Any], table: type
) -> None:
    first = run(resources, tmp_path, [row], kind=kind)
    second = run(resources, tmp_path, [row], kind=kind)

    assert (first.created, second.unchanged) == (1, 1), (first.errors, second.errors)
    assert count(resources, table) == 1


def test_a_template_brings_its_folder_and_what_makes_it_a_macro(resources: Resources, tmp_path: Path) -> None:
    row = {
        "id": 1,
        "title": "Wish",
        "body": "Noted.",
        "folder": "Wishes",
        "add_tags": "wish, noted",
        "then_status": "solved",
    }
    assert run(resources, tmp_path, [row], kind="templates").created == 1
    with resources.database.read() as session:
        template = session.scalars(select(Template)).one()
        assert (template.folder, template.add_tags, template.then_status) == ("Wishes", ["wish", "noted"], "resolved")
    report = run(resources, tmp_path, [{**row, "then_status": "someday"}], kind="templates")
    assert [error.field for error in report.errors] == ["then_status"]


def test_messages_join_their_issue_and_strangers_are_refused(resources: Resources, tmp_path: Path) -> None:
    run(resources, tmp_path, [an_issue(1, status="open", hours_to_resolve="", resolution="")])
    rows = [
        {"ticket_id": 1, "author": "agent", "body": "Please check the paper size."},
        {"ticket_id": 99, "author": "agent", "body": "Nobody"},
    ]

    report = run(resources, tmp_path, rows, kind="messages")
    again = run(resources, tmp_path, rows, kind="messages")

    assert (report.created, report.rejected, report.errors[0].field) == (1, 1, "issue_id")
    assert again.unchanged == 1


def test_a_broken_template_is_refused_with_its_field(resources: Resources, tmp_path: Path) -> None:
    report = run(resources, tmp_path, [{"id": 1, "title": "Bad", "body": "Hello {{ customer."}], kind="templates")

    assert (report.created, report.rejected) == (0, 1)


def test_a_compressed_file_arrives_whole(resources: Resources, tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(an_issue(n)) + "\n" for n in range(450)).encode()))

    report = import_file(resources, path, ImportPlan(kind="issues", source="desk"))

    assert report.created == count(resources, Issue) == 450


def test_a_file_that_breaks_off_gives_all_rows_before_the_damage(resources: Resources, tmp_path: Path) -> None:
    rows = b"".join(json.dumps(an_issue(n)).encode() + b"\n" for n in range(300))
    whole = gzip.compress(rows, mtime=0)
    path = tmp_path / "desk.jsonl.gz"
    path.write_bytes(whole[: len(whole) * 9 // 10])

    report = import_file(resources, path, ImportPlan("issues", "desk"))

    assert "damaged" in (report.broken or "")
    assert report.as_json()["error"]["code"] == "unreadable_file"
    assert 200 < report.created == count(resources, Issue) < 300


def test_a_file_of_which_nothing_is_understood_is_refused_at_once(resources: Resources, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("foo,bar\n1,2\n3,4\n")

    with pytest.raises(UnreadableFileError, match="--map"):
        import_file(resources, path, ImportPlan("issues", "desk"))


def test_a_german_export_is_understood(resources: Resources, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(
        "Ticketnummer;Betreff;Beschreibung;Priorität;Status;Erstellt am;Gelöst am;Lösung\n"
        "7;Drucker geht nicht;Nur leere Seiten;hoch;Gelöst;01.02.2026 10:00;02.02.2026 11:30;Neuer Treiber\n".encode(
            "cp1252"
        )
    )

    report = import_file(resources, path, ImportPlan("issues", "export"))

    with resources.database.read() as session:
        issue = session.scalar(select(Issue))
    assert (report.created, report.unused_columns) == (1, [])
    assert (issue.severity, issue.status, issue.external_id) == ("high", "resolved", "7")
    assert (issue.created_at.day, issue.created_at.month, issue.resolved_at.minute) == (1, 2, 30)
