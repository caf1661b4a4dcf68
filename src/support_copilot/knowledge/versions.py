"""The texts that an article had before: kept with each change of its words, and brought back on demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypedDict

from sqlalchemy import delete, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, ArticleVersion
from support_copilot.http.paging import PageRequest, paged
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import new_id

How = Literal["edited", "approved", "taken_back", "restored", "imported"]
#: What makes up the text of an article: a change of one of these keeps the text before.
WORDS: Final = ("title", "body", "category", "language", "tags")
#: Of each article; with one more the oldest goes.
MOST_VERSIONS: Final = 50


class VersionNotFoundError(NotFoundError):
    code, title = "article_version_not_found", "The article has no earlier text of this version"


class ArticleChanges(TypedDict, total=False):
    """Fields of an edit; one that is absent stays as it is."""

    title: str
    body: str
    language: str
    category: str | None
    tags: Sequence[str]
    status: str
    language_model_allowed: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """Who replaces a text, and why. ``note`` is in the words of a person, ``proposal_id`` what was decided on.

    ``unchanged_since``: nothing is changed, and that it still holds is taken back.
    """

    how: How
    by: str | None
    note: str | None = None
    proposal_id: str | None = None
    unchanged_since: datetime | None = None


def keep_version(session: WriteSession, article: Article, edit: Edit, *, now: datetime) -> None:
    """Keep the text of a locked article before it is replaced; the oldest goes where there are too many."""
    session.add(
        ArticleVersion(
            id=new_id("article_version"), article_id=article.id, version=article.version, title=article.title,
            body=article.body, category=article.category, language=article.language, tags=list(article.tags),
            status=article.status, contradictions=list(article.contradictions),
            source_issue_ids=list(article.source_issue_ids), language_model_allowed=article.language_model_allowed,
            replaced_at=now, replaced_by=edit.by, how=edit.how, note=edit.note, proposal_id=edit.proposal_id,
        )
    )  # fmt: skip
    session.flush()
    newest = select(ArticleVersion.id).where(ArticleVersion.article_id == article.id)
    ids = list(session.scalars(newest.order_by(ArticleVersion.version.desc())))
    if len(ids) > MOST_VERSIONS:
        session.execute(delete(ArticleVersion).where(ArticleVersion.id.in_(ids[MOST_VERSIONS:])))


def words_of(row: Article | ArticleVersion) -> ArticleChanges:
    """Its text, as changes that would make it the text of an article."""
    return {
        "title": row.title,
        "body": row.body,
        "category": row.category,
        "language": row.language,
        "tags": list(row.tags),
    }


def get_version(session: ReadSession, article_id: str, version: int) -> ArticleVersion:
    """The text that the article had as this version.

    Raises:
        VersionNotFoundError: none was kept.
    """
    query = select(ArticleVersion).where(ArticleVersion.article_id == article_id, ArticleVersion.version == version)
    row = session.scalar(query)
    if not isinstance(row, ArticleVersion):
        raise VersionNotFoundError
    return row


def list_versions(session: ReadSession, article_id: str, page: PageRequest) -> Sequence[ArticleVersion]:
    """One page of earlier texts and one row more, newest first."""
    query = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return list(session.scalars(paged(query, page, ArticleVersion.version, ArticleVersion.id)))
