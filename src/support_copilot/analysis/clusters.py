"""Open issues that came together and look like one incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Final

from sqlalchemy import Row, func, select

from support_copilot.backends.search.port import SearchUnavailableError
from support_copilot.db.documents import unpack_vector
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Incident, IncidentLink, Issue, SearchDocument
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.queries import ENDED
from support_copilot.ml.bursts import ALIKE, LEAST_REPORTS, SPAN, Burst, Report, find_bursts, signs_of
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import understands
from support_copilot.retrieval.find import find_documents

#: Issues older than that belong to no incident of now.
LOOK_BACK: Final = timedelta(hours=24)
#: The newest issues that are compared, each with each.
MOST_COMPARED: Final = 300
_READ_CHARS: Final = 1500
#: What is usual: how often issues like the one in the middle came in so many days before.
_USUAL_DAYS: Final = 14
_USUAL_HITS: Final = 200


@dataclass(frozen=True, slots=True)
class Cluster:
    """A burst among open issues. ``linked`` maps those that an open incident has already to the incident's id."""

    burst: Burst
    #: By id: subject, severity, customer's id and moment of each.
    issues: Mapping[str, Row[Any]]
    linked: Mapping[str, str]


def find_clusters(resources: Resources, sees: Sees) -> list[Cluster]:
    """Bursts among the open issues of the last day that are seen, the largest first.

    One whose matter comes about as often on other days is none. Where all issues of one are linked already it is left
    out. One read of at most 300 rows with their vectors, and one search for each burst; no model is asked.
    """
    now = resources.clock()
    with resources.database.read() as session:
        rows = {row.id: row for row in session.execute(_open_issues(now, sees))}
        linked = _open_links(session, list(rows))
    found = find_bursts([_report(resources, row) for row in rows.values()])
    clusters = [
        Cluster(
            burst,
            {each: rows[each] for each in burst.ids},
            {each: linked[each] for each in burst.ids if each in linked},
        )
        for burst in found
    ]
    return [
        each
        for each in clusters
        if len(each.linked) < len(each.issues) and (each.linked or _is_unusual(resources, each))
    ]


def _open_issues(now: datetime, sees: Sees) -> Any:
    query = (
        select(
            Issue.id, Issue.subject, Issue.severity, Issue.customer_id, Issue.language, Issue.created_at,
            func.substr(SearchDocument.body, 1, _READ_CHARS).label("body"),
            SearchDocument.vector, SearchDocument.vector_model,
        )
        .join(SearchDocument, SearchDocument.id == Issue.id)
        .where(Issue.status.not_in(ENDED), Issue.created_at > now - LOOK_BACK, Issue.created_at <= now)
        .where(Issue.channel != "import")
        .order_by(Issue.created_at.desc(), Issue.id.desc())
        .limit(MOST_COMPARED)
    )  # fmt: skip
    return query if sees is None else query.where(seen_issue(sees))


def _report(resources: Resources, row: Row[Any]) -> Report:
    embedder, language = resources.embedder.model, row.language or "en"
    return Report(
        id=row.id,
        at=row.created_at,
        customer=row.customer_id or row.id,
        text=f"{row.subject}\n{row.body}",
        signs=signs_of(row.subject, row.body, language),
        vector=unpack_vector(row.vector) if row.vector_model == embedder else None,
        understood=understands(embedder, language),
    )


def _open_links(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, str]:
    query = (
        select(IncidentLink.issue_id, IncidentLink.incident_id)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(Incident.status == "open", IncidentLink.issue_id.in_(issue_ids))
    )
    return {row.issue_id: row.incident_id for row in session.execute(query)}


def _is_unusual(resources: Resources, cluster: Cluster) -> bool:
    """Whether far more came than chance would bring of a matter that comes now and then (four standard deviations)."""
    middle = cluster.issues[cluster.burst.middle]
    first = min(row.created_at for row in cluster.issues.values())
    vector = unpack_vector(middle.vector) if middle.vector_model == resources.embedder.model else None
    if vector is None:
        return True
    try:
        hits = find_documents(
            resources, "", vector, kinds=["issue"], created_before=first, limit=_USUAL_HITS, caught_up=True
        )
    except SearchUnavailableError:
        return True
    alike = [hit.id for hit in hits if hit.likeness is not None and hit.likeness >= ALIKE]
    since = first - timedelta(days=_USUAL_DAYS)
    with resources.database.read() as session:
        query = select(func.count()).select_from(Issue).where(Issue.id.in_(alike), Issue.created_at >= since)
        before = int(session.scalar(query))
    expected = before * (2 * SPAN) / timedelta(days=_USUAL_DAYS)
    return len(cluster.issues) >= LEAST_REPORTS and len(cluster.issues) > expected + 4 * sqrt(expected)
