"""The trail: written with the change, numbered without gaps, without personal values, refused to be changed."""

import itertools
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from support_copilot.db.engine import Database
from support_copilot.db.models import AuditEntry, Customer
from support_copilot.http.context import Origin, working_on_job
from support_copilot.identity.audit import GENESIS, AuditEvent, chain_head, entry_hash, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.ids import new_id

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
ADA = Principal("user", "usr_ada", "Ada", "agent", frozenset())


def record(database: Database, action: str = "issue.edited", **fields: object) -> str:
    with database.transaction() as session:
        return record_audit(session, AuditEvent(action, NOW, ADA, **fields))  # type: ignore[arg-type]


def entries(database: Database) -> list[AuditEntry]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def test_an_event_says_who_what_when_and_from_where(database: Database) -> None:
    came = Origin("http", "192.0.2.7", "curl/8", "req-1")

    identifier = record(database, target="iss_1", origin=came)

    (entry,) = entries(database)
    assert identifier == entry.id
    assert (entry.actor_kind, entry.actor, entry.target) == ("user", "usr_ada", "iss_1")
    assert (entry.action, entry.outcome) == ("issue.edited", "done")
    assert entry.occurred_at == NOW
    assert (entry.via, entry.address, entry.user_agent, entry.request_id) == ("http", "192.0.2.7", "curl/8", "req-1")


def test_what_a_job_does_comes_from_the_job(database: Database) -> None:
    with working_on_job("job_1"):
        record(database)

    (entry,) = entries(database)
    assert (entry.via, entry.request_id) == ("job", "job_1")


def test_values_of_fields_that_may_hold_anything_are_left_out(database: Database) -> None:
    team = new_id("issue")
    before = {"status": "open", "email": "ada@example.com", "notes": "calls herself Ada", "plan": "free", "link": None}
    after = {"status": "resolved", "email": "eve@example.com", "notes": "Eve", "plan": "free", "link": team}

    record(database, before=before, after=after)

    (entry,) = entries(database)
    assert entry.changed == ["email", "link", "notes", "status"]
    assert (entry.before, entry.after) == ({"status": "open"}, {"status": "resolved", "link": team})


def test_what_rules_said_before_and_after_is_kept_but_not_their_words(database: Database) -> None:
    record(database, before={"money": "withhold", "drafts": None, "own_words": ["a"]},
           after={"money": "off", "drafts": 30, "own_words": ["b"]})  # fmt: skip

    (entry,) = entries(database)
    assert (entry.before, entry.after) == ({"money": "withhold", "drafts": None}, {"money": "off", "drafts": 30})
    assert "own_words" in entry.changed


def test_the_event_shares_the_fate_of_the_change(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:  # noqa: PT012  # the change and its failure
        session.add(Customer(id="cus_1", name="Ada", attributes={}, created_at=NOW, updated_at=NOW, version=1))
        record_audit(session, AuditEvent("customer.created", NOW, ADA))
        raise RuntimeError("stop")

    record(database)

    assert [entry.seq for entry in entries(database)] == [1]


def test_each_event_is_chained_to_the_one_before(database: Database) -> None:
    with database.transaction() as session:
        record_audit(session, AuditEvent("a.done", NOW, ADA, after={"count": 2, "scopes": {"write", "read"}}))
        record_audit(session, AuditEvent("b.done", NOW, None, outcome="refused", reason="wrong_password"))
    record(database)

    previous = GENESIS
    for entry in entries(database):
        assert entry.hash == entry_hash(previous, entry)
        previous = entry.hash
    with database.read() as session:
        head = chain_head(session)
    assert (head.seq, head.hash) == (3, previous)


def test_many_writers_leave_no_gap_and_one_chain(database: Database) -> None:
    def write() -> None:
        for _ in range(10):
            record(database)

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    written = entries(database)
    assert [entry.seq for entry in written] == list(range(1, 61))
    assert all(now.hash == entry_hash(before.hash, now) for before, now in itertools.pairwise(written))


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET actor = 'eve'", "DELETE FROM audit_events"])
def test_the_database_itself_refuses_changes(database: Database, statement: str) -> None:
    record(database)

    with pytest.raises(DBAPIError, match="audit events are never"), database.transaction() as session:
        session.execute(text(statement))
