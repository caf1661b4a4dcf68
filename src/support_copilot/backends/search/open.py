"""Loads the chosen search index."""

import shutil
from collections.abc import Collection

from support_copilot.backends.search.config import SearchConfig
from support_copilot.backends.search.port import SearchIndex


def forget_other_places(config: SearchConfig, keep: Collection[str]) -> None:
    """Delete indexes of models that serve no more; one that another process writes is left to it.

    Args:
        keep: endings of the names of those that are wanted.
    """
    from support_copilot.backends.search.folder_lock import FolderLock

    wanted = {config.path.with_name(config.path.name + place) for place in keep}
    for folder in {config.path, *config.path.parent.glob(f"{config.path.name}-*")} - wanted:
        if folder.is_dir():
            lock = FolderLock(folder)
            if lock.held:
                shutil.rmtree(folder, ignore_errors=True)
            lock.release()


def open_search(config: SearchConfig, *, dimension: int, embedder_model: str, place: str = "") -> SearchIndex:
    """Open the index; one made by another model, version or dimension starts empty and is caught up.

    Args:
        place: ending of its name, so that the indexes of two models can be there at the same time.
    """
    from support_copilot.backends.search.embedded import EmbeddedSearchIndex

    own = config.model_copy(update={"path": config.path.with_name(config.path.name + place)})
    return EmbeddedSearchIndex(own, dimension=dimension, embedder_model=embedder_model)
