"""Every way of tampering with the trail is found, and an untouched one is whole."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from support_copilot.db.engine import Database
from support_copilot.identity.audit import AuditEvent, Head, chain_head, record_audit
from support_copilot.identity.audit_chain import TrailTamperedError, Verification, seal_before, verify_chain
from support_copilot.identity.audit_heads import HeadKeeper, parse_head, read_heads
from support_copilot.kit.errors import InvalidRequestError

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def write_days(database: Database, count: int, *, first: int = 0) -> None:
    """One event a day."""
    for day in range(first, first + count):
        with database.transaction() as session:
            record_audit(session, AuditEvent("issue.edited", START + day * DAY, None, target=f"iss_{day}"))


def head_of(database: Database) -> Head:
    with database.read() as session:
        return chain_head(session)


@contextmanager
def unguarded(database: Database) -> Iterator[Callable[[str], None]]:
    """Statements of somebody who owns the database and has taken the triggers away; put back at the end."""
    names = ("audit_events_no_update", "audit_events_no_delete")
    with database.transaction() as session:
        if database.is_sqlite:
            named = "SELECT sql FROM sqlite_master WHERE name = "
            kept = [str(session.scalar(text(f"{named}'{name}'"))) for name in names]
        else:
            kept = [str(session.execute(text(f"SHOW CREATE TRIGGER {name}")).one()[2]) for name in names]
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))

    def run(statement: str) -> None:
        with database.transaction() as session:
            session.execute(text(statement))

    try:
        yield run
    finally:
        for statement in kept:
            run(statement)


def kinds(result: Verification) -> list[tuple[str, int]]:
    return [(finding.kind, finding.seq) for finding in result.findings]


def test_an_untouched_trail_is_whole(database: Database) -> None:
    write_days(database, 10)

    result = verify_chain(database, [head_of(database)])

    assert (result.findings, result.events, result.heads_compared, result.guarded) == ((), 10, 1, True)
    assert result.head == head_of(database)


def test_an_empty_trail_is_whole(database: Database) -> None:
    assert verify_chain(database).findings == ()


@pytest.mark.parametrize(
    "change",
    [
        "id = 'aud_other'", "occurred_at = '2026-01-01 00:00:00'", "action = 'issue.read'", "outcome = 'failed'",
        "actor_kind = 'user'", "actor = 'usr_eve'", "target = 'iss_x'", "reason = 'x'", "changed = '[\"a\"]'",
        "after = '{\"a\": 1}'", "`before` = '{\"a\": 1}'", "via = 'http'", "address = '::1'", "user_agent = 'x'",
        "request_id = 'x'",
    ],
)  # fmt: skip
def test_an_edit_of_any_column_is_found(database: Database, change: str) -> None:
    write_days(database, 4)

    with unguarded(database) as run:
        run(f"UPDATE audit_events SET {change} WHERE seq = 3")

    assert kinds(verify_chain(database)) == [("edited", 3)]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM audit_events WHERE seq = 1"], [("missing", 1)]),
        (["DELETE FROM audit_events WHERE seq IN (3, 4)"], [("missing", 3)]),
        (["DELETE FROM audit_events WHERE seq > 8"], [("cut_off", 9)]),
        (["DELETE FROM audit_events"], [("cut_off", 1)]),
        (
            [
                "UPDATE audit_events SET seq = 99 WHERE seq = 3",
                "UPDATE audit_events SET seq = 3 WHERE seq = 4",
                "UPDATE audit_events SET seq = 4 WHERE seq = 99",
            ],
            [("edited", 3), ("edited", 4), ("edited", 5)],
        ),
        (["UPDATE audit_events SET seq = seq + 1 WHERE seq = 10"], [("missing", 10), ("added", 11)]),
        (["UPDATE counters SET value = 9 WHERE name = 'audit_events'"], [("added", 10)]),
        (
            [
                "INSERT INTO audit_checkpoints SELECT seq, hash, occurred_at FROM audit_events WHERE seq = 3",
                "DELETE FROM audit_events WHERE seq <= 3",
            ],
            [("forged_checkpoint", 3)],
        ),
    ],
    ids=["first", "middle", "end", "all", "order", "number", "counter", "checkpoint"],
)
def test_removing_moving_and_adding_is_found(
    database: Database, statements: list[str], expected: list[tuple[str, int]]
) -> None:
    write_days(database, 10)

    with unguarded(database) as run:
        for statement in statements:
            run(statement)

    assert sorted(kinds(verify_chain(database))) == sorted(expected)


def test_only_a_head_kept_elsewhere_shows_a_cut_that_covers_its_traces(database: Database) -> None:
    write_days(database, 10)
    kept = head_of(database)

    with unguarded(database) as run:
        run("DELETE FROM audit_events WHERE seq > 8")
        run("UPDATE counters SET value = 8 WHERE name = 'audit_events'")

    assert kinds(verify_chain(database)) == []
    assert kinds(verify_chain(database, [kept])) == [("cut_off", 10)]


def test_only_a_head_kept_elsewhere_shows_a_trail_written_anew(database: Database) -> None:
    write_days(database, 3)
    kept = head_of(database)
    with unguarded(database) as run:
        run("DELETE FROM audit_events")
        run("UPDATE counters SET value = 0 WHERE name = 'audit_events'")

    write_days(database, 4)

    assert kinds(verify_chain(database)) == []
    assert kinds(verify_chain(database, [kept])) == [("rewritten", 3)]


def test_a_beginning_whose_time_is_over_goes_and_the_rest_stays_verifiable(database: Database) -> None:
    write_days(database, 10)

    removed = seal_before(database, START + 4 * DAY, now=START + 10 * DAY, actor=None)
    write_days(database, 2, first=11)
    again = seal_before(database, START + 6 * DAY, now=START + 13 * DAY, actor=None)

    result = verify_chain(database)
    assert (removed, again) == (4, 2)
    assert (result.findings, result.sealed_through, result.events) == ((), 6, 8)


def test_the_newest_event_is_never_sealed_away(database: Database) -> None:
    write_days(database, 3)

    assert seal_before(database, START + 99 * DAY, now=START + 99 * DAY, actor=None) == 2
    write_days(database, 1, first=3)

    assert verify_chain(database).findings == ()


def test_traces_of_tampering_are_not_sealed_away(database: Database) -> None:
    write_days(database, 6)
    with unguarded(database) as run:
        run("UPDATE audit_events SET actor = 'usr_eve' WHERE seq = 2")

    with pytest.raises(TrailTamperedError):
        seal_before(database, START + 4 * DAY, now=START + 9 * DAY, actor=None)


def test_verifying_while_others_write_finds_nothing(database: Database) -> None:
    stop = threading.Event()
    written = threading.Event()

    def write() -> None:
        while not stop.is_set():
            write_days(database, 1)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(10)
    results = [verify_chain(database) for _ in range(5)]
    stop.set()
    writer.join()

    assert [result.findings for result in results] == [()] * 5


def test_heads_go_to_a_file_once_each(database: Database, tmp_path: Path) -> None:
    keeper = HeadKeeper(database, tmp_path / "audit" / "heads.jsonl", lambda: START)
    keeper.keep()
    write_days(database, 2)
    keeper.keep()
    keeper.keep()
    write_days(database, 1)
    keeper.keep()

    heads, unreadable = read_heads(tmp_path / "audit" / "heads.jsonl")

    assert ([head.seq for head in heads], heads[-1], unreadable) == ([2, 3], head_of(database), 0)


def test_a_damaged_file_of_heads_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "heads.jsonl").write_bytes(b'{"seq": 1, "hash": "aa"}\n{"seq": \nnull\n\xff\n')

    heads, unreadable = read_heads(tmp_path / "heads.jsonl")

    assert (heads, unreadable) == ([Head(1, "aa")], 3)


@pytest.mark.parametrize("written", ["", "5", "5:", "x:" + "0" * 64, "5:" + "0" * 63, "²:" + "0" * 64])
def test_a_head_in_another_form_is_refused(written: str) -> None:
    with pytest.raises(InvalidRequestError, match="SEQ:HASH"):
        parse_head(written)
