"""Loads the chosen search index."""

from support_copilot.backends.search.config import SearchConfig
from support_copilot.backends.search.port import SearchIndex


def open_search(config: SearchConfig, *, dimension: int, embedder_model: str) -> SearchIndex:
    """Open the index; one made by another model, version or dimension starts empty and is caught up."""
    from support_copilot.backends.search.embedded import EmbeddedSearchIndex

    return EmbeddedSearchIndex(config, dimension=dimension, embedder_model=embedder_model)
