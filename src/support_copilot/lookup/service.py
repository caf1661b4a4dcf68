"""Finding records by what a person types: an id, a customer, or words in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select

from support_copilot.backends.search.port import SearchHit
from support_copilot.customers.queries import search_customers
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer, Issue, SearchDocument
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.kit.ids import end_of_spoken
from support_copilot.kit.text import one_line, shorten
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text
from support_copilot.retrieval.find import find_documents

Kind = Literal["issue", "customer", "article", "template"]

_SNIPPET_CHARS: Final = 240
#: Of Markdown; on one line it would stand among the words.
_HEADING_MARK: Final = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BEFORE_MATCH_CHARS: Final = 60
#: Without a common word, texts less like the query than this are about something else (MiniLM cosine).
_LEAST_LIKENESS: Final = 0.25
#: Beside other kinds only the best few customers are shown.
_CUSTOMERS_AMONG_OTHERS: Final = 5
#: Issues that a key or a reference may name, and of how many those that may be seen are taken.
_MOST_NAMED: Final = 5
_NAMED_ALIKE: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One record, best first. ``score`` compares records of one kind within one answer only."""

    kind: Kind
    id: str
    title: str
    snippet: str
    score: float
    status: str | None


def look_up(
    resources: Resources,
    text: str,
    *,
    kinds: Sequence[Kind],
    statuses: Sequence[str] = (),
    limit: int = 20,
    sees: Sees = None,
) -> list[Found]:
    """Records for a line that a person typed: one named by its id, then customers, then texts by words and meaning.

    Args:
        statuses: only issues and articles with one of these; other kinds have no status and are left out.
        sees: teams whose issues may be found, beside those of no team, with their customers; None: all.

    Raises:
        SearchUnavailableError: the index cannot answer.
    """
    with resources.database.read() as session:
        named = _named(session, text, sees) if "issue" in kinds else []
        people = _people(session, text, kinds, limit, sees) if "customer" in kinds and not statuses else []
    texts = _texts(resources, text, [kind for kind in kinds if kind != "customer"], statuses, limit, sees)
    allowed = [found for found in named if not statuses or found.status in statuses]
    by_id = {found.id: found for found in [*allowed, *people, *texts]}
    return list(by_id.values())[:limit]


def snippet(body: str, matched_words: Sequence[str]) -> str:
    """The part of a text around the first matched word, on one line."""
    line = one_line(_HEADING_MARK.sub("", body))
    lowered = line.lower()
    places = [place for word in matched_words if (place := lowered.find(word.lower())) >= 0]
    start = max(0, min(places) - _BEFORE_MATCH_CHARS) if places else 0
    if start == 0:
        return shorten(line, _SNIPPET_CHARS)
    # Begin with a whole word, unless there is none near.
    start = line.find(" ", start, start + _BEFORE_MATCH_CHARS) + 1 or start
    return "…" + shorten(line[start:], _SNIPPET_CHARS - 1)


def _named(session: ReadSession, text: str, sees: Sees) -> list[Found]:
    """Issues whose id, here or at another desk, or whose key is the text."""
    end = end_of_spoken(text)
    if end is None and (" " in text or not any(character.isdigit() for character in text)):
        return []
    # Apart: the end of an id is looked for in all ids, and beside it the rest would be looked for in all rows.
    named = select(Issue.id).where((Issue.id == text) | (Issue.external_id == text))
    found = list(session.scalars(named.order_by(Issue.id).limit(_MOST_NAMED)))
    if end is not None:
        found += session.scalars(select(Issue.id).where(Issue.id.endswith(end)).order_by(Issue.id).limit(_NAMED_ALIKE))
    query = select(Issue).where(Issue.id.in_(found)).order_by(Issue.id).limit(_MOST_NAMED)
    if sees is not None:
        query = query.where(seen_issue(sees))
    return [Found("issue", row.id, row.subject, "", 1.0, row.status) for row in session.scalars(query)]


def _people(session: ReadSession, text: str, kinds: Sequence[Kind], limit: int, sees: Sees) -> list[Found]:
    most = limit if len(kinds) == 1 else min(limit, _CUSTOMERS_AMONG_OTHERS)
    return [_person(row) for row in search_customers(session, text, limit=most, sees=sees)]


def _person(customer: Customer) -> Found:
    known = [part for part in (customer.email, customer.plan) if part]
    title = customer.name or customer.email or customer.external_id or customer.id
    return Found("customer", customer.id, title, " · ".join(known), 1.0, None)


def _texts(
    resources: Resources, text: str, kinds: Sequence[Kind], statuses: Sequence[str], limit: int, sees: Sees
) -> list[Found]:
    if not kinds:
        return []
    filters = {"status": statuses} if statuses else {}
    vector = embed_text(resources, text)
    hits = find_documents(resources, text, vector, kinds=kinds, filters=filters, limit=limit, sees=sees)
    likely = [hit for hit in hits if hit.keyword_score is not None or (hit.likeness or 0.0) >= _LEAST_LIKENESS]
    with resources.database.read() as session:
        documents = _documents(session, [hit.id for hit in likely])
    return [_text(documents[hit.id], hit) for hit in likely if hit.id in documents]


def _documents(session: ReadSession, ids: Sequence[str]) -> dict[str, SearchDocument]:
    rows = session.scalars(select(SearchDocument).where(SearchDocument.id.in_(ids), ~SearchDocument.deleted))
    return {row.id: row for row in rows if row.filters.get("active") != "no"}


def _text(document: SearchDocument, hit: SearchHit) -> Found:
    kind: Kind = document.kind  # type: ignore[assignment]  # only these kinds are asked for
    words = snippet(document.body, hit.matched_words)
    return Found(kind, document.id, document.title, words, hit.score, document.filters.get("status"))
