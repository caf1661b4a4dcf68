"""What is asked often and stands in no article: issues by topic whose draft had no source, or near which no article is.

Read are the newest issues of a period, with the newest draft of each and the vectors that search has of them. Where a
draft stood on an article there is no gap, however far that article seems.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Row, select

from support_copilot.db.documents import unpack_vector
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Article, Issue, Resolution, SearchDocument, Suggestion
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.kit.kept import Kept
from support_copilot.retrieval.embedding import understands

LOOK_BACK_DAYS: Final = 90
MOST_ISSUES: Final = 1_000
MOST_TOPICS: Final = 50
EXAMPLES: Final = 5
#: Below this likeness a passage fits no reply by itself.
NEAR: Final = 0.5
#: One alone is no topic that is asked often.
_LEAST: Final = 2
_MOST_ARTICLES: Final = 2_000
_MOST_DRAFTS: Final = 5_000
_Floats = np.ndarray[Any, np.dtype[np.float32]]
_FRESH: Final = timedelta(seconds=60)
_MOST_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Example:
    """An issue of a gap; ``solved``: with a fix; ``typical``: one of those that one article can be drafted from."""

    id: str
    external_id: str | None
    subject: str
    created_at: datetime
    solved: bool
    typical: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Of the ``issues`` of a topic ``uncovered`` found nothing: their draft said so, or no article is near them."""

    topic: str | None
    issues: int
    uncovered: int
    without_source: int
    without_article: int
    solved: int
    last_at: datetime
    examples: Sequence[Example]
    uncovered_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gaps:
    """``judged`` of the ``read`` issues had a draft or a vector to tell by; there may be more (not ``complete``)."""

    gaps: Sequence[Gap]
    read: int
    judged: int
    complete: bool


#: What was found of late, by whose issues are seen.
KeptGaps = Kept[Sees, Gaps]


def new_gaps() -> KeptGaps:
    """Nothing found yet. Kept for a minute, since it names issues that may be erased."""
    return Kept(_FRESH, _MOST_KEPT)


def find_gaps(session: ReadSession, embedder: str, sees: Sees, now: datetime) -> Gaps:
    """The topics of which most issues found nothing, the most first.

    Args:
        embedder: the model whose vectors are compared.
    """
    rows = _read_issues(session, sees, now)
    shown = rows[:MOST_ISSUES]
    ids = [row.id for row in shown]
    drafts = _newest_drafts(session, ids)
    vectors = _vectors(shown, embedder)
    far = _far_from_articles(session, vectors, embedder)
    solved = set(session.scalars(select(Resolution.issue_id).where(Resolution.issue_id.in_(ids), ~Resolution.reopened)))
    verdicts = {row.id: _verdict(drafts.get(row.id), far.get(row.id)) for row in shown}
    topics: defaultdict[str | None, list[Row[Any]]] = defaultdict(list)
    for row in shown:
        if verdicts[row.id] in ("source", "article"):
            topics[row.category].append(row)
    sizes = Counter(row.category for row in shown)
    gaps = [
        _gap(topic, sizes[topic], found, _typical(found, vectors, solved), verdicts, solved)
        for topic, found in topics.items()
        if len(found) >= _LEAST
    ]
    # Issues of no topic have nothing in common.
    gaps.sort(key=lambda gap: (gap.topic is None, -gap.uncovered, gap.topic or ""))
    judged = sum(verdict is not None for verdict in verdicts.values())
    return Gaps(gaps[:MOST_TOPICS], len(shown), judged, len(rows) <= MOST_ISSUES)


def _read_issues(session: ReadSession, sees: Sees, now: datetime) -> Sequence[Row[Any]]:
    query = (
        select(
            Issue.id, Issue.external_id, Issue.subject, Issue.category, Issue.language, Issue.created_at,
            SearchDocument.vector, SearchDocument.vector_model,
        )
        .outerjoin(SearchDocument, SearchDocument.id == Issue.id)
        .where(Issue.created_at >= now - timedelta(days=LOOK_BACK_DAYS))
        .order_by(Issue.created_at.desc(), Issue.id.desc())
        .limit(MOST_ISSUES + 1)
    )  # fmt: skip
    return session.execute(query if sees is None else query.where(seen_issue(sees))).all()


