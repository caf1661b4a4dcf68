"""The feed: one look at the tables for everybody who listens, each told only what they may know."""

import asyncio
import itertools
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.analysis.opinions import Opinions
from support_copilot.analysis.service import analyze_issue
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ReadingMark
from support_copilot.issues import live
from support_copilot.issues.live import (
    IssueChanged,
    IssueGone,
    LiveEvent,
    LiveFeed,
    Missed,
    PanelChanged,
    Told,
    changes_since,
    look_once,
)
from support_copilot.issues.news import IssueNews, news_of
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.people import add_person
from tests.query_plans import planned

QUIET_S = 30.0


@pytest.fixture
def feed(resources: Resources) -> LiveFeed:
    return LiveFeed(resources.database, resources.clock)


def within(work: Coroutine[Any, Any, Any]) -> Any:
    async def limited() -> Any:
        return await asyncio.wait_for(work, 60)

    return asyncio.run(limited())


async def first_batch(
    feed: LiveFeed, sees: frozenset[str] | None = None, *, quiet_s: float = QUIET_S
) -> list[LiveEvent]:
    return (await anext(feed.listen(sees, quiet_s=quiet_s))).events


async def told_to(feed: LiveFeed, *sees: frozenset[str] | None, change: Any) -> list[list[LiveEvent]]:
    """What each listener is told first of a change that is made while they listen."""
    listening = [asyncio.create_task(first_batch(feed, one)) for one in sees]
    await asyncio.sleep(0)
    await asyncio.to_thread(change)
    return list(await asyncio.gather(*listening))


def new_issue(client: TestClient) -> str:
    answer = client.post("/v1/issues", json={"subject": "Checkout fails", "body": "It fails."})
    return str(answer.json()["issue"]["id"])


def test_everybody_who_listens_is_told_of_a_change(client: TestClient, feed: LiveFeed) -> None:
    made: list[str] = []

    batches = within(told_to(feed, None, None, frozenset(), change=lambda: made.append(new_issue(client))))

    for (event,) in batches:
        assert isinstance(event, IssueChanged)
        assert event.issue_id == made[0]


def test_a_new_panel_is_told_though_the_issue_did_not_change(
    client: TestClient, feed: LiveFeed, resources: Resources, clock: StepClock
) -> None:
    issue_id = new_issue(client)
    version = client.get(f"/v1/issues/{issue_id}").json()["version"]

    async def story() -> list[LiveEvent]:
        listening = feed.listen(None, quiet_s=QUIET_S)
        assert isinstance((await anext(listening)).events[0], IssueChanged)
        clock.advance(seconds=2)
        await asyncio.to_thread(analyze_issue, resources, issue_id, Opinions(1))
        return (await anext(listening)).events

    (event,) = within(story())
    assert isinstance(event, PanelChanged)
    assert event.issue_id == issue_id
    assert client.get(f"/v1/issues/{issue_id}").json()["version"] == version
    with resources.database.read() as session:
        assert changes_since(session, event.at, frozenset(["team_other"])) == [event], (
            "an issue of no team is everybody's"
        )


def test_a_team_is_not_told_of_the_issues_of_another(client: TestClient, feed: LiveFeed, clock: StepClock) -> None:
    team_id = client.post("/v1/teams", json={"name": "own"}).json()["id"]
    issue_id, free = new_issue(client), ""
    client.patch(f"/v1/issues/{issue_id}", json={"team_id": team_id})
    clock.advance(minutes=5)

    def change() -> None:
        nonlocal free
        client.patch(f"/v1/issues/{issue_id}", json={"status": "pending"})
        free = new_issue(client)

    own, other = within(told_to(feed, frozenset({team_id}), frozenset({"tem_other"}), change=change))

    assert issue_id in {event.issue_id for event in own if isinstance(event, IssueChanged)}
    assert {event.issue_id for event in other if isinstance(event, IssueChanged)} == {free}


