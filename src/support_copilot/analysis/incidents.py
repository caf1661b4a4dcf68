"""Incidents: several issues with one cause, linked by people; and the texts that all of them are answered with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, exists, select

from support_copilot.analysis.incident_answered import replies_had
from support_copilot.analysis.incident_schemas import MOST_LINKED, MOST_LISTED, IncidentOut, LinkedIssueOut
from support_copilot.analysis.incident_titles import as_said, whose_words
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer, IdempotencyKey, Incident, IncidentLink, Issue
from support_copilot.http.concurrency import check_version
from support_copilot.http.idempotency import CreateRequest, create_once, keys_of
from support_copilot.http.paging import Page, PageRequest, page_of, paged
from support_copilot.identity.directory_queries import names_of_users
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import (
    IncidentNotFoundError,
    IssueNotFoundError,
    Sees,
    seen_issue,
    seen_issue_ids,
)
from support_copilot.issues.queries import ENDED
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.ids import is_id, new_id
from support_copilot.resources import Resources


class AlreadyLinkedError(ConflictError):
    code, title = "already_linked", "One of the issues belongs to another open incident"


class IncidentFullError(ConflictError):
    code, title = "incident_full", "The incident has as many issues as it may"


class IncidentClosedError(ConflictError):
    code, title = "incident_closed", "The incident is closed; open it again first"


@dataclass(frozen=True, slots=True)
class NewIncident:
    title: str
    issue_ids: Sequence[str]


def create_incident(
    resources: Resources, new: NewIncident, principal: Principal, key: str | None, body_fingerprint: str
) -> IncidentOut:
    """Make an incident of these issues.

    Raises:
        IssueNotFoundError: one of them is not there, or is not seen.
        AlreadyLinkedError: one of them belongs to another open incident.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    now = resources.clock()

    def make(session: WriteSession) -> str:
        subjects = _lock_seen(session, new.issue_ids, principal.sees)
        incident = Incident(
            id=new_id("incident"), title=new.title, title_of=whose_words(new.title, subjects), status="open",
            created_by=principal.id, version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(incident)
        session.flush()
        _link(session, incident, list(subjects), principal, now)
        return incident.id

    request = CreateRequest("incident", key, body_fingerprint)
    creation = create_once(resources.database, request, existing=lambda _session: None, make=make, now=now)
    return read_incident(resources, creation.resource_id, principal.sees)


def read_incident(resources: Resources, incident_id: str, sees: Sees) -> IncidentOut:
    """The incident with those of its issues that are seen.

    Raises:
        IncidentNotFoundError: no incident has this id.
    """
    with resources.database.read() as session:
        incident = session.get(Incident, incident_id) if is_id(incident_id, "incident") else None
        if incident is None:
            raise IncidentNotFoundError
        return _describe(session, [incident], sees)[0]


def list_incidents(
    resources: Resources, sees: Sees, page: PageRequest, *, status: str | None, issue_id: str | None
) -> Page[IncidentOut]:
    """One page of the incidents with an issue that is seen, newest first, each with the oldest of its issues."""
    query: Select[Any] = select(Incident).where(_with_seen(sees, issue_id))
    if status:
        query = query.where(Incident.status == status)
    with resources.database.read() as session:
        rows = list(session.scalars(paged(query, page, Incident.created_at, Incident.id)))
        shown = {each.id: each for each in _describe(session, rows, sees, most=MOST_LISTED)}
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: shown[row.id])


def edit_incident(
    resources: Resources, incident_id: str, changes: Mapping[str, Any], principal: Principal, if_match: str | None
) -> IncidentOut:
    """Rename an incident, close it, or open it again.

    Raises:
        IncidentNotFoundError: no incident has this id.
        PermissionDeniedError: it has issues that are not seen.
        StaleVersionError: it changed since ``if_match`` was read.
        AlreadyLinkedError: opened again, one of its issues would belong to two.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        incident = lock_incident(session, incident_id, if_match)
        if _in_part(session, [incident.id], principal.sees):
            raise PermissionDeniedError("Only who sees all issues of an incident can rename, close or open it.")
        if "title" in changes:
            incident.title_of = whose_words(changes["title"], as_said(incident, _subjects(session, incident)))
        if incident.status == "closed" and changes.get("status") == "open":
            linked = list(session.scalars(select(IncidentLink.issue_id).where(_of(incident))))
            lock_issues(session, linked)
            _refuse_other(session, incident, linked)
        for name, value in changes.items():
            setattr(incident, name, value)
        incident.closed_at = (incident.closed_at or now) if incident.status == "closed" else None
        _touch(incident, now)
    return read_incident(resources, incident_id, principal.sees)


def link_issues(
    resources: Resources, incident_id: str, issue_ids: Sequence[str], principal: Principal, if_match: str | None
) -> IncidentOut:
    """Add issues to an open incident; those that it has already stay.

    Raises:
        IncidentNotFoundError, IssueNotFoundError: not there, or not seen.
        StaleVersionError: the incident changed since ``if_match`` was read.
        IncidentClosedError, AlreadyLinkedError, IncidentFullError: it cannot take them.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        incident = lock_incident(session, incident_id, if_match)
        if incident.status != "open":
            raise IncidentClosedError
        subjects = _lock_seen(session, issue_ids, principal.sees)
        _link(session, incident, list(subjects), principal, now)
        incident.title_of = whose_words(incident.title, as_said(incident, subjects))
        _touch(incident, now)
    return read_incident(resources, incident_id, principal.sees)