def _newest_drafts(session: ReadSession, ids: Sequence[str]) -> Mapping[str, Row[Any]]:
    query = (
        select(Suggestion.issue_id, Suggestion.checks, Suggestion.citations)
        .where(Suggestion.issue_id.in_(ids))
        .order_by(Suggestion.created_at.desc())
        .limit(_MOST_DRAFTS)
    )
    return {row.issue_id: row for row in reversed(session.execute(query).all())}


def _vectors(rows: Sequence[Row[Any]], embedder: str) -> Mapping[str, _Floats]:
    """By issue; without those whose language the model does not understand."""
    return {
        row.id: _vector(row.vector) for row in rows if row.vector is not None and row.vector_model == embedder
        and understands(embedder, row.language or "en")
    }  # fmt: skip


def _far_from_articles(session: ReadSession, vectors: Mapping[str, _Floats], embedder: str) -> Mapping[str, bool]:
    """By issue whether no published article is near."""
    query = (
        select(SearchDocument.vector, SearchDocument.filters)
        .where(SearchDocument.kind == "article", SearchDocument.vector_model == embedder, ~SearchDocument.deleted)
        .order_by(SearchDocument.created_at.desc())
        .limit(_MOST_ARTICLES)
    )
    articles = [row.vector for row in session.execute(query) if row.filters.get("status") == "published"]
    if not vectors or not articles:
        return dict.fromkeys(vectors, True)
    likeness = np.stack(list(vectors.values())) @ np.stack([_vector(each) for each in articles]).T
    return {issue_id: bool(near < NEAR) for issue_id, near in zip(vectors, likeness.max(axis=1), strict=True)}


def _typical(rows: Sequence[Row[Any]], vectors: Mapping[str, _Floats], solved: set[str]) -> set[str]:
    """Of those with a fix the ones about what most of them are about: one article can be of that."""
    known = [row.id for row in rows if row.id in solved and row.id in vectors]
    if len(known) < _LEAST:
        return {row.id for row in rows if row.id in solved}
    likeness = np.stack([vectors[each] for each in known]) @ np.stack([vectors[each] for each in known]).T
    middle = likeness[int((likeness >= NEAR).sum(axis=1).argmax())]
    return {each for each, near in zip(known, middle, strict=True) if near >= NEAR}


def _vector(stored: bytes) -> _Floats:
    vector = unpack_vector(stored)
    assert vector is not None  # noqa: S101  # only what is stored is unpacked
    return vector


def _verdict(draft: Row[Any] | None, far: bool | None) -> str | None:
    """Why an issue is uncovered (`source`, `article`), `none` where it is covered, None where nothing tells."""
    if draft is not None:
        if any(check["name"] == "sources" and check["verdict"] == "flagged" for check in draft.checks):
            return "source"
        if any((sentence.get("source") or {}).get("kind") == "article" for sentence in draft.citations):
            return "none"
    return None if far is None else "article" if far else "none"


def _gap(
    topic: str | None,
    size: int,
    rows: Sequence[Row[Any]],
    typical: set[str],
    verdicts: Mapping[str, str | None],
    solved: set[str],
) -> Gap:
    # Each part has the newest first.
    ordered = sorted(rows, key=lambda row: (row.id not in typical, row.id not in solved))
    return Gap(
        topic=topic,
        issues=size,
        uncovered=len(rows),
        without_source=sum(verdicts[row.id] == "source" for row in rows),
        without_article=sum(verdicts[row.id] == "article" for row in rows),
        solved=sum(row.id in solved for row in rows),
        last_at=max(row.created_at for row in rows),
        examples=[
            Example(row.id, row.external_id, row.subject, row.created_at, row.id in solved, row.id in typical)
            for row in ordered[:EXAMPLES]
        ],
        uncovered_ids=frozenset(row.id for row in rows),
    )


def drafts_of(session: ReadSession, gaps: Sequence[Gap]) -> Mapping[str | None, Row[Any]]:
    """By topic the newest unpublished article that was learned from an issue of its gap."""
    query = select(Article.id, Article.title, Article.source_issue_ids).where(Article.status == "draft")
    rows = session.execute(query.order_by(Article.created_at.desc()).limit(_MOST_ARTICLES)).all()
    found: dict[str | None, Row[Any]] = {}
    for gap in gaps:
        draft = next((row for row in rows if gap.uncovered_ids & set(row.source_issue_ids)), None)
        if draft is not None:
            found[gap.topic] = draft
    return found
