"""The one way to search stored texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from support_copilot.backends.search.port import SearchHit, SearchQuery
from support_copilot.db.documents import Vector
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up


def find_documents(
    resources: Resources,
    text: str,
    vector: Vector | None,
    *,
    kinds: Sequence[str],
    filters: Mapping[str, Sequence[str]] | None = None,
    exclude_ids: Sequence[str] = (),
    created_before: datetime | None = None,
    limit: int = 10,
) -> list[SearchHit]:
    """Documents like a text, best first, including everything committed before the call.

    Args:
        kinds: ``issue``, ``article``, ``template``, ``customer``.
        vector: float32 (n,) of the text, None for keywords only.
        filters: filter name to allowed values.

    Raises:
        SearchUnavailableError: the index cannot answer.
    """
    catch_up(resources)
    return resources.search.search(
        SearchQuery(
            text=text,
            vector=vector,
            kinds=kinds,
            filters=filters or {},
            exclude_ids=exclude_ids,
            created_before=created_before,
            limit=limit,
            candidates=max(100, 2 * limit),
        )
    )
