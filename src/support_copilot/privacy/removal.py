"""Rows and files of issues removed for good, a batch in a transaction, each counted."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, Text, cast, delete, exists, func, or_, select, update

from support_copilot.db.documents import remove_documents
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import (
    Analysis,
    Article,
    ArticleVersion,
    Attachment,
    Customer,
    IdempotencyKey,
    Incident,
    IncidentLink,
    Issue,
    Job,
    SearchDocument,
)
from support_copilot.http.fields import MAX_TITLE_CHARS
from support_copilot.http.idempotency import keys_of
from support_copilot.kit.text import shorten
from support_copilot.privacy.catalog import customer_tables, issue_tables
from support_copilot.privacy.holds import unheld
from support_copilot.resources import Resources

#: Issues whose rows go in one transaction: short enough not to keep intake waiting.
BATCH: Final = 25


def next_issue_ids(session: ReadSession, customer_ids: Collection[str]) -> list[str]:
    """Some issues of the customer, by each of their records, that are still there, oldest first."""
    query = select(Issue.id).where(Issue.customer_id.in_(customer_ids)).order_by(Issue.id).limit(BATCH)
    return list(session.scalars(query))


def remove_files(resources: Resources, issue_ids: Sequence[str]) -> int:
    """Delete the files of these issues from the store; returns how many were there.

    Files go before their rows: a crash in between leaves a row whose work is repeated, never a file that no row names.
    """
    with resources.database.read() as session:
        keys = list(session.scalars(select(Attachment.blob_key).where(Attachment.issue_id.in_(issue_ids))))
    return sum(resources.blobs.delete(key) for key in keys)


def remove_issues(session: WriteSession, issue_ids: Sequence[str]) -> Counter[str]:
    """Delete issues with all their rows, wherever a table has an ``issue_id``, and what was derived from them."""
    _name_incidents_anew(session, issue_ids)
    removed = remove_rows_of_issues(session, issue_ids, [table.name for table in issue_tables()])
    removed["search_documents"] += remove_documents(session, issue_ids)
    forget_in_articles(session, issue_ids)
    removed["issues"] += _removed(session.execute(delete(Issue).where(Issue.id.in_(issue_ids))))
    return removed


def remove_rows_of_issues(session: WriteSession, issue_ids: Sequence[str], tables: Iterable[str]) -> Counter[str]:
    """Delete the rows of these issues from the tables named, and the jobs and remembered keys that name those rows."""
    removed: Counter[str] = Counter()
    chosen = set(tables)
    for table in issue_tables():
        if table.name not in chosen:
            continue
        mine = table.c.issue_id.in_(issue_ids)
        removed["idempotency_keys"] += _forget_keys(session, table, mine)
        removed[table.name] += _removed(session.execute(delete(table).where(mine)))
    if IncidentLink.__tablename__ in chosen:
        removed += _remove_empty_incidents(session)
    removed["idempotency_keys"] += _forget_keys_of(session, issue_ids)
    removed["jobs"] += _remove_jobs_naming(session, issue_ids)
    return removed


def _remove_empty_incidents(session: WriteSession) -> Counter[str]:
    """Delete incidents of which no issue is left: what their title says came from those issues."""
    empty = list(session.scalars(select(Incident.id).where(~exists().where(IncidentLink.incident_id == Incident.id))))
    if not empty:
        return Counter()
    keys = _forget_keys_of(session, empty)
    return Counter(
        idempotency_keys=keys, incidents=_removed(session.execute(delete(Incident).where(Incident.id.in_(empty))))
    )


def mask_titles(session: WriteSession, changes: Mapping[str, Callable[[str], str]]) -> None:
    """Change the titles of incidents that have one of these issues, or its words, each by its id.

    Those with the words of an issue that a hold keeps stay as they are.
    Incidents are locked before their issues, as by whoever links them: call it first.
    """
    incidents = {each.id: each for each in _lock_incidents_of(session, list(changes))}
    free = set(session.scalars(select(Incident.id).where(Incident.id.in_(incidents), unheld(Incident))))
    incidents = {each: incidents[each] for each in incidents if each in free}
    links = select(IncidentLink).where(IncidentLink.incident_id.in_(incidents), IncidentLink.issue_id.in_(changes))
    told = {(link.incident_id, link.issue_id) for link in session.scalars(links)}
    told |= {(each.id, each.title_of) for each in incidents.values() if each.title_of in changes}
    for incident_id, issue_id in sorted(told):
        incident = incidents[incident_id]
        incident.title = changes[issue_id](incident.title)[:MAX_TITLE_CHARS]


def _name_incidents_anew(session: WriteSession, issue_ids: Sequence[str]) -> None:
    """Name incidents whose title has the words of one of these issues after the oldest of their others.

    One that has no other goes with them.
    """
    for incident in _lock_incidents_of(session, issue_ids):
        if incident.title_of in issue_ids:
            others = (
                select(Issue.id, Issue.subject)
                .join(IncidentLink, IncidentLink.issue_id == Issue.id)
                .where(IncidentLink.incident_id == incident.id, Issue.id.not_in(issue_ids))
                .order_by(Issue.created_at, Issue.id)
            )
            for other in session.execute(others.limit(1)):
                incident.title, incident.title_of = shorten(other.subject, MAX_TITLE_CHARS), other.id


def _lock_incidents_of(session: WriteSession, issue_ids: Sequence[str]) -> list[Incident]:
    """Incidents that have one of these issues, or its words in their title."""
    ids = set(session.scalars(select(IncidentLink.incident_id).where(IncidentLink.issue_id.in_(issue_ids))))
    ids.update(session.scalars(select(Incident.id).where(Incident.title_of.in_(issue_ids))))
    return list(session.scalars(select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id).with_for_update()))


def remove_rows_of_customer(session: WriteSession, customer_ids: Sequence[str]) -> Counter[str]:
    """Delete what is kept of the customer beside the records and the issues."""
    removed: Counter[str] = Counter()
    for table in customer_tables():
        mine = table.c.customer_id.in_(customer_ids)
        removed[table.name] += _removed(session.execute(delete(table).where(mine)))
    removed["idempotency_keys"] += _forget_keys_of(session, customer_ids)
    return removed


def remove_records(session: WriteSession, customer_ids: Sequence[str]) -> Counter[str]:
    """Delete the records of a customer with everything that is kept beside them; the issues must be gone already."""
    removed = remove_rows_of_customer(session, customer_ids)
    removed["jobs"] += _remove_jobs_naming(session, customer_ids)
    removed["customers"] += _removed(session.execute(delete(Customer).where(Customer.id.in_(customer_ids))))
    return removed


def _forget_keys_of(session: WriteSession, resource_ids: Sequence[str]) -> int:
    """Delete the remembered idempotency keys of these records; each holds a hash of what was sent."""
    return _removed(session.execute(delete(IdempotencyKey).where(keys_of(resource_ids))))


def _remove_jobs_naming(session: WriteSession, ids: Sequence[str]) -> int:
    """Delete jobs, waiting or past, whose payload names one of these ids."""
    payload = cast(Job.payload, Text)
    naming = or_(*(payload.contains(identifier) for identifier in ids))
    return _removed(session.execute(delete(Job).where(naming, Job.status != "running", Job.name.not_like("privacy.%"))))


def remove_panels(session: WriteSession, analysis_ids: Sequence[str]) -> int:
    """Delete these panels; each is made anew when somebody looks."""
    return _removed(session.execute(delete(Analysis).where(Analysis.id.in_(analysis_ids))))


def forget_in_articles(session: WriteSession, issue_ids: Sequence[str]) -> None:
    """Take the issues out of what articles, and the texts that they had before, say of their origin."""
    gone = set(issue_ids)
    for model in (Article, ArticleVersion):
        columns = (model.source_issue_ids, model.contradictions)
        naming = or_(*(cast(column, Text).contains(each) for each in issue_ids for column in columns))
        for row in session.scalars(select(model).where(naming)):
            row.source_issue_ids = [each for each in row.source_issue_ids if each not in gone]
            row.contradictions = [each for each in row.contradictions if each.get("issue_id") not in gone]


def clear_external_references(session: WriteSession, issue_ids: Sequence[str]) -> None:
    """Take away what ties the issues to tickets at another desk, where the person's name still stands."""
    session.execute(update(Issue).where(Issue.id.in_(issue_ids)).values(external_source=None, external_id=None))


