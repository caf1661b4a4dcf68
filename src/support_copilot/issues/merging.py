"""Duplicates: an issue merged into another one of the same customer, and taken out again.

Nothing is moved. A merged issue keeps its messages, files and drafts; it is closed, found by no search for words and
counted in no figure, and the issue that it is merged into shows its messages among its own. What it was before, which
it remembers (``merge_record``), is all that is needed to take it out again. See docs/decisions/0025.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Issue, Message, ReadingMark, Team
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import check_issue_seen
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.events import say
from support_copilot.issues.queries import (
    ENDED,
    MAX_MESSAGES,
    IssueMergedError,
    count_messages,
    get_issue,
    load_issue,
    of_issue_or_merged,
)
from support_copilot.issues.schemas import issue_key
from support_copilot.issues.service import IssueFullError, touch
from support_copilot.kit.errors import ConflictError, InvalidRequestError
from support_copilot.kit.ids import is_id

#: Duplicates that one issue holds.
MOST_MERGED: Final = 200


class OtherCustomerError(ConflictError):
    code, title = "other_customer", "Only issues of the same customer can be merged"


class MergeCircleError(ConflictError):
    code, title = "merge_circle", "The other issue is merged into this one; take it out first"


class MergedElsewhereError(ConflictError):
    code, title = "merged_elsewhere", "Somebody merged the issue into another one meanwhile; it stays there"


class MergeBusyError(ConflictError):
    code, title = "merge_busy", "Somebody merges one of these issues at this moment; look at it once more"


def lock_pair(session: WriteSession, issue_id: str, into_id: str) -> tuple[Issue, Issue]:
    """An issue and the one that another is merged into, or is itself, locked in one order for all.

    Raises:
        IssueNotFoundError: one of them is not there.
        MergeBusyError: the other was merged elsewhere meanwhile.
    """
    survivor_id = get_issue(session, into_id).merged_into_id or into_id
    get_issue(session, issue_id)
    rows = select(Issue).where(Issue.id.in_({issue_id, into_id, survivor_id})).order_by(Issue.id).with_for_update()
    locked = {row.id: row for row in session.scalars(rows.execution_options(populate_existing=True))}
    survivor = locked.get(survivor_id)
    if issue_id not in locked or into_id not in locked or survivor is None or survivor.merged_into_id is not None:
        raise MergeBusyError
    if into_id != survivor_id and locked[into_id].merged_into_id != survivor_id:
        raise MergeBusyError
    return locked[issue_id], survivor


def merge_issue(session: WriteSession, issue: Issue, survivor: Issue, principal: Principal, now: datetime) -> bool:
    """Merge a locked issue, with what was merged into it, into another locked one; False where it is merged already.

    Raises:
        InvalidRequestError: into itself.
        IssueMergedError: it is merged into a third one.
        MergeCircleError: the other one is merged into it.
        OtherCustomerError: they are of two customers, or of one and of nobody known.
        IssueFullError: the other one would hold more messages or duplicates than an issue can.
    """
    if issue.merged_into_id == survivor.id:
        return False
    if issue.merged_into_id is not None:
        raise IssueMergedError(f"The issue is merged into {issue.merged_into_id} already.")
    if issue.customer_id != survivor.customer_id:
        raise OtherCustomerError("What one person wrote is not shown in the conversation of another.")
    parts = _parts_of(session, issue.id)
    _check_room(session, issue, survivor, len(parts) + 1)
    _raise_marks(session, issue, survivor, principal)
    say(session, issue, f"{_key(issue)} was merged into {_key(survivor)}.", now)
    issue.merge_record = _as_it_was(issue, survivor, principal, now)
    if issue.status not in ENDED:
        issue.status, issue.resolved_at = "closed", now
    issue.snoozed_until = None
    for part in (issue, *parts):
        part.merged_into_id, part.team_id = survivor.id, survivor.team_id
        touch(part, now)
    answered = [at for at in (issue.first_response_at, survivor.first_response_at) if at is not None]
    survivor.first_response_at = min(answered, default=None)
    _renew(session, issue, survivor, now)
    return True


def unmerge_issue(session: WriteSession, issue: Issue, survivor: Issue, now: datetime) -> None:
    """Take a locked issue out of the locked one that it is merged into: it is what it was, with all that is its own.

    What was merged into it comes along. What was said since stays with the other one, also what was sent to this one.
    """
    before = issue.merge_record or {}
    parts = _below(issue, _parts_of(session, survivor.id))
    team_id = before.get("team_id")
    for part in (issue, *parts):
        part.merged_into_id = issue.id
        part.team_id = team_id if team_id and session.get(Team, team_id) else None
        touch(part, now)
    issue.merged_into_id = issue.merge_record = None
    issue.status = before.get("status", "closed")
    issue.resolved_at, issue.snoozed_until = _moment(before, "resolved_at"), _moment(before, "snoozed_until")
    session.flush()
    if survivor.first_response_at == issue.first_response_at:
        known = [_moment(before, "survivor_first_response_at"), _first_reply(session, survivor.id)]
        survivor.first_response_at = min((at for at in known if at is not None), default=None)
    told = f"{_key(issue)} was taken out of {_key(survivor)} again."
    for each in (issue, survivor):
        say(session, each, told, now)
    _lower_marks(session, survivor)
    _renew(session, issue, survivor, now)


def check_target_seen(session: ReadSession, into_id: str, principal: Principal) -> None:
    """Refuse an issue to merge into that is not there or not seen, alike.

    Raises:
        IssueNotFoundError: there is none.
    """
    get_issue(session, into_id)
    check_issue_seen(session, into_id, principal.sees)


def refuse_itself(issue_id: str, into_id: str) -> None:
    """Refuse what is no other issue.

    Raises:
        InvalidRequestError: both are one, or the other is no id of an issue.
    """
    if not is_id(into_id, "issue"):
        raise InvalidRequestError.of_field("into", "unknown_issue", "names an issue that does not exist")
    if issue_id == into_id:
        raise InvalidRequestError.of_field("into", "same_issue", "is the issue itself")


def _check_room(session: ReadSession, issue: Issue, survivor: Issue, joining: int) -> None:
    if len(_parts_of(session, survivor.id)) + joining > MOST_MERGED:
        raise IssueFullError(f"An issue holds at most {MOST_MERGED} duplicates.")
    if count_messages(session, issue.id) + count_messages(session, survivor.id) >= MAX_MESSAGES:
        raise IssueFullError(f"Together they would have more than {MAX_MESSAGES} messages.")


def _parts_of(session: ReadSession, issue_id: str) -> Sequence[Issue]:
    return list(session.scalars(select(Issue).where(Issue.merged_into_id == issue_id).order_by(Issue.id)))


def _below(issue: Issue, parts: Sequence[Issue]) -> list[Issue]:
    """Those that came by way of this issue: merged into it, or into one that was."""
    found = {issue.id: issue}
    while joining := [
        part for part in parts if part.id not in found and (part.merge_record or {}).get("into") in found
    ]:
        found |= {part.id: part for part in joining}
    return [part for part in found.values() if part is not issue]


def _as_it_was(issue: Issue, survivor: Issue, principal: Principal, now: datetime) -> dict[str, Any]:
    moments = {
        "at": now,
        "resolved_at": issue.resolved_at,
        "snoozed_until": issue.snoozed_until,
        "survivor_first_response_at": survivor.first_response_at,
    }
    return {
        "into": survivor.id, "by": principal.id, "status": issue.status, "team_id": issue.team_id,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }  # fmt: skip


def _moment(record: dict[str, Any], name: str) -> datetime | None:
    stored = record.get(name)
    return datetime.fromisoformat(stored) if stored else None


def _waiting_since(session: ReadSession, issue_id: str) -> datetime | None:
    """When the customer wrote first after the newest reply, in the issue or in one that is merged into it."""
    public = of_issue_or_merged(session, Message.issue_id.expression, issue_id), Message.visibility == "public"
    replied = select(func.max(Message.created_at)).where(*public, Message.author == "agent")
    asked = select(func.min(Message.created_at)).where(*public, Message.author == "customer")
    newest = session.scalar(replied)
    moment: datetime | None = session.scalar(asked if newest is None else asked.where(Message.created_at > newest))
    return moment


def _key(issue: Issue) -> str:
    return issue_key(issue.id, issue.external_id)


def _first_reply(session: ReadSession, issue_id: str) -> datetime | None:
    reply = of_issue_or_merged(session, Message.issue_id.expression, issue_id), Message.author == "agent"
    said = select(Message.created_at).where(*reply, Message.visibility == "public").order_by(Message.created_at)
    moment: datetime | None = session.scalar(said.limit(1))
    return moment


def _renew(session: WriteSession, issue: Issue, survivor: Issue, now: datetime) -> None:
    touch(survivor, now)
    session.flush()
    if survivor.status not in ENDED:
        survivor.waiting_since = _waiting_since(session, survivor.id)
    for each in (issue, survivor):
        put_issue_document(session, load_issue(session, each.id), None, None)


def _raise_marks(session: WriteSession, issue: Issue, survivor: Issue, principal: Principal) -> None:
    """Who has read both, and who merges them after reading the other one, has read what comes of it."""
    own, joining = count_messages(session, survivor.id), count_messages(session, issue.id) + 1
    read_it = select(ReadingMark.person_id).where(ReadingMark.issue_id == issue.id, ReadingMark.seen >= joining - 1)
    people = {*session.scalars(read_it), principal.id}
    whole = (ReadingMark.issue_id == survivor.id) & (ReadingMark.seen >= own) & ReadingMark.person_id.in_(people)
    session.execute(update(ReadingMark).where(whole).values(seen=own + joining))


def _lower_marks(session: WriteSession, survivor: Issue) -> None:
    """Nobody has read more than there is, or the next message would pass for read."""
    left = count_messages(session, survivor.id)
    more = (ReadingMark.issue_id == survivor.id) & (ReadingMark.seen > left)
    session.execute(update(ReadingMark).where(more).values(seen=left))
