"""Merging issues as a whole use case: with the incident, the trail, the index and the panel of what comes of it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from support_copilot.analysis.incidents import lock_incident
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Incident, IncidentLink, Issue
from support_copilot.db.outbox import enqueue
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.issues.listing import read_issue
from support_copilot.issues.merging import (
    MergeCircleError,
    MergedElsewhereError,
    check_target_seen,
    lock_pair,
    merge_issue,
    refuse_itself,
    unmerge_issue,
)
from support_copilot.issues.queries import get_issue
from support_copilot.issues.schemas import IssueOut
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import tell_index


class MergeIn(BaseModel):
    """Where a duplicate goes."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"into": "iss_01j9z3k6w8f5v9m2q4x7c1b0ad"}]}
    )

    into: str = Field(
        max_length=64,
        description="Id of the issue that goes on. One that is merged itself stands for the one it is merged into.",
    )


class UnmergeIn(BaseModel):
    """What an issue is taken out of."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"out_of": "iss_01j9z3k6w8f5v9m2q4x7c1b0ad"}]}
    )

    out_of: str | None = Field(
        default=None,
        max_length=64,
        description="Refuse if it is merged into another issue than this one by now.",
    )


class MergeOut(BaseModel):
    """Both issues after a merge, or after it was undone."""

    issue: IssueOut
    into: IssueOut | None = Field(description="The issue that it is, or was, merged into; null where there was none.")


def merge(resources: Resources, issue_id: str, into_id: str, principal: Principal) -> MergeOut:
    """Merge an issue into another one of the same customer; once more changes nothing.

    Raises:
        IssueNotFoundError: one of them is not there, or not seen.
        InvalidRequestError, IssueMergedError, MergeCircleError, MergeBusyError, OtherCustomerError, IssueFullError.
    """
    refuse_itself(issue_id, into_id)
    now = resources.clock()
    with resources.database.transaction() as session:
        check_target_seen(session, into_id, principal)
        link = _lock_link(session, issue_id)
        issue, survivor = lock_pair(session, issue_id, into_id)
        if issue.id == survivor.id:
            raise MergeCircleError
        if merge_issue(session, issue, survivor, principal, now):
            _hand_on(session, link, issue, survivor)
            _record(session, "issue.merged", issue, survivor, principal, now)
        answer = _answer(session, issue.id, survivor.id)
    tell_index(resources)
    return answer


def unmerge(resources: Resources, issue_id: str, principal: Principal, out_of: str | None = None) -> MergeOut:
    """Take an issue out of the one it is merged into; one that is merged into none stays as it is.

    Raises:
        IssueNotFoundError: no issue has this id.
        MergedElsewhereError: it is merged into another issue than ``out_of`` by now.
        MergeBusyError: the other one was merged meanwhile.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        survivor_id = get_issue(session, issue_id).merged_into_id
        if survivor_id is None:
            return MergeOut(issue=read_issue(session, issue_id), into=None)
        if out_of not in (None, survivor_id):
            raise MergedElsewhereError
        link = _link_of(session, issue_id)
        issue, survivor = lock_pair(session, issue_id, survivor_id)
        if issue.merged_into_id == survivor.id:
            if link is not None and link.issue_id == survivor.id:
                link.issue_id = issue.id
            unmerge_issue(session, issue, survivor, now)
            _record(session, "issue.unmerged", issue, survivor, principal, now)
        answer = _answer(session, issue.id, survivor.id)
    tell_index(resources)
    return answer


def _lock_link(session: WriteSession, issue_id: str) -> IncidentLink | None:
    """What ties an issue to an open incident, which is locked: before its issues, as everywhere."""
    open_one = (
        select(IncidentLink)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(IncidentLink.issue_id == issue_id, Incident.status == "open")
    )
    for link in session.scalars(open_one.limit(1)):
        lock_incident(session, link.incident_id)
        return link if isinstance(link, IncidentLink) else None
    return None


def _link_of(session: WriteSession, issue_id: str) -> IncidentLink | None:
    """The tie that was handed on when the issue was merged; its incident is locked."""
    named = (get_issue(session, issue_id).merge_record or {}).get("incident_link")
    link = session.get(IncidentLink, named) if named else None
    if link is not None:
        lock_incident(session, link.incident_id)
    return link


def _hand_on(session: WriteSession, link: IncidentLink | None, issue: Issue, survivor: Issue) -> None:
    """The issue that goes on belongs to the duplicate's incident, unless it belongs to one already."""
    if link is None or _tie_of(session, link.incident_id, survivor.id) is not None:
        return
    link.issue_id = survivor.id
    issue.merge_record = {**(issue.merge_record or {}), "incident_link": link.id}


def _tie_of(session: ReadSession, incident_id: str, issue_id: str) -> str | None:
    """A tie of an issue to this incident, open or not, or to another one that is open."""
    taken = (
        select(IncidentLink.id)
        .join(Incident, Incident.id == IncidentLink.incident_id)
        .where(IncidentLink.issue_id == issue_id, (Incident.status == "open") | (Incident.id == incident_id))
    )
    found: str | None = session.scalar(taken.limit(1))
    return found


def _record(
    session: WriteSession, action: str, issue: Issue, survivor: Issue, principal: Principal, now: datetime
) -> None:
    record_audit(session, AuditEvent(action, now, principal, issue.id, after={"into": survivor.id}))
    for each in (issue, survivor):
        enqueue(session, "analysis.analyze_issue", {"issue_id": each.id}, now=now)


def _answer(session: WriteSession, issue_id: str, survivor_id: str) -> MergeOut:
    session.flush()
    return MergeOut(issue=read_issue(session, issue_id), into=read_issue(session, survivor_id))
