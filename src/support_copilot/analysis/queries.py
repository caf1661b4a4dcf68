"""All SQL of the analysis: cards of past issues, recent resolution times, stored panels, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Analysis, Correction, Issue, Resolution, Template
from support_copilot.http.paging import PageRequest, paged

_RECENT = 200
_CATEGORIES = 40


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


_CARD_COLUMNS = (
    Issue.id, Issue.subject, Issue.status, Issue.severity, Issue.severity_source, Issue.category,
    Issue.category_source, Issue.channel, Issue.customer_id, Issue.created_at, Issue.resolved_at,
    Issue.reopened_count, Issue.rating,
)  # fmt: skip
_FIX_COLUMNS = (
    Resolution.issue_id, Resolution.text, Resolution.steps, Resolution.kind, Resolution.resolved_in_hours,
    Resolution.reopened,
)  # fmt: skip


def load_cards(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, Card]:
    """The cards of those issues that exist."""
    if not issue_ids:
        return {}
    newest_last = select(*_FIX_COLUMNS).where(Resolution.issue_id.in_(issue_ids)).order_by(Resolution.created_at)
    fixes = {row.issue_id: row for row in session.execute(newest_last)}
    rows = session.execute(select(*_CARD_COLUMNS).where(Issue.id.in_(issue_ids))).mappings()
    return {row["id"]: Card(**row, fix=fixes.get(row["id"])) for row in rows}


def recent_resolutions(session: ReadSession, before: datetime) -> list[tuple[datetime, datetime]]:
    """When the latest resolved issues began and ended, newest end first, at most 200."""
    query = (
        select(Issue.created_at, Issue.resolved_at)
        .where(Issue.resolved_at < before, Issue.created_at < Issue.resolved_at)
        .order_by(Issue.resolved_at.desc())
        .limit(_RECENT)
    )
    return [(row.created_at, row.resolved_at) for row in session.execute(query)]


def template_cards(session: ReadSession, template_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Title, language, category and outcome figures of templates, by id."""
    if not template_ids:
        return {}
    columns = (Template.id, Template.title, Template.language, Template.category, Template.accepted_count,
               Template.edited_count, Template.rejected_count)  # fmt: skip
    return {row.id: row for row in session.execute(select(*columns).where(Template.id.in_(template_ids)))}


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


def known_categories(session: ReadSession) -> list[str]:
    """Categories that people or imports gave to issues, or that templates have; the most used first, at most 40."""
    used = (
        select(Issue.category, func.count())
        .where(Issue.category.is_not(None), or_(Issue.category_source.is_(None), Issue.category_source != "model"))
        .group_by(Issue.category)
        .order_by(func.count().desc(), Issue.category)
        .limit(_CATEGORIES)
    )
    titled = select(Template.category).where(Template.category.is_not(None)).distinct().limit(_CATEGORIES)
    names = [*(row[0] for row in session.execute(used)), *sorted(session.scalars(titled))]
    return list(dict.fromkeys(names))[:_CATEGORIES]


def list_corrections(session: ReadSession, issue_id: str, page: PageRequest) -> Sequence[Correction]:
    """One page of what people said, and one row more, newest first."""
    query = select(Correction).where(Correction.issue_id == issue_id)
    return list(session.scalars(paged(query, page, Correction.created_at, Correction.id)))