def test_who_loses_an_issue_to_another_team_is_told_and_nobody_else(
    client: TestClient, feed: LiveFeed, resources: Resources, clock: StepClock
) -> None:
    one, two, three = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("One", "Two", "Three"))
    issue_id = new_issue(client)
    client.patch(f"/v1/issues/{issue_id}", json={"team_id": one})
    clock.advance(minutes=5)
    start = clock()

    def change() -> None:
        client.patch(f"/v1/issues/{issue_id}", json={"team_id": two})
        new_issue(client)

    seeing = [frozenset({one}), frozenset({two}), frozenset({three}), frozenset({one, two}), None]
    told = within(told_to(feed, *seeing, change=change))

    def about(events: Sequence[LiveEvent]) -> set[type]:
        return {type(event) for event in events if getattr(event, "issue_id", "") == issue_id}

    expected = [{IssueGone}, {IssueChanged}, set(), {IssueChanged}, {IssueChanged}]
    assert [about(events) for events in told] == expected
    again = [look_once(resources.database, start, sees, clock()).events for sees in seeing]
    assert [about(events) for events in again] == expected


def test_what_everybody_saw_is_gone_for_all_but_its_team(client: TestClient, feed: LiveFeed, clock: StepClock) -> None:
    team_id = client.post("/v1/teams", json={"name": "One"}).json()["id"]
    issue_id = new_issue(client)
    clock.advance(minutes=5)

    own, other = within(
        told_to(
            feed, frozenset({team_id}), frozenset({"tem_other"}),
            change=lambda: client.patch(f"/v1/issues/{issue_id}", json={"team_id": team_id}),
        )
    )  # fmt: skip

    assert [type(event) for event in own] == [IssueChanged]
    assert [type(event) for event in other] == [IssueGone]


def test_nothing_is_said_of_what_was_told_already(client: TestClient, feed: LiveFeed) -> None:
    async def two_changes() -> list[int]:
        sizes: list[int] = []
        async for told in feed.listen(None, quiet_s=QUIET_S):
            batch = told.events
            sizes.append(len(batch))
            if len(sizes) == 2:
                return sizes
            issue_id = next(event.issue_id for event in batch if isinstance(event, IssueChanged))
            await asyncio.to_thread(client.patch, f"/v1/issues/{issue_id}", json={"status": "pending"})
        return sizes

    async def both() -> list[int]:
        listening = asyncio.create_task(two_changes())
        await asyncio.sleep(0)
        await asyncio.to_thread(new_issue, client)
        return await listening

    assert within(both()) == [1, 1]