def unlink_issue(
    resources: Resources, incident_id: str, issue_id: str, principal: Principal, if_match: str | None
) -> IncidentOut | None:
    """Take an issue out of an incident; with the last one the incident goes, and the answer is None.

    Raises:
        IncidentNotFoundError: no incident has this id.
        IssueNotFoundError: the issue does not belong to it.
        StaleVersionError: the incident changed since ``if_match`` was read.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        incident = lock_incident(session, incident_id, if_match)
        link = session.scalar(select(IncidentLink).where(_of(incident), IncidentLink.issue_id == issue_id))
        if link is None:
            raise IssueNotFoundError
        session.delete(link)
        session.flush()
        if session.scalar(select(IncidentLink.id).where(_of(incident)).limit(1)) is None:
            session.delete(incident)
            session.execute(delete(IdempotencyKey).where(keys_of([incident.id])))
            return None
        _touch(incident, now)
    return read_incident(resources, incident_id, principal.sees)


def _link(
    session: WriteSession, incident: Incident, issue_ids: Sequence[str], principal: Principal, now: datetime
) -> None:
    _refuse_other(session, incident, issue_ids)
    held = set(session.scalars(select(IncidentLink.issue_id).where(_of(incident))))
    if len(held | set(issue_ids)) > MOST_LINKED:
        raise IncidentFullError(f"An incident has at most {MOST_LINKED} issues.")
    for issue_id in issue_ids:
        if issue_id not in held:
            session.add(
                IncidentLink(
                    id=new_id("incident_link"), incident_id=incident.id, issue_id=issue_id, created_by=principal.id,
                    created_at=now,
                )
            )  # fmt: skip


def _lock_seen(session: WriteSession, issue_ids: Collection[str], sees: Sees) -> dict[str, str]:
    """The subjects of these issues by id, locked.

    Raises:
        IssueNotFoundError: one is not there, or is not seen.
    """
    wanted = set(issue_ids)
    subjects = lock_issues(session, wanted)
    if subjects.keys() != wanted or len(seen_issue_ids(session, wanted, sees)) != len(wanted):
        raise IssueNotFoundError
    return subjects


def lock_issues(session: WriteSession, issue_ids: Collection[str]) -> dict[str, str]:
    """Lock issues in one order, so that of two who link the same one the second sees the link of the first.

    Returns:
        The subjects of those that are there, by id.
    """
    query = select(Issue.id, Issue.subject).where(Issue.id.in_(issue_ids)).order_by(Issue.id).with_for_update()
    return {row.id: row.subject for row in session.execute(query)}


def _refuse_other(session: ReadSession, incident: Incident, issue_ids: Sequence[str]) -> None:
    other = (
        select(IncidentLink.id)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(Incident.status == "open", Incident.id != incident.id, IncidentLink.issue_id.in_(issue_ids))
    )
    if session.scalar(other.limit(1)) is not None:
        raise AlreadyLinkedError


def lock_incident(session: WriteSession, incident_id: str, if_match: str | None = None) -> Incident:
    """The incident's row, locked until the transaction ends: before its issues, wherever both are locked.

    Raises:
        IncidentNotFoundError: no incident has this id.
        StaleVersionError: it changed since ``if_match`` was read.
    """
    incident = session.lock(Incident, incident_id) if is_id(incident_id, "incident") else None
    if incident is None:
        raise IncidentNotFoundError
    check_version(if_match, incident.version)
    return incident


def _touch(incident: Incident, now: datetime) -> None:
    incident.version += 1
    incident.updated_at = now


def _of(incident: Incident) -> Any:
    return IncidentLink.incident_id == incident.id


def _with_seen(sees: Sees, issue_id: str | None = None) -> Any:
    """Incidents with an issue that is seen, or with this one, where it is."""
    linked = exists().where(IncidentLink.incident_id == Incident.id, Issue.id == IncidentLink.issue_id)
    if issue_id:
        linked = linked.where(Issue.id == issue_id)
    return linked if sees is None else linked.where(seen_issue(sees))


def _in_part(session: ReadSession, incident_ids: Collection[str], sees: Sees) -> set[str]:
    """Those of the incidents that have issues which are not seen: their titles may hold words of these."""
    if sees is None:
        return set()
    query = (
        select(IncidentLink.incident_id)
        .join(Issue, Issue.id == IncidentLink.issue_id)
        .where(IncidentLink.incident_id.in_(incident_ids), ~seen_issue(sees))
    )
    return set(session.scalars(query.distinct()))


def linked_issues(session: ReadSession, incident_id: str, sees: Sees) -> list[Issue]:
    """The issues of an incident that are seen, oldest first."""
    return list(session.scalars(_linked([incident_id], sees, Issue)))


def _describe(
    session: ReadSession, incidents: Sequence[Incident], sees: Sees, most: int = MOST_LINKED
) -> list[IncidentOut]:
    """Each with at most so many of its issues, the oldest, and with the ids of all."""
    ids = [each.id for each in incidents]
    linked: dict[str, list[Row[Any]]] = {each: [] for each in ids}
    for row in session.execute(_linked(ids, sees, IncidentLink.incident_id, Issue.id, Issue.status, Issue.customer_id)):
        linked[row.incident_id].append(row)
    wanted = [row.id for rows in linked.values() for row in rows[:most]]
    issues = _issues(session, wanted)
    had = replies_had(session, ids, wanted)
    makers = names_of_users(session, {each.created_by for each in incidents})
    in_part = _in_part(session, ids, sees)
    theirs = {each.title_of for each in incidents if each.title_of}
    foreign = theirs - seen_issue_ids(session, theirs, sees)

    def told(each: Incident) -> IncidentOut:
        rows = linked[each.id]
        shown = [issues[row.id].model_copy(update={"reply": had.get((each.id, row.id))}) for row in rows[:most]]
        hidden = each.id in in_part or each.title_of in foreign
        return IncidentOut(
            id=each.id, title=shown[0].subject if hidden and shown else each.title, in_part=each.id in in_part,
            status="open" if each.status == "open" else "closed", issues=shown, issue_ids=[row.id for row in rows],
            issues_open=sum(row.status not in ENDED for row in rows),
            # One without a customer is somebody's all the same.
            customers=len({row.customer_id or row.id for row in rows}),
            created_by=each.created_by, created_by_name=makers.get(each.created_by), closed_at=each.closed_at,
            version=each.version, created_at=each.created_at, updated_at=each.updated_at,
        )  # fmt: skip

    return [told(each) for each in incidents]


def _subjects(session: ReadSession, incident: Incident) -> dict[str, str]:
    rows = session.execute(_linked([incident.id], None, Issue.id, Issue.subject))
    return {row.id: row.subject for row in rows}


def _linked(incident_ids: Collection[str], sees: Sees, *columns: Any) -> Any:
    """Of the issues of these incidents that are seen, oldest first, these columns."""
    query = (
        select(*columns)
        .select_from(IncidentLink)
        .join(Issue, Issue.id == IncidentLink.issue_id)
        .where(IncidentLink.incident_id.in_(incident_ids))
        .order_by(Issue.created_at, Issue.id)
    )
    return query if sees is None else query.where(seen_issue(sees))


def _issues(session: ReadSession, issue_ids: Collection[str]) -> dict[str, LinkedIssueOut]:
    columns = (Issue.id, Issue.subject, Issue.status, Issue.severity, Issue.customer_id, Issue.created_at)
    rows = session.execute(select(*columns).where(Issue.id.in_(issue_ids))).all()
    customers = select(Customer).where(Customer.id.in_({row.customer_id for row in rows if row.customer_id}))
    names = {each.id: each.name for each in session.scalars(customers)}
    return {
        row.id: LinkedIssueOut(
            id=row.id, subject=row.subject, status=row.status, severity=row.severity,
            customer_name=names.get(row.customer_id), created_at=row.created_at, reply=None,
        )
        for row in rows
    }  # fmt: skip
