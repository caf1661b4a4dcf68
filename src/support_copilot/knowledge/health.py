"""How articles do: how often drafts stood on them, what agents and customers made of those, what may be out of date.

Sources stand inside the drafts that were kept: the newest of a period are read, at most so many, and what they say is
told again for a while.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Article, Issue, Suggestion
from support_copilot.identity.visibility import Sees, seen_issue, seen_issue_ids
from support_copilot.kit.kept import Kept

#: Drafts of so many days are looked at, and of these so many.
USED_DAYS: Final = 90
MOST_DRAFTS: Final = 5_000
#: The articles that were changed last; others are not looked at.
MOST_ARTICLES: Final = 2_000
_FRESH: Final = timedelta(seconds=60)
_MOST_KEPT: Final = 32
_SATISFIED: Final = 4

HealthSort = Literal["changed", "oldest", "used", "kept", "helpful"]
HealthState = Literal["stale", "contradicted", "unused"]


@dataclass(slots=True)
class Uses:
    """Drafts that stood on an article; ``rated`` are those that were kept and whose issue the customer rated."""

    drafts: int = 0
    kept: int = 0
    rejected: int = 0
    rated: int = 0
    satisfied: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AllUses:
    """By article; ``read`` drafts were looked at, of which there may be more (not ``complete``)."""

    of: Mapping[str, Uses]
    read: int
    complete: bool


#: What was counted of late, by whose issues are seen.
UsesOfArticles = Kept[Sees, AllUses]


def new_uses() -> UsesOfArticles:
    """Nothing counted yet."""
    return Kept(_FRESH, _MOST_KEPT)


def count_uses(session: ReadSession, sees: Sees, now: datetime) -> AllUses:
    """What the newest drafts of issues that are seen stood on."""
    query = (
        select(Suggestion.citations, Suggestion.outcome, Suggestion.created_at, Issue.rating)
        .join(Issue, Issue.id == Suggestion.issue_id)
        .where(Suggestion.created_at >= now - timedelta(days=USED_DAYS))
    )
    if sees is not None:
        query = query.where(seen_issue(sees))
    found: dict[str, Uses] = {}
    rows = session.execute(query.order_by(Suggestion.created_at.desc()).limit(MOST_DRAFTS + 1)).all()
    for row in rows[:MOST_DRAFTS]:
        sources = (sentence.get("source") for sentence in row.citations)
        for article_id in {source["id"] for source in sources if source and source["kind"] == "article"}:
            _count(found.setdefault(article_id, Uses()), row)
    return AllUses(found, min(len(rows), MOST_DRAFTS), len(rows) <= MOST_DRAFTS)


def _count(uses: Uses, row: Row[Any]) -> None:
    uses.drafts += 1
    uses.last_at = max(uses.last_at or row.created_at, row.created_at)
    uses.rejected += row.outcome == "rejected"
    if row.outcome in ("accepted", "edited"):
        uses.kept += 1
        if row.rating is not None:
            uses.rated += 1
            uses.satisfied += row.rating >= _SATISFIED


@dataclass(frozen=True, slots=True)
class Health:
    """An article without its text, and how it does."""

    article: Row[Any]
    uses: Uses
    contradictions: int
    is_old: bool

    @property
    def is_stale(self) -> bool:
        """Nobody changed or confirmed it for long, or a resolved issue speaks against it."""
        return bool(self.article.status == "published" and (self.is_old or self.contradictions))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are asked for; nothing set: all. Those unchanged since ``old_before`` are old."""

    statuses: Sequence[str]
    language: str | None
    category: str | None
    article_id: str | None
    state: HealthState | None
    old_before: datetime


def list_health(session: ReadSession, wanted: Wanted, uses: AllUses, sees: Sees) -> list[Health]:
    """The articles that are asked for, those that were changed last."""
    query = select(
        Article.id, Article.title, Article.category, Article.language, Article.status, Article.updated_at,
        Article.contradictions,
    )  # fmt: skip
    for column, value in ((Article.language, wanted.language), (Article.category, wanted.category)):
        if value is not None:
            query = query.where(column == value)
    if wanted.statuses:
        query = query.where(Article.status.in_(wanted.statuses))
    if wanted.article_id is not None:
        query = query.where(Article.id == wanted.article_id)
    rows = session.execute(query.order_by(Article.updated_at.desc(), Article.id.desc()).limit(MOST_ARTICLES)).all()
    seen = seen_issue_ids(session, {noted["issue_id"] for row in rows for noted in row.contradictions}, sees)
    found = [
        Health(
            row,
            uses.of.get(row.id, Uses()),
            sum(noted["issue_id"] in seen for noted in row.contradictions),
            row.updated_at < wanted.old_before,
        )
        for row in rows
    ]
    return [each for each in found if wanted.state is None or _IS[wanted.state](each)]


def in_order(found: Sequence[Health], sort: HealthSort) -> list[Health]:
    """Those that do most first; of equals the one that was changed last."""
    newest = sorted(found, key=lambda each: (each.article.updated_at, each.article.id), reverse=True)
    return sorted(newest, key=_ORDER[sort])


_IS: Final[Mapping[HealthState, Callable[[Health], bool]]] = {
    "stale": lambda each: each.is_stale,
    "contradicted": lambda each: each.contradictions > 0,
    "unused": lambda each: each.article.status == "published" and each.uses.drafts == 0,
}
_ORDER: Final[Mapping[HealthSort, Callable[[Health], float]]] = {
    "changed": lambda each: -each.article.updated_at.timestamp(),
    "oldest": lambda each: each.article.updated_at.timestamp(),
    "used": lambda each: -each.uses.drafts,
    "kept": lambda each: -each.uses.kept,
    "helpful": lambda each: -each.uses.satisfied,
}
