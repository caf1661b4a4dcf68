"""Finding records by what a person types: an id, a customer, or words in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from sqlalchemy import ColumnElement, select

from support_copilot.backends.search.port import SearchHit
from support_copilot.customers.queries import company_has, issues_of_company, search_customers
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer, Issue, SearchDocument
from support_copilot.http.fields import Severity
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.kit.contact import words_of
from support_copilot.kit.ids import end_of_spoken
from support_copilot.kit.text import one_line, shorten
from support_copilot.lookup.found import Found, Kind, described, person, told_of
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text
from support_copilot.retrieval.find import find_documents

_SNIPPET_CHARS: Final = 240
#: Of Markdown; on one line it would stand among the words.
_HEADING_MARK: Final = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BEFORE_MATCH_CHARS: Final = 60
#: Without a common word, texts less like the query than this are about something else (MiniLM cosine).
_LEAST_LIKENESS: Final = 0.25
#: Beside other kinds only the best few customers are shown.
_CUSTOMERS_AMONG_OTHERS: Final = 5
#: Of a company so many customers are looked at for their issues.
_MOST_PEOPLE: Final = 200
_OF_PEOPLE: Final = frozenset({"issue", "customer"})
#: Shorter words of a company stand in what was typed by chance.
_LEAST_OF_COMPANY: Final = 4
_LEAST_TEXTS: Final = 50
#: Issues that a key or a reference may name, and of how many those that may be seen are taken.
_MOST_NAMED: Final = 5
_NAMED_ALIKE: Final = 50


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which of all that is found: of these statuses and severities, where there are any, and as far as it is seen."""

    statuses: Sequence[str]
    severities: Sequence[Severity]
    limit: int
    sees: Sees

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same of issues in the database."""
        asked = [(Issue.status, self.statuses), (Issue.severity, self.severities)]
        seen = [] if self.sees is None else [seen_issue(self.sees)]
        return [*seen, *(column.in_(values) for column, values in asked if values)]

    def filters(self) -> dict[str, Sequence[str]]:
        """The same of documents in the index."""
        asked: dict[str, Sequence[str]] = {"status": self.statuses, "severity": self.severities}
        return {name: values for name, values in asked.items() if values}


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that was found, with the words of what was typed that it has."""

    found: Found
    is_worded: bool
    held: frozenset[str]


def look_up(
    resources: Resources,
    text: str,
    *,
    kinds: Sequence[Kind],
    statuses: Sequence[str] = (),
    severities: Sequence[Severity] = (),
    limit: int = 20,
    sees: Sees = None,
) -> list[Found]:
    """Records for a line that a person typed: one named by its id, customers, then texts by words and meaning.

    Where the line names a company, the issues of its customers come by turns with the texts that have a word of it.

    Args:
        statuses: only issues and articles with one of these; other kinds have no status and are left out.
        severities: only issues with one of these.
        sees: teams whose issues may be found, beside those of no team, with their customers; None: all.

    Raises:
        SearchUnavailableError: the index cannot answer.
    """
    wanted = {kind for kind in kinds if not severities or kind == "issue"}
    narrow = Narrow(statuses, severities, limit, sees)
    with resources.database.read() as session:
        named = _named(session, text, narrow) if "issue" in wanted else []
        people = search_customers(session, text, limit=_MOST_PEOPLE, sees=sees) if wanted & _OF_PEOPLE else []
        theirs = _of_company(session, people, text, narrow) if "issue" in wanted else []
    shown = people[: limit if len(kinds) == 1 else min(limit, _CUSTOMERS_AMONG_OTHERS)]
    customers = [person(row) for row in shown] if "customer" in wanted and not statuses else []
    texts = _texts(resources, text, sorted(wanted - {"customer"}), narrow)
    with resources.database.read() as session:
        told = told_of(session, {each.id for each in (*named, *theirs, *(each.found for each in texts))})
    in_order = _by_turns(theirs, texts, text) if theirs else _of_company_first(texts, text, told)
    by_id = {found.id: found for found in (*named, *customers, *in_order)}
    return [described(found, told.get(found.id)) for found in list(by_id.values())[:limit]]


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


