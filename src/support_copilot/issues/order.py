"""Copilot order: what to take next. The points of an issue, their sum in SQL, and what each is for.

docs/operations.md says the same in words. Points hold at a moment, since waiting and promises move on; the pages of one
list are of the moment of its first page, which the cursor carries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Integer, case, func, literal, select

from support_copilot.db.functions import epoch_seconds
from support_copilot.db.models import Customer, Issue
from support_copilot.http.paging import PageRequest
from support_copilot.issues.clocks import SOON, Targets, due_column
from support_copilot.issues.queries import ENDED
from support_copilot.kit.errors import InvalidRequestError

Risk = Literal["high", "medium", "low"]
OrderPart = Literal["severity", "promise", "waiting", "risk", "plan", "turn"]
#: From so many percent on a bad rating is told as likely; the panel has the same steps.
RISK_FROM: Final[Mapping[Risk, int]] = {"high": 50, "medium": 25, "low": 0}

SEVERITY_POINTS: Final = {"critical": 200, "high": 100, "medium": 50, "low": 20}
#: Nobody has rated it yet: it counts as medium.
_UNRATED: Final = 50
_BROKEN, _WITHIN_HOUR, _WITHIN_FOUR_HOURS = 60, 40, 20
_FOUR_HOURS: Final = 4 * 3600
_MOST_WAITING_H: Final = 48
_MOST_RISK: Final = 40
_CUSTOMERS_TURN, _OVER = -500, -1000
#: What sums are kept in, so that they are whole numbers: a point is an hour, and the second counts.
_UNIT: Final = 3600
_LAST_SECOND: Final = 2**35


class OrderColumns(NamedTuple):
    """The points of an issue by what they are for, in SQL, and their sum."""

    severity: ColumnElement[int]
    promise: ColumnElement[int]
    waiting: ColumnElement[int]
    risk: ColumnElement[int]
    plan: ColumnElement[int]
    turn: ColumnElement[int]

    @property
    def total(self) -> ColumnElement[int]:
        return self.severity + self.promise + self.waiting + self.risk + self.plan + self.turn


@dataclass(frozen=True, slots=True)
class Place:
    """Why an issue is where it is: points in all, and those that count for or against it, the most first."""

    points: int
    parts: tuple[tuple[OrderPart, int], ...]


def order_columns(targets: Targets, plan_points: Mapping[str, int], now: int) -> OrderColumns:
    """The points of each issue.

    Args:
        plan_points: by name of the plan in small letters.
        now: seconds since 1970.
    """
    is_open = Issue.status == "open"
    due, waited = due_column(targets), now - epoch_seconds(Issue.waiting_since)
    most = _MOST_WAITING_H * 3600
    promise = case(
        (due <= now, _BROKEN * _UNIT),
        (due <= now + int(SOON.total_seconds()), _WITHIN_HOUR * _UNIT),
        (due <= now + _FOUR_HOURS, _WITHIN_FOUR_HOURS * _UNIT),
        else_=0,
    )
    waits = case((waited < 0, 0), (waited > most, most), else_=waited)
    return OrderColumns(
        severity=case({name: points * _UNIT for name, points in SEVERITY_POINTS.items()}, value=Issue.severity,
                      else_=_UNRATED * _UNIT),
        promise=case((is_open, promise), else_=0),
        waiting=case((is_open & Issue.waiting_since.is_not(None), waits), else_=0),
        risk=func.coalesce(Issue.rating_risk, 0) * (_MOST_RISK * _UNIT // 100),
        plan=_plan(plan_points),
        turn=case((is_open, 0), (Issue.status.in_(sorted(ENDED)), _OVER * _UNIT), else_=_CUSTOMERS_TURN * _UNIT),
    )  # fmt: skip


def _plan(points: Mapping[str, int]) -> ColumnElement[int]:
    if not points:
        return literal(0, Integer)
    known = case({name: value * _UNIT for name, value in points.items()}, value=func.lower(Customer.plan), else_=0)
    return func.coalesce(select(known).where(Customer.id == Issue.customer_id).scalar_subquery(), 0, type_=Integer)


def place_of(parts: Mapping[str, Any]) -> Place:
    """The place that these points, as SQL summed them, are for."""
    units = {name: int(parts[name]) for name in OrderColumns._fields}
    whole = {name: value // _UNIT for name, value in units.items()}
    # Points follow the units that lists are sorted by, and their parts add up: those nearest to the next go up.
    points = round(sum(units.values()) / _UNIT)
    nearest = sorted(units, key=lambda name: whole[name] * _UNIT - units[name])
    for name in nearest[: points - sum(whole.values())]:
        whole[name] += 1
    told = sorted(((name, value) for name, value in whole.items() if value), key=lambda part: -abs(part[1]))
    return Place(points, tuple(told))  # type: ignore[arg-type]


def moment_of(page: PageRequest, now: datetime) -> tuple[int, PageRequest]:
    """At which moment points are counted, in seconds since 1970: that of the first page; and what is left to page by.

    Raises:
        InvalidRequestError: the cursor is of no list in this order.
    """
    if page.cursor is None:
        return int(now.timestamp()), page
    moment, _, inner = page.cursor.partition(".")
    if not (moment.isascii() and moment.isdecimal() and inner) or len(moment) > 12 or int(moment) > _LAST_SECOND:
        raise InvalidRequestError.of_field("cursor", "invalid_cursor", "is not a cursor of this list")
    return int(moment), PageRequest(limit=page.limit, cursor=inner)


def at_moment(cursor: str | None, moment: int) -> str | None:
    """The cursor of the next page, which counts points at the same moment."""
    return None if cursor is None else f"{moment}.{cursor}"


def risk_of(percent: int | None) -> Risk | None:
    """How likely a bad rating is, in a word."""
    return None if percent is None else next(risk for risk, least in RISK_FROM.items() if percent >= least)


def has_risk(risks: Sequence[Risk]) -> ColumnElement[bool]:
    """Issues of which a bad rating is as likely as one of these words says."""
    word = case(*((Issue.rating_risk >= least, risk) for risk, least in RISK_FROM.items()))
    return word.in_(sorted(risks))


def waiting_of(said: Sequence[tuple[str, str, datetime]]) -> datetime | None:
    """Since when the customer waits for an answer: since the first message after the newest reply.

    Args:
        said: author, visibility and moment of each message, oldest first.
    """
    since: datetime | None = None
    for author, visibility, moment in said:
        if visibility != "public":
            continue
        if author == "agent":
            since = None
        elif author == "customer" and since is None:
            since = moment
    return since.astimezone(UTC) if since else None
