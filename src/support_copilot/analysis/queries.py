"""All SQL of the analysis: cards of past issues, recent resolution times, stored panels, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, String, Table, bindparam, func, or_, select, type_coerce

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Analysis, Correction, Issue, Resolution, Template
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.visibility import Sees, seen_issue

_RECENT = 200
_CATEGORIES = 40
_LABELLED = 2000
_TOPICS = 200
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Card:
    """A past issue with its newest fix, without its conversation."""

    id: str
    subject: str
    status: str
    severity: str | None
    severity_source: str | None
    category: str | None
    category_source: str | None
    channel: str
    customer_id: str | None
    created_at: datetime
    resolved_at: datetime | None
    reopened_count: int
    rating: int | None
    fix: Row[Any] | None


# Built once, of plain tables: making and hashing these anew took longer than running them, and every panel needs them.
_ISSUES, _FIXES = cast(Table, Issue.__table__).c, cast(Table, Resolution.__table__).c
_TEMPLATES = cast(Table, Template.__table__).c
# In the order of a card's fields.
_READ_CARDS = select(
    _ISSUES.id, _ISSUES.subject, _ISSUES.status, _ISSUES.severity, _ISSUES.severity_source, _ISSUES.category,
    _ISSUES.category_source, _ISSUES.channel, _ISSUES.customer_id, _ISSUES.created_at, _ISSUES.resolved_at,
    _ISSUES.reopened_count, _ISSUES.rating,
).where(_ISSUES.id.in_(bindparam("ids", expanding=True)))  # fmt: skip
_READ_FIXES = select(
    _FIXES.issue_id, _FIXES.text, _FIXES.steps, _FIXES.kind, _FIXES.resolved_in_hours, _FIXES.reopened,
).where(_FIXES.issue_id.in_(bindparam("ids", expanding=True))).order_by(_FIXES.created_at)  # fmt: skip
_READ_TEMPLATES = select(
    _TEMPLATES.id, _TEMPLATES.title, _TEMPLATES.body, _TEMPLATES.language, _TEMPLATES.category,
    _TEMPLATES.accepted_count, _TEMPLATES.edited_count, _TEMPLATES.rejected_count,
).where(_TEMPLATES.id.in_(bindparam("ids", expanding=True)))  # fmt: skip
_READ_RECENT = (
    # As the driver gives them: to make 400 moments of them one by one took longer than all that is done with them.
    select(type_coerce(_ISSUES.created_at, String), type_coerce(_ISSUES.resolved_at, String))
    # A duplicate ended when somebody saw that it was one.
    .where(_ISSUES.resolved_at < bindparam("before"), _ISSUES.created_at < _ISSUES.resolved_at)
    .where(is_nothing(_ISSUES.merged_into_id))
    .order_by(_ISSUES.resolved_at.desc())
    .limit(_RECENT)
)


def load_cards(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, Card]:
    """The cards of those issues that exist."""
    if not issue_ids:
        return {}
    ids = {"ids": list(issue_ids)}
    fixes = {row[0]: row for row in session.execute(_READ_FIXES, ids)}
    return {row[0]: Card(*[*row, fixes.get(row[0])]) for row in session.execute(_READ_CARDS, ids)}


def recent_resolutions(session: ReadSession, before: datetime) -> NDArray[np.float64]:
    """How long the latest resolved issues took and how long ago that was, newest end first, at most 200.

    Returns:
        float64 (n, 2): hours from opened to resolved, days since it was resolved.
    """
    rows = session.execute(_READ_RECENT, {"before": before}).all()
    moments = np.array([tuple(row) for row in rows], dtype="datetime64[us]").astype(np.int64).reshape(-1, 2)
    now = np.datetime64(before.astimezone(UTC).replace(tzinfo=None), "us").astype(np.int64)
    begun, ended = moments[:, 0], moments[:, 1]
    return np.column_stack([(ended - begun) / _SECOND_US / 3600, (now - ended) / _SECOND_US / 86_400])


def template_cards(session: ReadSession, template_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """What templates say, their language, category and outcome figures, by id."""
    if not template_ids:
        return {}
    return {row.id: row for row in session.execute(_READ_TEMPLATES, {"ids": list(template_ids)})}


def newest_analysis(session: ReadSession, issue_id: str) -> Analysis | None:
    """The stored panel of the issue that was made last."""
    query = select(Analysis).where(Analysis.issue_id == issue_id)
    row = session.scalar(query.order_by(Analysis.created_at.desc(), Analysis.id.desc()).limit(1))
    return row if isinstance(row, Analysis) else None


def irrelevant_issue_ids(session: ReadSession, issue_id: str) -> list[str]:
    """Past issues that a person said are not like this one, unless they were taken back since."""
    query = select(Correction.value).where(Correction.issue_id == issue_id, Correction.part == "similar_issues")
    verdicts: dict[str, bool] = {}
    for value in session.scalars(query.order_by(Correction.created_at, Correction.id)):
        verdicts[value["issue_id"]] = value["relevant"]
    return [other for other, relevant in verdicts.items() if not relevant]


def known_categories(session: ReadSession, team_id: str | None) -> list[str]:
    """Categories that people or imports gave to recent issues, or that templates have; the most used first, at most 40.

    Args:
        team_id: whose issues count, beside those of no team.
    """
    recent = (
        select(Issue.category)
        .where(Issue.category.is_not(None), or_(Issue.category_source.is_(None), Issue.category_source != "model"))
        .where(or_(Issue.team_id.is_(None), Issue.team_id == team_id))
        .order_by(Issue.created_at.desc(), Issue.id.desc())
        .limit(_LABELLED)
        .subquery()
    )
    used = (
        select(recent.c.category, func.count())
        .group_by(recent.c.category)
        .order_by(func.count().desc(), recent.c.category)
        .limit(_CATEGORIES)
    )
    titled = (
        select(Template.category)
        .where(Template.category.is_not(None))
        .distinct()
        .order_by(Template.category)
        .limit(_CATEGORIES)
    )
    names = [*(row[0] for row in session.execute(used)), *sorted(session.scalars(titled))]
    return list(dict.fromkeys(names))[:_CATEGORIES]


def topics_in_use(session: ReadSession, sees: Sees) -> list[str]:
    """Topics of recent issues that are seen, whoever named them, and of templates; by name, at most 200."""
    recent = select(Issue.category).where(Issue.category.is_not(None))
    if sees is not None:
        recent = recent.where(seen_issue(sees))
    newest = recent.order_by(Issue.created_at.desc(), Issue.id.desc()).limit(_LABELLED).subquery()
    titled = select(Template.category).where(Template.category.is_not(None)).distinct().limit(_TOPICS)
    named = session.scalars(select(newest.c.category).distinct().limit(_TOPICS))
    return sorted({*named, *session.scalars(titled)})[:_TOPICS]


def list_corrections(session: ReadSession, issue_id: str, page: PageRequest) -> Sequence[Correction]:
    """One page of what people said, and one row more, newest first."""
    query = select(Correction).where(Correction.issue_id == issue_id)
    return list(session.scalars(paged(query, page, Correction.created_at, Correction.id)))