def _asked(text: str) -> frozenset[str]:
    """The words that tell what is looked for: short ones stand in every text, unless nothing else was typed."""
    words = words_of(text)
    return frozenset(word for word in words if len(word) >= _LEAST_OF_COMPANY) or frozenset(words)


def _by_turns(theirs: Sequence[Found], texts: Sequence[_Text], text: str) -> list[Found]:
    """One of each that names what was typed as long as there are both; what is only alike comes last.

    A text with all of it begins: "label printer" is a matter too, though a company may be called so.
    """
    asked = _asked(text)
    worded = sorted((each for each in texts if each.is_worded), key=lambda each: not asked <= each.held)
    found = [each.found for each in worded]
    begin, follow = (found, theirs) if worded and asked <= worded[0].held else (theirs, found)
    turns = [one for pair in zip_longest(begin, follow) for one in pair if one is not None]
    return turns + [each.found for each in texts if not each.is_worded]


def _of_company_first(
    texts: Sequence[_Text], text: str, told: Mapping[str, tuple[Issue, Customer | None]]
) -> list[Found]:
    """Issues that have some of the words while all others are of their company: a company and a matter are that
    company's matter. Only a text with all of the words is nearer.
    """
    asked = _asked(text)

    def names_company(each: _Text) -> bool:
        customer = told[each.found.id][1] if each.found.id in told else None
        rest = asked - each.held
        if customer is None or not rest or not asked & each.held:
            return False
        return all(company_has(customer.told_company, [word]) for word in rest)

    theirs = {each.found.id for each in texts if names_company(each)}
    if not theirs:
        return [each.found for each in texts]
    rank = {each.found.id: 0 if asked <= each.held else 1 if each.found.id in theirs else 2 for each in texts}
    return [each.found for each in sorted(texts, key=lambda each: rank[each.found.id])]


def _named(session: ReadSession, text: str, narrow: Narrow) -> list[Found]:
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
    query = query.where(*narrow.conditions())
    return [Found("issue", row.id, row.subject, "", 1.0, row.status) for row in session.scalars(query)]


def _of_company(session: ReadSession, people: Sequence[Customer], text: str, narrow: Narrow) -> list[Found]:
    rows = issues_of_company(session, people, text, conditions=narrow.conditions(), limit=narrow.limit)
    bodies = {row.id: row.body for row in _documents(session, [row.id for row in rows]).values()}
    return [Found("issue", row.id, row.subject, snippet(bodies.get(row.id, ""), ()), 1.0, row.status) for row in rows]


def _texts(resources: Resources, text: str, kinds: Sequence[Kind], narrow: Narrow) -> list[_Text]:
    if not kinds:
        return []
    vector = embed_text(resources, text)
    # More than are shown: of these, what a company is named with comes first.
    limit = max(narrow.limit, _LEAST_TEXTS)
    hits = find_documents(resources, text, vector, kinds=kinds, filters=narrow.filters(), limit=limit, sees=narrow.sees)
    likely = [hit for hit in hits if hit.keyword_score is not None or (hit.likeness or 0.0) >= _LEAST_LIKENESS]
    with resources.database.read() as session:
        documents = _documents(session, [hit.id for hit in likely])
    return [_text(documents[hit.id], hit) for hit in likely if hit.id in documents]


def _documents(session: ReadSession, ids: Sequence[str]) -> dict[str, SearchDocument]:
    rows = session.scalars(select(SearchDocument).where(SearchDocument.id.in_(ids), ~SearchDocument.deleted))
    return {row.id: row for row in rows if row.filters.get("active") != "no"}


def _text(document: SearchDocument, hit: SearchHit) -> _Text:
    kind: Kind = document.kind  # type: ignore[assignment]  # only these kinds are asked for
    words = snippet(document.body, hit.matched_words)
    found = Found(
        kind, document.id, document.title, words, hit.score, document.filters.get("status"),
        created_at=document.created_at,
    )  # fmt: skip
    return _Text(found, hit.keyword_score is not None, frozenset(words_of(" ".join(hit.matched_words))))
