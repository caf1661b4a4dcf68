"""What happens while people work, for the pages they have open: one look at the tables serves everybody who listens.

The tables themselves are looked at, so it makes no difference which process changed what.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

import anyio.to_thread
import structlog
from pydantic import BaseModel, Field
from sqlalchemy import Select, select

from support_copilot.db.engine import Database, ReadSession
from support_copilot.db.models import Analysis, Issue
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.marks_told import MarksTold
from support_copilot.issues.moves import IssueGone, Move, moves_since
from support_copilot.issues.news import IssueNews, news_of
from support_copilot.issues.presence import PersonPresent, people_present
from support_copilot.issues.reading import MarkOut, marks_since, readers_since, told_marks

_log = structlog.get_logger("support_copilot.issues")
LOOK_EVERY_S: Final = 0.5
#: A transaction that began before the last look may end after it.
OVERLAP: Final = timedelta(seconds=10)
MOST_CHANGES: Final = 500
#: Whoever comes back later reads everything anew.
LONGEST_BREAK: Final = timedelta(days=1)
#: How often everybody may be told to read everything anew; longer than the overlap, which sees a change many times.
MISSED_EVERY: Final = timedelta(seconds=15)
_KEPT_EVENTS: Final = 2000


class IssueChanged(BaseModel):
    """An issue is new or was changed: it, its messages and what was said about it may be read anew."""

    type: Literal["issue"] = "issue"
    issue_id: str
    version: int
    at: datetime
    news: IssueNews | None = Field(default=None, description="How it stands now; null where it is gone already.")


class PanelChanged(BaseModel):
    """What was worked out about an issue is new; the issue itself may be as it was."""

    type: Literal["panel"] = "panel"
    issue_id: str
    at: datetime


class PeopleChanged(BaseModel):
    """Other people have the issue open than before."""

    type: Literal["presence"] = "presence"
    issue_id: str
    people: list[PersonPresent]


class ReadingChanged(BaseModel):
    """You have read something, or marked something as unread, maybe in another browser."""

    type: Literal["reading"] = "reading"
    marks: list[MarkOut]


class Missed(BaseModel):
    """More happened than is kept: everything that is shown should be read anew."""

    type: Literal["missed"] = "missed"


LiveEvent = IssueChanged | IssueGone | PanelChanged | PeopleChanged | ReadingChanged | Missed


@dataclass(frozen=True, slots=True)
class Told:
    """Some events, none while nothing happens, and the moment up to which everything was told with them."""

    events: list[LiveEvent]
    until: datetime | None


class LiveOut(BaseModel):
    """What happened since a moment, oldest first, and the moment to ask from the next time."""

    events: list[IssueChanged | IssueGone | PanelChanged | PeopleChanged | ReadingChanged | Missed]
    until: datetime = Field(description="`after` of the next request; what it answers may repeat a little.")


def mentions_since(session: ReadSession, after: datetime, sees: Sees) -> list[IssueChanged]:
    """Of what was changed since, the issues with notes since that name somebody: ``Missed`` has everything read
    anew, and no list says whom a note names.

    What an import brings has its first version, so that a flood of it hides no note.
    """
    query = select(Issue.id, Issue.version, Issue.updated_at).where(Issue.updated_at >= after, Issue.version > 1)
    if sees is not None:
        query = query.where(seen_issue(sees))
    rows = session.execute(query.order_by(Issue.updated_at.desc()).limit(MOST_CHANGES)).mappings().all()
    found = [IssueChanged(issue_id=row["id"], version=row["version"], at=row["updated_at"]) for row in rows]
    news = news_of(session, [one.issue_id for one in found], after)
    told = [one.model_copy(update={"news": news.get(one.issue_id)}) for one in reversed(found)]
    return [one for one in told if one.news and one.news.mentions]


_Change = TypeVar("_Change", IssueChanged | PanelChanged, IssueChanged | PanelChanged | Missed)


def changes_since(session: ReadSession, after: datetime, sees: Sees) -> list[IssueChanged | PanelChanged | Missed]:
    """Issues that were changed since, those changed first at the beginning, then those with a new panel.

    ``Missed`` alone where they are too many.
    """
    query = select(Issue.id, Issue.version, Issue.updated_at).where(Issue.updated_at >= after)
    if sees is not None:
        query = query.where(seen_issue(sees))
    rows = session.execute(query.order_by(Issue.updated_at, Issue.id).limit(MOST_CHANGES + 1)).mappings().all()
    if len(rows) > MOST_CHANGES:
        return [Missed()]
    panels = _panels_since(session, after, sees)
    if panels is None:
        return [Missed()]
    changed = [IssueChanged(issue_id=row["id"], version=row["version"], at=row["updated_at"]) for row in rows]
    # An issue comes with its first panel, and one event says both.
    new = {(one.issue_id, one.at) for one in changed}
    return [*changed, *(one for one in panels if (one.issue_id, one.at) not in new)]


def panels_made(after: datetime, sees: Sees) -> Select[str, datetime]:
    """Panels since a moment, by the index on their time: no grouping, which would have all of them looked at."""
    query = select(Analysis.issue_id, Analysis.created_at).where(Analysis.created_at >= after)
    if sees is not None:
        query = query.join(Issue, Issue.id == Analysis.issue_id).where(seen_issue(sees))
    return query.order_by(Analysis.created_at).limit(MOST_CHANGES + 1)


def _panels_since(session: ReadSession, after: datetime, sees: Sees) -> list[PanelChanged] | None:
    """The newest panel of each issue, in the order of their times; None where they are too many."""
    rows = session.execute(panels_made(after, sees)).mappings().all()
    if len(rows) > MOST_CHANGES:
        return None
    newest = {row["issue_id"]: row["created_at"] for row in rows}
    return [PanelChanged(issue_id=issue_id, at=at) for issue_id, at in sorted(newest.items(), key=lambda one: one[1])]


def with_news(session: ReadSession, changes: Sequence[_Change], since: datetime) -> list[_Change]:
    """The same changes, those of issues with how each stands now and whom notes named since."""
    news = news_of(session, [one.issue_id for one in changes if isinstance(one, IssueChanged)], since)
    return [
        one.model_copy(update={"news": news.get(one.issue_id)}) if isinstance(one, IssueChanged) else one
        for one in changes
    ]


def look_once(database: Database, after: datetime, sees: Sees, now: datetime, person: str = "") -> LiveOut:
    """What one person may know of since a moment, at most a day ago; who has issues open is told whole.

    Args:
        person: id of the user whose reading is told as well.
    """
    with database.read() as session:
        recent = after >= now - LONGEST_BREAK
        found = changes_since(session, after, sees) if recent else [Missed()]
        marks = marks_since(session, after, person, MOST_CHANGES) if recent else []
        if marks is None:
            found = [Missed()]
        changes = with_news(session, found, after)
        if any(isinstance(one, Missed) for one in found):
            changes += mentions_since(session, max(after, now - LONGEST_BREAK), sees)
        people = people_present(session, sees, now)
        # ``Missed`` has what went to another team read anew as well.
        moves = [] if sees is None or not recent else moves_since(session, after, None, MOST_CHANGES)
    gone = {move.issue_id: move.event() for move in moves if move.takes_from(sees)}
    present = [PeopleChanged(issue_id=issue_id, people=list(those)) for issue_id, those in people.items()]
    read = [ReadingChanged(marks=those) for those in told_marks(marks or []).values()]
    return LiveOut(events=[*changes, *gone.values(), *present, *read], until=now - OVERLAP)


@dataclass(frozen=True, slots=True)
class _Noted:
    """An event with the team that it belongs to, or the person."""

    number: int
    audience: "_Audience"
    event: LiveEvent


@dataclass(frozen=True, slots=True)
class _Audience:
    """Whom an event is for: who sees this team, this person alone, who lost it; everybody where none is named."""

    team_id: str | None = None
    person_id: str | None = None
    move: Move | None = None

    def has(self, sees: Sees, person: str) -> bool:
        if self.person_id is not None:
            return self.person_id == person
        if self.move is not None:
            return self.move.takes_from(sees)
        return sees is None or self.team_id is None or self.team_id in sees


@dataclass(slots=True)
class _Known:
    """What was told already."""

    since: datetime
    versions: dict[str, int] = field(default_factory=dict)
    panels: dict[str, datetime] = field(default_factory=dict)
    people: Mapping[str, tuple[PersonPresent, ...]] = field(default_factory=dict)
    marks: MarksTold = field(default_factory=MarksTold)
    #: When ``Missed`` was told last, and whether more was missed since.
    missed_at: datetime | None = None
    owes_missed: bool = False

    def fresh(self, changes: Sequence[IssueChanged | PanelChanged | Missed]) -> list[IssueChanged | PanelChanged]:
        """What was not told yet, of an issue that itself has changed only that."""
        issues = [one for one in changes if isinstance(one, IssueChanged)]
        panels = [one for one in changes if isinstance(one, PanelChanged)]
        changed = [one for one in issues if self.versions.get(one.issue_id) != one.version]
        named = {one.issue_id for one in changed}
        made = [one for one in panels if one.issue_id not in named and self.panels.get(one.issue_id) != one.at]
        return [*changed, *made]

    def told(self, changes: Sequence[IssueChanged | PanelChanged | Missed]) -> None:
        """From here on these are known."""
        self.versions = {one.issue_id: one.version for one in changes if isinstance(one, IssueChanged)}
        self.panels = {one.issue_id: one.at for one in changes if isinstance(one, PanelChanged)}

    def fresh_marks(
        self, marks: Mapping[str, Sequence[MarkOut]], flood: Sequence[str], now: datetime
    ) -> list[tuple[_Audience, LiveEvent]]:
        """What people have read since they were told last; whose marks were too many reads everything anew."""
        events: list[tuple[str, LiveEvent]] = [
            *((who, ReadingChanged(marks=those)) for who, those in self.marks.fresh(marks).items()),
            *((who, Missed()) for who in self.marks.missed(flood, now, MISSED_EVERY)),
        ]
        self.marks.remember(marks)
        return [(_Audience(person_id=who), event) for who, event in events]

    def missed(self, changes: Sequence[IssueChanged | PanelChanged | Missed], now: datetime) -> list[Missed]:
        """``Missed`` if it is due: at once the first time, later at most every ``MISSED_EVERY``, the last one too."""
        self.owes_missed = self.owes_missed or any(isinstance(one, Missed) for one in changes)
        if not self.owes_missed or (self.missed_at is not None and now < self.missed_at + MISSED_EVERY):
            return []
        self.missed_at, self.owes_missed = now, False
        return [Missed()]


class LiveFeed:
    """Looks while somebody listens, and hands everybody what they may know of."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._events: deque[_Noted] = deque(maxlen=_KEPT_EVENTS)
        self._number = 0
        self._listeners = 0
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._until: datetime | None = None

    async def listen(
        self, sees: Sees, *, quiet_s: float, after: datetime | None = None, person: str = ""
    ) -> AsyncIterator[Told]:
        """Events as they happen; none whenever nothing did for ``quiet_s`` seconds.

        Args:
            after: what happened since then is told first, as one batch.
            person: id of the user whose reading is told as well.
        """
        async with self._looked_for():
            # From here on nothing is lost, so what went before may take its time.
            told = self._number
            if after is not None:
                now = self._clock()
                found = await anyio.to_thread.run_sync(look_once, self._database, after, sees, now, person)
                yield Told(list(found.events), found.until)
            while True:
                news, until = self._news, self._until
                batch, told = self._after(told, sees, person)
                if batch:
                    yield Told(batch, until)
                    continue
                try:
                    await asyncio.wait_for(news.wait(), quiet_s)
                except TimeoutError:
                    yield Told([], self._until if self._number == told else None)

    @asynccontextmanager
    async def _looked_for(self) -> AsyncIterator[None]:
        self._listeners += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def _after(self, told: int, sees: Sees, person: str) -> tuple[list[LiveEvent], int]:
        if self._events and self._events[0].number > told + 1:
            return [Missed()], self._number
        fresh = [noted for noted in self._events if noted.number > told]
        return [one.event for one in fresh if one.audience.has(sees, person)], self._number

    async def _look(self) -> None:
        known = _Known(since=self._clock())
        while True:
            try:
                found = await anyio.to_thread.run_sync(self._find, known)
            except Exception as error:  # noqa: BLE001  # the database may be away for a while; the next look tells
                _log.warning("issues.live.failed", exc_info=error)
            else:
                self._until = known.since - OVERLAP
                if found:
                    self._tell(found)
            await asyncio.sleep(LOOK_EVERY_S)

    def _tell(self, found: Sequence[tuple[_Audience, LiveEvent]]) -> None:
        for audience, event in found:
            self._number += 1
            self._events.append(_Noted(self._number, audience, event))
        # Whoever waits has this one in hand; the next wait is for the next news.
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _find(self, known: _Known) -> list[tuple[_Audience, LiveEvent]]:
        """What is new since the last look, with its team; ``known`` is brought up to it."""
        now, since = self._clock(), known.since - OVERLAP
        with self._database.read() as session:
            changes = changes_since(session, since, None)
            rows = marks_since(session, since, None, 2 * MOST_CHANGES)
            flood = readers_since(session, since) if rows is None else []
            marks = told_marks(rows or [])
            people = people_present(session, None, now)
            touched = people.keys() | known.people.keys()
            moved = sorted(issue_id for issue_id in touched if people.get(issue_id) != known.people.get(issue_id))
            fresh = with_news(session, known.fresh(changes), since)
            missed = known.missed(changes, now)
            noted = mentions_since(session, since - MISSED_EVERY, None) if missed else []
            named = {one.issue_id for one in (*fresh, *noted)} | set(moved)
            teams = _teams_of(session, named)
            changed = {one.issue_id for one in fresh if isinstance(one, IssueChanged) and one.version > 1}
            moves = moves_since(session, since, changed, MOST_CHANGES) if changed else []
        # Only now: where the database failed before, the next look tells.
        read = known.fresh_marks(marks, flood, now)
        known.since, known.people = now, people
        known.told(changes)
        present = [PeopleChanged(issue_id=issue_id, people=list(people.get(issue_id, ()))) for issue_id in moved]
        events: list[LiveEvent] = [*fresh, *missed, *noted, *present]
        gone = [(_Audience(move=move), move.event()) for move in moves]
        return [*((_audience(one, teams), one) for one in events), *gone, *read]


def _audience(event: LiveEvent, teams: Mapping[str, str | None]) -> _Audience:
    return _Audience() if isinstance(event, Missed | ReadingChanged) else _Audience(team_id=teams.get(event.issue_id))


def _teams_of(session: ReadSession, issue_ids: set[str]) -> dict[str, str | None]:
    if not issue_ids:
        return {}
    rows = session.execute(select(Issue.id, Issue.team_id).where(Issue.id.in_(issue_ids))).mappings()
    return {row["id"]: row["team_id"] for row in rows}
