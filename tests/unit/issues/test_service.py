"""The life of an issue, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import Database
from support_copilot.db.models import Conversation, Issue, Job, Message, Resolution, SearchDocument
from support_copilot.identity.visibility import IssueNotFoundError
from support_copilot.issues import service
from support_copilot.issues.documents import customer_words, issue_document, put_issue_document
from support_copilot.issues.queries import IssueRecord, load_issue
from support_copilot.issues.service import (
    AlreadyResolvedError,
    IssueFullError,
    NewIssue,
    NewMessage,
    NewResolution,
    append_message,
    edit_issue,
    insert_issue,
    resolve_issue,
)
from support_copilot.kit.errors import StaleVersionError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)


def opened(database: Database, *messages: NewMessage, **given: object) -> IssueRecord:
    texts = messages or (NewMessage("customer", "The app closes when I log in."),)
    new = NewIssue(subject="Login fails", channel="email", messages=texts, **given)  # type: ignore[arg-type]
    with database.transaction() as session:
        record = insert_issue(session, new, now=NOW)
        put_issue_document(session, record, None, None)
    return record


def reread(database: Database, record: IssueRecord) -> IssueRecord:
    with database.read() as session:
        return load_issue(session, record.issue.id)


def filters_of(database: Database, record: IssueRecord) -> dict[str, str]:
    with database.read() as session:
        row = session.get(SearchDocument, record.issue.id)
    assert row is not None
    return row.filters


def jobs(database: Database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job)))


def test_an_issue_is_stored_with_its_conversation_and_messages(database: Database) -> None:
    record = opened(
        database,
        NewMessage("customer", "It fails.\r\nSince Monday.\x00"),
        NewMessage("agent", "Which version?", created_at=NOW + timedelta(minutes=3)),
        tags=["login", "app", "login"],
    )
    stored = reread(database, record)
    assert [(m.position, m.author, m.body) for m in stored.messages] == [
        (0, "customer", "It fails.\nSince Monday."),
        (1, "agent", "Which version?"),
    ]
    assert stored.issue.tags == ["login", "app"]
    assert stored.issue.first_response_at == NOW + timedelta(minutes=3)
    assert (stored.issue.status, stored.issue.version, stored.issue.created_at) == ("open", 1, NOW)
    assert stored.issue.updated_at == NOW + timedelta(minutes=3)


def test_html_is_sanitised_before_it_is_stored(database: Database) -> None:
    record = opened(database, NewMessage("customer", "Hi", body_html="<p>Hi<script>alert(1)</script></p>"))
    assert reread(database, record).messages[0].body_html == "<p>Hi</p>"


@pytest.mark.parametrize(
    "text", ["\u0634\u0643\u0631\u0627 \u200frtl \U0001f389", "<b>x</b>", "a" * 900_000, "\ud800 half"]
)
def test_any_text_can_be_stored(database: Database, text: str) -> None:
    record = opened(database, NewMessage("customer", text))
    assert reread(database, record).messages[0].body == text.replace("\ud800", "")


def test_the_same_reference_twice_is_refused(database: Database) -> None:
    opened(database, external_source="desk", external_id="7")
    with pytest.raises(IntegrityError):
        opened(database, external_source="desk", external_id="7")


def test_a_past_issue_keeps_its_times(database: Database) -> None:
    ended = NOW - timedelta(days=3)
    record = opened(database, status="resolved", created_at=NOW - timedelta(days=4), resolved_at=ended)
    stored = reread(database, record).issue
    assert (stored.created_at, stored.resolved_at, stored.updated_at) == (NOW - timedelta(days=4), ended, ended)
    with database.read() as session:
        assert session.scalar(select(Conversation.ended_at)) == ended


def test_a_message_is_appended_and_the_first_reply_noted(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        append_message(session, record.issue, NewMessage("agent", "internal", visibility="internal"), now=NOW)
        append_message(session, record.issue, NewMessage("agent", "Hello"), now=LATER)
    stored = reread(database, record)
    assert [m.position for m in stored.messages] == [0, 1, 2]
    assert stored.issue.first_response_at == LATER
    assert (stored.issue.version, stored.issue.updated_at) == (3, LATER)


def test_an_issue_holds_only_so_many_messages(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_MESSAGES", 2)
    record = opened(database)
    with database.transaction() as session:
        append_message(session, record.issue, NewMessage("agent", "Hello"), now=NOW)
    with database.transaction() as session, pytest.raises(IssueFullError):
        append_message(session, record.issue, NewMessage("agent", "again"), now=NOW)


def test_resolving_ends_the_conversation_keeps_the_fix_and_asks_for_a_summary(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        fix = resolve_issue(
            session, record.issue.id, NewResolution(" Cleared the cache. ", ["Open\nsettings"]), now=LATER
        )
    stored = reread(database, record).issue
    assert (stored.status, stored.resolved_at, stored.version) == ("resolved", LATER, 2)
    assert (fix.text, fix.steps, fix.resolved_in_hours) == ("Cleared the cache.", ["Open settings"], 5.0)
    assert filters_of(database, record) == {"status": "resolved", "has_fix": "yes"}
    (job,) = jobs(database)
    assert job.name == "summarization.summarize_issue"
    assert job.payload == {"issue_id": record.issue.id, "conversation_id": fix.conversation_id}


def test_a_resolved_issue_is_not_resolved_again(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        resolve_issue(session, record.issue.id, NewResolution("Done."), now=NOW)
    with database.transaction() as session, pytest.raises(AlreadyResolvedError):
        resolve_issue(session, record.issue.id, NewResolution("Done again."), now=NOW)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Resolution)) == 1


def test_the_customer_coming_back_reopens_the_issue(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        resolve_issue(session, record.issue.id, NewResolution("Cleared the cache."), now=NOW)
    with database.transaction() as session:
        message = append_message(session, record.issue, NewMessage("customer", "It is back."), now=LATER)
    stored = reread(database, record).issue
    assert (stored.status, stored.resolved_at, stored.reopened_count) == ("open", None, 1)
    assert filters_of(database, record) == {"status": "open", "has_fix": "yes"}
    with database.read() as session:
        newest = session.scalar(select(Conversation).order_by(Conversation.sequence.desc()).limit(1))
        assert (newest.id, newest.sequence, newest.ended_at) == (message.conversation_id, 1, None)
        assert session.scalar(select(Resolution.reopened)) is True


def test_hours_of_a_second_fix_count_from_the_reopening(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        resolve_issue(session, record.issue.id, NewResolution("First."), now=LATER)
        append_message(session, record.issue, NewMessage("customer", "Back."), now=LATER + timedelta(hours=10))
        fix = resolve_issue(session, record.issue.id, NewResolution("Second."), now=LATER + timedelta(hours=12))
    assert fix.resolved_in_hours == 2.0
    assert len(jobs(database)) == 2


@pytest.mark.parametrize(
    "message",
    [
        NewMessage("agent", "Anything else?"),
        NewMessage("customer", "forwarded", visibility="internal"),
        NewMessage("customer", "said before the end", created_at=NOW - timedelta(hours=1)),
    ],
)
def test_other_messages_do_not_reopen(database: Database, message: NewMessage) -> None:
    record = opened(database)
    with database.transaction() as session:
        resolve_issue(session, record.issue.id, NewResolution("Done."), now=NOW)
        append_message(session, record.issue, message, now=LATER)
    stored = reread(database, record).issue
    assert (stored.status, stored.reopened_count) == ("resolved", 0)


def test_a_persons_word_on_severity_and_category_is_marked_as_such(database: Database) -> None:
    record = opened(database, severity="low", severity_source="model")
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"severity": "high", "category": "login"}, now=LATER)
    stored = reread(database, record).issue
    assert (stored.severity, stored.severity_source) == ("high", "agent")
    assert (stored.category, stored.category_source) == ("login", "agent")
    assert filters_of(database, record)["category"] == "login"


def test_an_edit_of_an_old_reading_is_refused(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"assignee": "kim"}, if_match='"1"', now=LATER)
    with database.transaction() as session, pytest.raises(StaleVersionError):
        edit_issue(session, record.issue.id, {"assignee": "lee"}, if_match='"1"', now=LATER)
    assert reread(database, record).issue.assignee == "kim"


def test_closing_and_taking_up_again_by_hand(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"status": "closed"}, now=NOW)
    assert reread(database, record).issue.resolved_at == NOW
    assert [job.name for job in jobs(database)] == ["summarization.summarize_issue"]
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"status": "pending"}, now=LATER)
    stored = reread(database, record).issue
    assert (stored.status, stored.resolved_at, stored.reopened_count) == ("pending", None, 1)


def test_a_rating_can_be_given_and_taken_away(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"rating": (5, "Quick!")}, now=NOW)
    assert reread(database, record).issue.rating_comment == "Quick!"
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {"rating": None}, now=NOW)
    assert reread(database, record).issue.rating is None


def test_an_empty_edit_changes_nothing(database: Database) -> None:
    record = opened(database)
    with database.transaction() as session:
        edit_issue(session, record.issue.id, {}, now=LATER)
    assert reread(database, record).issue.version == 1


def test_unknown_issues_are_named_as_such(database: Database) -> None:
    for issue_id in ("iss_0", "cus_01j9z3k6w8f5v9m2q4x7c1b0ad", "", "'; DROP TABLE issues; --", "é" * 300):
        with database.transaction() as session, pytest.raises(IssueNotFoundError):
            resolve_issue(session, issue_id, NewResolution("x"), now=NOW)


def test_the_document_holds_only_what_the_customer_said_in_public(database: Database) -> None:
    record = opened(
        database,
        NewMessage("customer", "The invoice is wrong."),
        NewMessage("agent", "We look into it."),
        NewMessage("agent", "Customer is difficult.", visibility="internal"),
        NewMessage("customer", "Forwarded privately.", visibility="internal"),
        NewMessage("customer", "Any news?"),
    )
    document = issue_document(record, has_fix=True)
    assert document.title == "Login fails"
    assert document.body == "The invoice is wrong.\nAny news?"
    assert document.filters == {"status": "open", "has_fix": "yes"}


def test_words_of_a_customer_are_capped() -> None:
    words = customer_words(NewMessage("customer", f"Message {n}. " + "word " * 500) for n in range(1000))
    assert len(words) <= 6000
    assert words.startswith("Message 0.")


def test_ten_thousand_messages_are_stored_at_once(database: Database) -> None:
    record = opened(database, *(NewMessage("customer", f"line {n}") for n in range(10_000)))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 10_000
        assert session.scalar(select(func.count()).select_from(Issue)) == 1
    with database.transaction() as session, pytest.raises(IssueFullError):
        append_message(session, record.issue, NewMessage("customer", "one more"), now=NOW)