def count_rows_of_issues(session: ReadSession, issue_ids: Sequence[str]) -> Counter[str]:
    """How many rows of these issues are left, by table, and how many living documents."""
    left = Counter(search_documents=0)
    for chunk in batches(issue_ids):
        for table in issue_tables():
            query = select(func.count()).select_from(table).where(table.c.issue_id.in_(chunk))
            left[table.name] += int(session.scalar(query))
        left["issues"] += int(session.scalar(select(func.count()).select_from(Issue).where(Issue.id.in_(chunk))))
        living = select(func.count()).select_from(SearchDocument).where(~SearchDocument.deleted)
        left["search_documents"] += int(session.scalar(living.where(SearchDocument.id.in_(chunk))))
        keys = select(func.count()).select_from(IdempotencyKey).where(keys_of(chunk))
        left["idempotency_keys"] += int(session.scalar(keys))
    return left


def batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """The ids in their order, at most ``size`` at once."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _forget_keys(session: WriteSession, table: Table, mine: Any) -> int:
    if "id" not in table.c:
        return 0
    ids = list(session.scalars(select(table.c.id).where(mine)))
    return sum(_forget_keys_of(session, chunk) for chunk in batches(ids))


def _removed(result: Any) -> int:
    return max(0, int(result.rowcount))
