"""Rows become records, or a sentence that names the field and repeats nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support_copilot.connect.rows import customer_row, issue_row, message_row
from support_copilot.connect.values import CellError, as_moment


def refusal(fields: dict[str, Any]) -> CellError:
    with pytest.raises(CellError) as caught:
        issue_row(fields)
    return caught.value


def test_a_resolved_issue_takes_its_end_from_its_duration() -> None:
    row = issue_row(
        {"external_id": 7, "subject": "Cannot log in", "created_at": "2026-01-01 08:00:00", "resolved_in_hours": "1.5"}
    )

    assert row.given["resolved_at"] == datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
    assert row.given["status"] == "resolved"


def test_a_conversation_gives_subject_and_messages() -> None:
    turns = [{"speaker": "customer", "text": "My order is late"}, {"speaker": "agent", "text": "Let me look"}]

    row = issue_row({"external_id": "a", "messages": turns})

    assert row.subject == "My order is late"
    assert [(message.author, message.body) for message in row.messages] == [
        ("customer", "My order is late"),
        ("agent", "Let me look"),
    ]


def test_a_row_without_id_gets_the_same_one_each_time() -> None:
    assert issue_row({"subject": "A"}).external_id == issue_row({"subject": "A"}).external_id
    assert issue_row({"subject": "A"}).external_id != issue_row({"subject": "B"}).external_id


@pytest.mark.parametrize(
    ("word", "severity"),
    [("Blocker", "critical"), ("P1", "critical"), ("Major", "high"), ("3 - Moderate", "medium"), ("trivial", "low")],
)
def test_usual_words_for_severity_are_understood(word: str, severity: str) -> None:
    assert issue_row({"subject": "A", "severity": word}).given["severity"] == severity


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "subject"),
        ({"subject": "A", "status": "secret-status"}, "status"),
        ({"subject": "A", "severity": "purple"}, "severity"),
        ({"subject": "A", "created_at": "03/04/2026"}, "created_at"),
        ({"subject": "A", "rating": "9"}, "rating"),
        ({"subject": "A", "rating": "nan"}, "rating"),
        ({"subject": "A", "body": "x" * 1_000_001}, "body"),
        ({"subject": "A", "body": {"deep": True}}, "body"),
        ({"subject": "A", "messages": "text"}, "messages"),
        ({"subject": "A", "messages": [{}] * 10_001}, "messages"),
        ({"subject": "A", "messages": [{"author": "alien", "body": "x"}]}, "messages.0.author"),
        ({"subject": "A", "created_at": "2026-01-02", "resolved_at": "2026-01-01"}, "resolved_at"),
        ({"subject": "A", "customer_email": "no-address"}, "email"),
        ({"subject": "A", "language": "klingonisch!"}, "language"),
    ],
)
def test_a_bad_field_is_named_and_not_repeated(fields: dict[str, Any], field: str) -> None:
    error = refusal(fields)

    assert error.field == field
    assert "secret-status" not in error.reason
    assert "purple" not in error.reason


def test_controls_and_broken_halves_are_left_out_of_texts() -> None:
    row = issue_row({"subject": "A\x00B", "body": "x\ud800y\u202e"})

    assert (row.subject, row.messages[0].body) == ("AB", "xy\u202e")


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01T08:00:00Z",
        "2026-01-01 09:00:00+01:00",
        "1767254400",
        1767254400000,
        "Thu, 01 Jan 2026 08:00:00 +0000",
    ],
)
def test_moments_of_usual_forms_are_understood(value: object) -> None:
    assert as_moment("created_at", value) == datetime(2026, 1, 1, 8, tzinfo=UTC)


def test_a_customer_needs_something_to_be_known_by() -> None:
    with pytest.raises(CellError, match="needs an id"):
        customer_row({"plan": "pro"})


def test_an_address_is_kept_in_lower_case() -> None:
    assert customer_row({"email": "Ada@Example.COM"}).email == "ada@example.com"


def test_an_internal_note_stays_internal() -> None:
    assert message_row({"issue_id": "1", "body": "x", "visibility": "private"}).message.visibility == "internal"


def test_texts_that_an_export_escaped_are_read_as_they_were_written() -> None:
    row = issue_row(
        {
            "subject": "Tom &amp; Ana can&#39;t log in",
            "messages": [{"body": "5 &gt; 4, &amp;lt;b&amp;gt;"}, {"body": "the page shows <b> and &lt;i&gt;"}],
            "customer_name": "O&#39;Brien &amp; Co",
            "resolution": "Set &quot;UTF-8&quot;.",
        }
    )

    assert row.subject == "Tom & Ana can't log in"
    assert [message.body for message in row.messages] == ["5 > 4, &lt;b&gt;", "the page shows <b> and &lt;i&gt;"]
    assert row.resolution == 'Set "UTF-8".'
    assert row.customer is not None
    assert row.customer.name == "O'Brien & Co"


def test_html_and_ids_are_left_as_they_are() -> None:
    row = issue_row({"external_id": "A&amp;B", "messages": [{"body": "x", "body_html": "<p>5 &gt; 4</p>"}]})

    assert (row.external_id, row.messages[0].body_html) == ("A&amp;B", "<p>5 &gt; 4</p>")