def test_what_a_look_could_not_tell_is_told_by_the_next(
    client: TestClient, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []

    def away_once(session: ReadSession, issue_ids: Sequence[str], since: datetime) -> dict[str, IssueNews]:
        if issue_ids and not failures:
            failures.extend(issue_ids)
            raise OSError("away")
        return news_of(session, issue_ids, since)

    monkeypatch.setattr(live, "news_of", away_once)
    made: list[str] = []

    ((event,),) = within(told_to(feed, None, change=lambda: made.append(new_issue(client))))

    assert isinstance(event, IssueChanged)
    assert [event.issue_id] == made == failures


def test_silence_is_an_empty_batch(feed: LiveFeed) -> None:
    assert within(first_batch(feed, quiet_s=0.01)) == []


def test_what_happened_before_somebody_listened_is_told_first(
    client: TestClient, feed: LiveFeed, clock: StepClock
) -> None:
    new_issue(client)
    clock.advance(minutes=5)
    left_at = clock()
    clock.advance(minutes=5)
    missed = new_issue(client)
    clock.advance(minutes=5)

    async def come_back() -> list[Told]:
        heard: list[Told] = []
        async for told in feed.listen(None, quiet_s=QUIET_S, after=left_at):
            heard.append(told)
            if len(heard) == 2:
                return heard
            await asyncio.to_thread(client.patch, f"/v1/issues/{missed}", json={"status": "pending"})
        return heard

    before, later = within(come_back())

    assert [event.issue_id for event in before.events if isinstance(event, IssueChanged)] == [missed]
    assert [event.issue_id for event in later.events if isinstance(event, IssueChanged)] == [missed]
    assert before.until is not None
    assert left_at < before.until < clock() - live.OVERLAP


def test_the_moment_of_a_silence_can_be_gone_on_from(client: TestClient, feed: LiveFeed) -> None:
    async def silence() -> Told:
        async for told in feed.listen(None, quiet_s=0.01):
            if told.until is not None:
                return told
        raise AssertionError

    quiet = within(silence())
    made = new_issue(client)
    (event,) = within(first_after(feed, quiet.until)).events

    assert quiet.events == []
    assert event.issue_id == made


async def first_after(feed: LiveFeed, after: datetime) -> Told:
    return await anext(feed.listen(None, quiet_s=QUIET_S, after=after))


def test_more_than_is_kept_is_told_as_one_word(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_CHANGES", 1)
    new_issue(client)
    new_issue(client)

    with resources.database.read() as session:
        told = changes_since(session, resources.clock() - timedelta(days=1), None)

    assert told == [Missed()]


def test_many_changes_for_long_are_told_now_and_then_and_once_at_the_end(
    client: TestClient, feed: LiveFeed, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_CHANGES", 1)
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0)
    looks: list[int] = []
    find = feed._find  # each look is one step of the clock

    def look(known: Any) -> Any:
        found = find(known)
        looks.append(sum(isinstance(event, Missed) for _, event in found))
        clock.advance(seconds=1)
        if len(looks) <= 20:
            new_issue(client)
            new_issue(client)
        return found

    monkeypatch.setattr(feed, "_find", look)

    async def listen() -> None:
        async for _ in feed.listen(None, quiet_s=0.01):
            if len(looks) >= 60:
                return

    within(listen())

    told = [at for at, missed in enumerate(looks) if missed]
    assert 2 <= len(told) <= 3
    assert told[-1] >= 20
    assert all(later - earlier >= 14 for earlier, later in itertools.pairwise(told))


def test_too_many_marks_of_one_person_are_no_news_of_another(
    client: TestClient, feed: LiveFeed, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_CHANGES", 1)
    issues = [new_issue(client) for _ in range(3)]
    reader, other = (add_person(resources, "agent", name=name).id for name in ("Ada", "Bo"))
    clock.advance(seconds=60)
    known = live._Known(since=clock())

    def look() -> tuple[list[LiveEvent], list[LiveEvent]]:
        found = feed._find(known)
        own, others = ([one for to, one in found if to.has(None, who)] for who in (reader, other))
        return own, others

    look()
    with resources.database.transaction() as session:
        for issue_id in issues:
            mark = ReadingMark(person_id=reader, issue_id=issue_id, seen=1, unread=False, updated_at=clock())
            session.add(mark)
    assert look() == ([Missed()], [])
    clock.advance(seconds=1)
    assert look() == ([], [])  # it was told a moment ago
    changed = client.patch(f"/v1/issues/{issues[0]}", json={"subject": "Pay page fails"})
    assert changed.status_code == 200
    for told in look():
        assert [(type(one), one.issue_id) for one in told if isinstance(one, IssueChanged)] == [
            (IssueChanged, issues[0])
        ]
    clock.advance(seconds=live.MISSED_EVERY.total_seconds())
    assert look() == ([Missed()], [])  # what came meanwhile
    clock.advance(seconds=live.MISSED_EVERY.total_seconds())
    assert look() == ([], [])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_looked_at_twice_a_second_is_found_by_its_time(resources: Resources) -> None:
    with planned() as plans, resources.database.read() as session:
        session.execute(live.panels_made(resources.clock(), None)).all()

    plan = [step for steps in plans.values() for step in steps]
    looked = [step for step in plan if "analyses" in step]
    assert [step for step in looked if "ix_analyses_created_at (created_at>?)" in step] == looked
    assert looked
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_an_issue_with_several_new_panels_is_told_once(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    first, second = new_issue(client), new_issue(client)
    clock.advance(minutes=1)
    start = clock()
    for issue_id in (first, second, first):
        analyze_issue(resources, issue_id, Opinions(1))
        clock.advance(seconds=1)

    with resources.database.read() as session:
        told = changes_since(session, start, None)

    assert [event.issue_id for event in told if isinstance(event, PanelChanged)] == [second, first]
