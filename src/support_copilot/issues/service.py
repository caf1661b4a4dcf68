"""What may be done to an issue, each step inside a transaction that the caller opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypedDict

from support_copilot.db.documents import change_filters
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Conversation, Customer, Issue, Message, Resolution
from support_copilot.db.outbox import enqueue
from support_copilot.http.concurrency import check_version
from support_copilot.http.fields import MAX_SUBJECT_CHARS
from support_copilot.issues.assigning import give_to_person, give_to_team
from support_copilot.issues.documents import refresh_issue_filters
from support_copilot.issues.mentions import keep_mentions
from support_copilot.issues.message_files import attach_files
from support_copilot.issues.order import waiting_of
from support_copilot.issues.queries import (
    ENDED,
    MAX_MESSAGES,
    IssueRecord,
    current_conversation,
    lock_issue,
    lock_survivor,
    mark_fix_reopened,
    next_position,
    refuse_merged,
    start_conversation,
)
from support_copilot.issues.rich_text import sanitise_html
from support_copilot.kit.clock import hours_between
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.ids import new_id
from support_copilot.kit.text import heading, one_line, shorten, storable

#: Fields of an edit that are taken as they are.
_PLAIN_FIELDS: Final = ("snoozed_until", "subject")


class IssueFullError(ConflictError):
    code, title = "issue_full", f"An issue holds at most {MAX_MESSAGES} messages; open another one"


class AlreadyResolvedError(ConflictError):
    code, title = "already_resolved", "The issue is resolved already"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be stored; ``created_at`` is given for what was said elsewhere before."""

    author: str
    body: str
    visibility: str = "public"
    body_html: str | None = None
    author_name: str | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    #: Files of the issue that become part of it.
    attachment_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue to be stored; the moments and figures of its past are given when it comes from another desk."""

    subject: str
    channel: str
    messages: Sequence[NewMessage]
    customer_id: str | None = None
    #: The record merged into the customer's by which it came.
    came_by_customer_id: str | None = None
    external_source: str | None = None
    external_id: str | None = None
    tags: Sequence[str] = ()
    status: str = "open"
    assignee: str | None = None
    severity: str | None = None
    severity_source: str | None = None
    category: str | None = None
    category_source: str | None = None
    language: str | None = None
    language_source: str | None = None
    #: The chance of a bad rating, in percent.
    rating_risk: int | None = None
    created_at: datetime | None = None
    resolved_at: datetime | None = None
    first_response_at: datetime | None = None
    reopened_count: int = 0
    rating: int | None = None
    rating_comment: str | None = None


@dataclass(frozen=True, slots=True)
class NewResolution:
    """A fix: what was done in words, and step by step where that is known."""

    text: str
    steps: Sequence[str] = ()
    kind: str | None = None
    reopened: bool = False
    created_at: datetime | None = None
    created_by: str | None = None


class IssueRows(NamedTuple):
    """What a new issue is stored as, in the order of sending."""

    issue: Issue
    conversation: Conversation
    messages: tuple[Message, ...]


class IssueChanges(TypedDict, total=False):
    """Fields of an edit; one that is absent stays as it is."""

    status: str
    assignee: str | None
    snoozed_until: datetime | None
    severity: str
    category: str
    tags: Sequence[str]
    subject: str
    #: None: of no team.
    team_id: str | None
    #: Score (1 to 5) and comment; None takes the rating away.
    rating: tuple[int, str | None] | None


def insert_issue(
    session: WriteSession, new: NewIssue, *, now: datetime, customer: Customer | None = None
) -> IssueRecord:
    """Store an issue with its first conversation and messages; three statements, whatever their number.

    Args:
        customer: the row of ``new.customer_id`` if the caller has it, for the record returned.

    Raises:
        IssueFullError: more messages than an issue holds.
        sqlalchemy.exc.IntegrityError: the external reference is there already; read that issue anew.
    """
    rows = issue_rows(new, now=now)
    for part in ([rows.issue], [rows.conversation], rows.messages):
        session.add_all(part)
        session.flush()  # in this order, because no relationship tells the order of foreign keys
    keep_mentions(session, rows.messages)
    return IssueRecord(rows.issue, customer, rows.messages)


def issue_rows(new: NewIssue, *, now: datetime) -> IssueRows:
    """The rows of a new issue, not sent yet.

    Raises:
        IssueFullError: more messages than an issue holds.
    """
    if len(new.messages) > MAX_MESSAGES:
        raise IssueFullError
    created_at = new.created_at or now
    said_at = [message.created_at or created_at for message in new.messages]
    ended_at = max([created_at, *said_at]) if new.resolved_at is None else new.resolved_at
    issue = _issue_row(new, created_at, said_at, ended_at if new.status in ENDED else None)
    conversation = Conversation(
        id=new_id("conversation"), issue_id=issue.id, sequence=0, started_at=created_at, ended_at=issue.resolved_at
    )
    messages = tuple(
        _message_row(message, issue.id, conversation.id, position, moment)
        for position, (message, moment) in enumerate(zip(new.messages, said_at, strict=True))
    )
    return IssueRows(issue, conversation, messages)


def append_message(
    session: WriteSession, issue: Issue, new: NewMessage, *, now: datetime, follow: bool = True
) -> Message:
    """Add a message to the end; one of the customer after the end of an issue opens it again.

    What is said to an issue that is merged into another one is said there: see ``issue_id`` of the answer. The row is
    locked first and brought up to date; its search document is the caller's to renew.

    Args:
        follow: False keeps a message with a merged issue itself and changes nothing else: what was said long ago.

    Raises:
        IssueFullError: the issue holds as many messages as it can.
    """
    addressed = issue.id
    issue = lock_survivor(session, addressed) if follow else lock_issue(session, addressed)
    moment = new.created_at or now
    position = next_position(session, issue.id)
    if position >= MAX_MESSAGES:
        raise IssueFullError
    from_customer = new.author == "customer" and new.visibility == "public" and issue.merged_into_id is None
    if from_customer:
        issue.snoozed_until = None
    if _is_reply(new):
        issue.waiting_since = None
    if from_customer and issue.status in ENDED and (issue.resolved_at is None or moment >= issue.resolved_at):
        conversation = _reopen(session, issue, "open", moment)
        change_filters(session, issue.id, {"status": issue.status})
    else:
        conversation = _conversation(session, issue)
    if from_customer and issue.waiting_since is None and issue.status not in ENDED:
        issue.waiting_since = moment
    if _is_reply(new) and issue.first_response_at is None:
        issue.first_response_at = moment
    touch(issue, now)
    message = _message_row(new, issue.id, conversation.id, position, moment)
    session.add(message)
    session.flush()
    attach_files(session, addressed, new.attachment_ids, message)
    keep_mentions(session, [message])
    return message


def resolve_issue(session: WriteSession, issue_id: str, new: NewResolution, *, now: datetime) -> Resolution:
    """Close the issue with the fix that worked and ask for its summary.

    Raises:
        IssueNotFoundError: no issue has this id.
        IssueMergedError: the issue is merged into another one.
        AlreadyResolvedError: the issue is resolved or closed.
    """
    issue = lock_issue(session, issue_id)
    refuse_merged(issue)
    if issue.status in ENDED:
        raise AlreadyResolvedError
    resolution = add_resolution(session, issue, new, now=now)
    _end(session, issue, "resolved", now)
    touch(issue, now)
    change_filters(session, issue.id, {"status": issue.status, "has_fix": "yes"})
    return resolution


def add_resolution(session: WriteSession, issue: Issue, new: NewResolution, *, now: datetime) -> Resolution:
    """Store a fix without changing the issue: what an import of past issues needs.

    ``resolved_in_hours`` counts from the issue's beginning, or from its last reopening.
    """
    resolution = resolution_row(issue, _conversation(session, issue), new, now=now)
    session.add(resolution)
    session.flush()
    return resolution


def resolution_row(issue: Issue, conversation: Conversation, new: NewResolution, *, now: datetime) -> Resolution:
    """The row of a fix, not sent yet."""
    moment = new.created_at or now
    began = conversation.started_at if conversation.sequence else issue.created_at
    return Resolution(
        id=new_id("resolution"), issue_id=issue.id, conversation_id=conversation.id, text=storable(new.text).strip(),
        steps=[one_line(step) for step in new.steps], kind=new.kind, reopened=new.reopened,
        resolved_in_hours=max(0.0, hours_between(began, moment)), created_by=new.created_by,
        created_at=moment, updated_at=moment,
    )  # fmt: skip


def edit_issue(
    session: WriteSession,
    issue_id: str,
    changes: IssueChanges,
    *,
    if_match: str | None = None,
    now: datetime,
    teams_limit: bool = False,
) -> Issue:
    """Change what a person may change; a severity or category that a person set is not the model's any more.

    Status: ending an issue ends its conversation and asks for the summary; taking an ended one up again
    counts as a reopening and starts the next conversation.

    Args:
        teams_limit: agents see the issues of their teams and of none only.

    Raises:
        IssueNotFoundError: no issue has this id.
        StaleVersionError: the issue changed since ``if_match`` was read.
        IssueMergedError: the issue is merged into another one.
        InvalidRequestError: it is given to somebody, or to a team, that cannot have it.
    """
    issue = lock_issue(session, issue_id)
    check_version(if_match, issue.version)
    refuse_merged(issue)
    if not changes:
        return issue
    if "status" in changes:
        _change_status(session, issue, changes["status"], now)
    if "severity" in changes:
        issue.severity, issue.severity_source = changes["severity"], "agent"
    if "category" in changes:
        issue.category, issue.category_source = changes["category"], "agent"
    _give(session, issue, changes, now, teams_limit=teams_limit)
    for name in _PLAIN_FIELDS:
        if name in changes:
            setattr(issue, name, changes[name])
    if "tags" in changes:
        issue.tags = list(dict.fromkeys(changes["tags"]))
    if "rating" in changes:
        issue.rating, issue.rating_comment = changes["rating"] or (None, None)
    touch(issue, now)
    refresh_issue_filters(session, issue)
    return issue


def _give(session: WriteSession, issue: Issue, changes: IssueChanges, now: datetime, *, teams_limit: bool) -> None:
    """The team first: it decides which person may have the issue."""
    if "team_id" in changes:
        give_to_team(session, issue, changes["team_id"], now, teams_limit=teams_limit)
    if "assignee" in changes:
        give_to_person(session, issue, changes["assignee"], teams_limit=teams_limit)


def _issue_row(new: NewIssue, created_at: datetime, said_at: Sequence[datetime], ended_at: datetime | None) -> Issue:
    replied_at = [moment for message, moment in zip(new.messages, said_at, strict=True) if _is_reply(message)]
    return Issue(
        id=new_id("issue"), customer_id=new.customer_id, came_by_customer_id=new.came_by_customer_id,
        subject=shorten(heading(new.subject), MAX_SUBJECT_CHARS), channel=new.channel, status=new.status,
        severity=new.severity, severity_source=new.severity_source,
        category=new.category, category_source=new.category_source, language=new.language,
        language_source=new.language_source, rating_risk=new.rating_risk, assignee=new.assignee,
        tags=list(dict.fromkeys(new.tags)), waiting_since=None if new.status in ENDED else _waiting(new, said_at),
        first_response_at=new.first_response_at or (replied_at[0] if replied_at else None), resolved_at=ended_at,
        reopened_count=new.reopened_count, rating=new.rating, rating_comment=new.rating_comment,
        external_source=new.external_source, external_id=new.external_id, created_at=created_at,
        updated_at=max([created_at, *said_at, *([ended_at] if ended_at else [])]), version=1,
    )  # fmt: skip


def _waiting(new: NewIssue, said_at: Sequence[datetime]) -> datetime | None:
    said = [(one.author, one.visibility, moment) for one, moment in zip(new.messages, said_at, strict=True)]
    return waiting_of(said)


def _message_row(new: NewMessage, issue_id: str, conversation_id: str, position: int, moment: datetime) -> Message:
    return Message(
        id=new_id("message"), issue_id=issue_id, conversation_id=conversation_id, position=position,
        author=new.author, author_name=new.author_name, created_by=new.created_by, visibility=new.visibility,
        body=storable(new.body),
        body_html=sanitise_html(storable(new.body_html)) if new.body_html else None, created_at=moment,
    )  # fmt: skip


def _is_reply(message: NewMessage) -> bool:
    return message.author == "agent" and message.visibility == "public"


def touch(issue: Issue, now: datetime) -> None:
    """Say that the issue, or what is said about it, was changed: open pages read it anew."""
    issue.updated_at = now
    issue.version += 1


def _conversation(session: WriteSession, issue: Issue) -> Conversation:
    return current_conversation(session, issue.id) or start_conversation(session, issue.id, 0, issue.created_at)


def _change_status(session: WriteSession, issue: Issue, status: str, now: datetime) -> None:
    if issue.status in ENDED and status not in ENDED:
        _reopen(session, issue, status, now)
    elif issue.status not in ENDED and status in ENDED:
        _end(session, issue, status, now)
    else:
        issue.status = status


def _end(session: WriteSession, issue: Issue, status: str, now: datetime) -> None:
    conversation = _conversation(session, issue)
    conversation.ended_at = now
    issue.status, issue.resolved_at, issue.waiting_since = status, now, None
    enqueue(
        session,
        "summarization.summarize_issue",
        {"issue_id": issue.id, "conversation_id": conversation.id},
        now=now,
        dedupe_key=f"summarization.summarize_issue:{conversation.id}",
    )


def _reopen(session: WriteSession, issue: Issue, status: str, moment: datetime) -> Conversation:
    ended = _conversation(session, issue)
    ended.ended_at = ended.ended_at or issue.resolved_at
    issue.status, issue.resolved_at, issue.waiting_since = status, None, None
    issue.reopened_count += 1
    mark_fix_reopened(session, issue.id, moment)
    conversation = start_conversation(session, issue.id, ended.sequence + 1, moment)
    session.flush()
    return conversation
