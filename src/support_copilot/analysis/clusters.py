"""Open issues that came together and look like one incident."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil, sqrt
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from sqlalchemy import Row, func, select

from support_copilot.backends.search.port import SearchUnavailableError
from support_copilot.db.documents import unpack_vector
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Incident, IncidentLink, Issue, SearchDocument
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.queries import ENDED
from support_copilot.kit.kept import Kept
from support_copilot.ml.bursts import ALIKE, READ_CHARS, SPAN, Burst, Report, Signs, find_bursts, signs_of, wording_of
from support_copilot.ml.function_words import Wording
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import understands
from support_copilot.retrieval.feed import catch_up
from support_copilot.retrieval.find import find_documents

#: Issues older than that belong to no incident of now.
LOOK_BACK: Final = timedelta(hours=24)
#: The newest issues that are compared, each with each.
MOST_COMPARED: Final = 300
#: Texts whose reading is kept: those of several teams, with their replies.
_MOST_KEPT: Final = 1024
_KEPT_FOR: Final = timedelta(minutes=10)
#: What is usual: how often issues like the one in the middle came in so many days before.
_USUAL_DAYS: Final = 14
_DEVIATIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Cluster:
    """A burst among open issues. ``linked`` maps those that an open incident has already to the incident's id."""

    burst: Burst
    #: By id: subject, severity, customer's id and moment of each.
    issues: Mapping[str, Row[Any]]
    linked: Mapping[str, str]


#: What the texts of issues say, by issue, version of its text and language; reading one takes milliseconds.
Readings = Kept[tuple[str, int, str], tuple[Signs, Wording]]


def new_readings() -> Readings:
    """Nothing read yet. A version of a text always says the same, so it is kept while somebody looks at it."""
    return Kept(_KEPT_FOR, _MOST_KEPT, while_used=True)


def read_texts(readings: Readings, rows: Sequence[Row[Any]], now: datetime) -> list[tuple[Signs, Wording]]:
    """What each of the issues says, as its document is now; who asks meanwhile waits and finds it read."""
    return [readings.get((row.id, row.seq, row.language or "en"), now, partial(_read, row)) for row in rows]


def _read(row: Row[Any]) -> tuple[Signs, Wording]:
    return signs_of(row.subject, row.body, row.language or "en"), wording_of(_text(row))


async def _readings(request: Request) -> Readings:
    readings = request.app.state.readings
    assert isinstance(readings, Kept)  # noqa: S101  # set by serve.py before the first request
    return readings


ReadingsDep = Annotated[Readings, Depends(_readings)]


def find_clusters(resources: Resources, readings: Readings, sees: Sees) -> list[Cluster]:
    """Bursts among the open issues of the last day that are seen, the largest first.

    One whose matter comes about as often on other days is none. Where all issues of one are linked already it is left
    out. One read of at most 300 rows with their vectors, and one search for each burst; no model is asked.
    """
    now = resources.clock()
    with resources.database.read() as session:
        rows = {row.id: row for row in session.execute(_open_issues(now, sees))}
        linked = _open_links(session, list(rows))
    read = read_texts(readings, list(rows.values()), now)
    reports = [_report(resources, row, *each) for row, each in zip(rows.values(), read, strict=True)]
    found = find_bursts(reports)
    clusters = [
        Cluster(
            burst,
            {each: rows[each] for each in burst.ids},
            {each: linked[each] for each in burst.ids if each in linked},
        )
        for burst in found
    ]
    offered = [each for each in clusters if len(each.linked) < len(each.issues)]
    if not all(each.linked for each in offered):
        with suppress(SearchUnavailableError):
            catch_up(resources)
    return [each for each in offered if each.linked or _is_unusual(resources, each)]


def _open_issues(now: datetime, sees: Sees) -> Any:
    query = (
        select(
            Issue.id, Issue.subject, Issue.severity, Issue.customer_id, Issue.language, Issue.created_at,
            func.substr(SearchDocument.body, 1, READ_CHARS).label("body"),
            SearchDocument.seq, SearchDocument.vector, SearchDocument.vector_model,
        )
        .join(SearchDocument, SearchDocument.id == Issue.id)
        .where(Issue.status.not_in(ENDED), Issue.created_at > now - LOOK_BACK, Issue.created_at <= now)
        .where(Issue.channel != "import")
        .order_by(Issue.created_at.desc(), Issue.id.desc())
        .limit(MOST_COMPARED)
    )  # fmt: skip
    return query if sees is None else query.where(seen_issue(sees))


def _text(row: Row[Any]) -> str:
    return f"{row.subject}\n{row.body}"


def _report(resources: Resources, row: Row[Any], signs: Signs, wording: Wording) -> Report:
    embedder = resources.embedder.model
    return Report(
        id=row.id,
        at=row.created_at,
        customer=row.customer_id or row.id,
        text=_text(row),
        signs=signs,
        vector=unpack_vector(row.vector) if row.vector_model == embedder else None,
        understood=understands(embedder, row.language or "en"),
        wording=wording,
    )


def _open_links(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, str]:
    query = (
        select(IncidentLink.issue_id, IncidentLink.incident_id)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(Incident.status == "open", IncidentLink.issue_id.in_(issue_ids))
    )
    return {row.issue_id: row.incident_id for row in session.execute(query)}


def _is_unusual(resources: Resources, cluster: Cluster) -> bool:
    """Whether far more came than chance would bring of a matter that comes now and then (four standard deviations).

    Usual is how often its like came in the two weeks before; no more of these are looked up than would make so many
    usual. The index must be caught up.
    """
    came = len(cluster.issues)
    spans = timedelta(days=_USUAL_DAYS) / (2 * SPAN)
    # How many a span make it usual: e + d * sqrt(e) = came.
    enough = ceil(spans * (sqrt(came + _DEVIATIONS**2 / 4) - _DEVIATIONS / 2) ** 2)
    middle = cluster.issues[cluster.burst.middle]
    first = min(row.created_at for row in cluster.issues.values())
    since = first - timedelta(days=_USUAL_DAYS)
    vector = unpack_vector(middle.vector) if middle.vector_model == resources.embedder.model else None
    if vector is None:
        return True
    try:
        hits = find_documents(
            resources, "", vector, kinds=["issue"], created_after=since, created_before=first, limit=enough,
            caught_up=True,
        )  # fmt: skip
    except SearchUnavailableError:
        return True
    return sum(hit.likeness is not None and hit.likeness >= ALIKE for hit in hits) < enough
