"""Stores imported templates and articles."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from support_copilot.connect.report import Outcome
from support_copilot.connect.rows import DocumentRow
from support_copilot.db.documents import put_document
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Article, Template
from support_copilot.kit.ids import new_id
from support_copilot.knowledge.documents import article_document, template_document
from support_copilot.knowledge.rendering import check_template
from support_copilot.knowledge.versions import WORDS, Edit, keep_version

#: What articles do not have.
_OF_TEMPLATES = ("tone", "folder", "add_tags", "then_status")


def write_template(session: WriteSession, row: DocumentRow, *, source: str, now: datetime) -> Outcome:
    """Add the template, or bring the one with this id up to date.

    Raises:
        InvalidRequestError: its placeholders cannot be read.
    """
    check_template(row.body)
    values = {"title": row.title, "body": row.body, "language": "en", **_without(row, "status", "created_at")}
    template, outcome = _put(session, Template, row, values, source, now)
    if outcome != "unchanged":
        put_document(session, template_document(template), None, None)
    return outcome


def write_article(session: WriteSession, row: DocumentRow, *, source: str, now: datetime) -> Outcome:
    """Add the article (published unless the file says otherwise), or bring the one with this id up to date."""
    values = {"title": row.title, "body": row.body, "language": "en", **_without(row, *_OF_TEMPLATES, "created_at")}
    values.setdefault("status", "published")
    if values["status"] == "published":
        values["published_at"] = row.given.get("created_at", now)
    article, outcome = _put(session, Article, row, values, source, now)
    if outcome != "unchanged":
        put_document(session, article_document(article), None, None)
    return outcome


def _put(
    session: WriteSession,
    table: type[Template] | type[Article],
    row: DocumentRow,
    values: dict[str, Any],
    source: str,
    now: datetime,
) -> tuple[Any, Outcome]:
    origin = row.external_source or source
    existing = session.scalar(
        select(table).where(table.external_source == origin, table.external_id == row.external_id)
    )
    if existing is None:
        created_at = row.given.get("created_at", now)
        lists: dict[str, Any] = {"contradictions": [], "source_issue_ids": []} if table is Article else {"active": True}
        record = table(
            id=new_id(table.__name__.lower()), external_source=origin, external_id=row.external_id, version=1,
            created_at=created_at, updated_at=created_at, **{"tags": [], **lists, **values},
        )  # fmt: skip
        session.add(record)
        session.flush()
        return record, "created"
    changes = {
        name: value
        for name, value in values.items()
        if getattr(existing, name) != value and not (name == "published_at" and existing.published_at)
    }
    if isinstance(existing, Article) and changes.keys() & set(WORDS):
        keep_version(session, existing, Edit("imported", None), now=now)
    for name, value in changes.items():
        setattr(existing, name, value)
    if changes:
        existing.version += 1
        existing.updated_at = now
        session.flush()
    return existing, "updated" if changes else "unchanged"


def _without(row: DocumentRow, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.given.items() if name not in names}
