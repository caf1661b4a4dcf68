"""The one way to search stored texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from support_copilot.backends.search.port import SearchHit, SearchQuery
from support_copilot.db.documents import Vector
from support_copilot.identity.visibility import Sees, seen_issue_ids
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up
from support_copilot.retrieval.word_likeness import with_word_likeness

#: So many times as many are looked up for who sees only a part, since the others are then left out.
_OVERSAMPLED: Final = 10


def find_documents(
    resources: Resources,
    text: str,
    vector: Vector | None,
    *,
    kinds: Sequence[str],
    filters: Mapping[str, Sequence[str]] | None = None,
    exclude_ids: Sequence[str] = (),
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    limit: int = 10,
    sees: Sees = None,
    caught_up: bool = False,
) -> list[SearchHit]:
    """Documents like a text, best first, including everything committed before the call.

    Args:
        kinds: ``issue``, ``article``, ``template``, ``customer``.
        vector: float32 (n,) of the text, None for keywords only.
        filters: filter name to allowed values.
        created_after: found is what was created from then on; ``created_before``: and before that.
        sees: teams whose issues may be found, beside those of no team; None: all.
        caught_up: whether the caller has just searched, so that the index knows everything already.

    Raises:
        SearchUnavailableError: the index cannot answer.
    """
    if not caught_up:
        catch_up(resources)
    asked = limit if sees is None else limit * _OVERSAMPLED
    hits = resources.search.search(
        SearchQuery(
            text=text,
            vector=vector,
            kinds=kinds,
            filters=filters or {},
            exclude_ids=exclude_ids,
            created_after=created_after,
            created_before=created_before,
            limit=asked,
            candidates=max(100, 2 * asked),
        )
    )
    shown = hits if sees is None else _seen(resources, hits, sees)[:limit]
    return with_word_likeness(shown, text)


def _seen(resources: Resources, hits: list[SearchHit], sees: frozenset[str]) -> list[SearchHit]:
    """By what the record says now: an issue may have changed its team a moment ago."""
    with resources.database.read() as session:
        seen = seen_issue_ids(session, [hit.id for hit in hits if hit.kind == "issue"], sees)
    return [hit for hit in hits if hit.kind != "issue" or hit.id in seen]
