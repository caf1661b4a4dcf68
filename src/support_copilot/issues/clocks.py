"""Response clocks: until when an issue is to be answered, then resolved, by its severity.

A clock runs from the opening of an issue, or from its last reopening, day and night. It is not shown while it is the
customer's turn, and an issue whose severity nobody has rated has none.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from sqlalchemy import ColumnElement, Integer, case, func, literal, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.functions import epoch_seconds
from support_copilot.db.models import Conversation, Issue, ResponseTarget
from support_copilot.http.fields import Severity
from support_copilot.identity.desk_settings import change_settings
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.resources import Resources

Clock = Literal["first_response", "resolution"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
#: What is due within this time, or was, is in the view ``due``.
SOON: Final = timedelta(hours=1)
#: The place of issues without a clock in the order of what is due: after all others.
NEVER: Final = 2**40


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes to the first response and to the resolution; None: nothing is promised."""

    first_response_minutes: int | None
    resolution_minutes: int | None


Targets = Mapping[Severity, Target]
#: What holds until an admin says otherwise.
DEFAULT_TARGETS: Final[Targets] = {
    "critical": Target(30, 4 * 60),
    "high": Target(2 * 60, 24 * 60),
    "medium": Target(8 * 60, 3 * 24 * 60),
    "low": Target(24 * 60, 7 * 24 * 60),
}


_TARGETS: Final = ResponseTarget.__table__.c
_READ_TARGETS: Final = select(_TARGETS.severity, _TARGETS.first_response_minutes, _TARGETS.resolution_minutes)


@dataclass(frozen=True, slots=True)
class Due:
    """The clock that runs, and the moment at which it is broken."""

    clock: Clock
    at: datetime


def load_targets(session: ReadSession) -> Targets:
    """The targets in force, of every severity."""
    changed = {
        row.severity: Target(row.first_response_minutes, row.resolution_minutes)
        for row in session.execute(_READ_TARGETS)
    }
    return {severity: changed.get(severity, DEFAULT_TARGETS[severity]) for severity in SEVERITIES}


def change_targets(resources: Resources, changes: Mapping[Severity, Target], principal: Principal) -> Targets:
    """Set the targets of the severities named; the others stay as they are.

    Raises:
        InvalidRequestError: an issue would have to be resolved before it is to be answered.
    """
    for severity, target in changes.items():
        answered, resolved = target.first_response_minutes, target.resolution_minutes
        if answered is not None and resolved is not None and resolved < answered:
            field = f"targets.{severity}.resolution_minutes"
            raise InvalidRequestError.of_field(field, "before_first_response", "is shorter than to the first response")

    def rows(session: WriteSession, _before: Targets) -> Iterator[ResponseTarget]:
        for severity, target in changes.items():
            row = session.lock(ResponseTarget, severity) or ResponseTarget(severity=severity)
            row.first_response_minutes = target.first_response_minutes
            row.resolution_minutes = target.resolution_minutes
            yield row

    return change_settings(resources, principal, "response_targets", load=load_targets, rows=rows, plain=_plain)


def _plain(targets: Targets) -> dict[str, object]:
    return {
        f"{severity}_{clock}": getattr(target, f"{clock}_minutes")
        for severity, target in targets.items()
        for clock in get_args(Clock)
    }


def due_of(issue: Issue, started_at: datetime, targets: Targets) -> Due | None:
    """The clock of an issue that runs; None where none does.

    Args:
        started_at: when it was opened, or reopened the last time; see ``starts_of``.
    """
    target = targets.get(issue.severity) if issue.status == "open" and issue.severity else None  # type: ignore[call-overload]
    if target is None:
        return None
    if issue.first_response_at is None and target.first_response_minutes is not None:
        return Due("first_response", started_at + timedelta(minutes=target.first_response_minutes))
    if target.resolution_minutes is not None:
        return Due("resolution", started_at + timedelta(minutes=target.resolution_minutes))
    return None


def starts_of(session: ReadSession, issues: Collection[Issue]) -> dict[str, datetime]:
    """When the clock of each issue began to run, by its id."""
    starts = {issue.id: issue.created_at for issue in issues}
    reopened = [issue.id for issue in issues if issue.reopened_count]
    if reopened:
        newest = func.max(Conversation.started_at).label("started_at")
        query = select(Conversation.issue_id, newest).where(Conversation.issue_id.in_(reopened))
        starts |= {
            row["issue_id"]: row["started_at"]
            for row in session.execute(query.group_by(Conversation.issue_id)).mappings()
        }
    return starts


def due_order(due: Due | None) -> int:
    """What a list is ordered by: whole seconds since 1970; the same as ``due_column`` of its row."""
    return NEVER if due is None else int(due.at.timestamp())


def due_column(targets: Targets) -> ColumnElement[int]:
    """The same in SQL."""
    newest = select(func.max(Conversation.started_at)).where(Conversation.issue_id == Issue.id).scalar_subquery()
    start = case((Issue.reopened_count > 0, epoch_seconds(newest)), else_=epoch_seconds(Issue.created_at))
    minutes = case(
        (Issue.first_response_at.is_(None), _minutes(targets, first=True)), else_=_minutes(targets, first=False)
    )
    due = start + minutes * 60
    return case((Issue.status != "open", NEVER), (minutes.is_(None), NEVER), else_=due)


def _minutes(targets: Targets, *, first: bool) -> ColumnElement[int | None]:
    """Minutes by severity, NULL where none are promised."""
    known = {
        severity: literal(minutes, Integer)
        for severity, target in targets.items()
        if (
            minutes := target.first_response_minutes
            if first and target.first_response_minutes is not None
            else target.resolution_minutes
        )
        is not None
    }
    return case(known, value=Issue.severity, else_=None) if known else literal(None, Integer)
