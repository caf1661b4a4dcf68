"""Opens the embedding model and the index; both twice while one model follows another."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from support_copilot.backends.embedder.config import EmbedderConfig, NoEmbedderConfig
from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder, EmbedderUnavailableError
from support_copilot.backends.search.config import SearchConfig
from support_copilot.backends.search.open import forget_other_places, open_search
from support_copilot.backends.search.port import SearchIndex
from support_copilot.db.embedding_models import begin_change, give_up_change, model_in_state, serve_at_once
from support_copilot.db.engine import Database
from support_copilot.db.models import SearchDocument
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.spaces import CurrentEmbedder, CurrentIndex, Space, Spaces

_log = structlog.get_logger("support_copilot.wiring")
_SECRETS: Final = ("api_key", "access_key_id", "secret_access_key")
_ANY_EMBEDDER: Final[TypeAdapter[EmbedderConfig]] = TypeAdapter(EmbedderConfig)


def open_space(
    stack: ExitStack,
    database: Database,
    search: SearchConfig,
    wanted: EmbedderConfig,
    outgoing: OutgoingConfig,
    now: datetime,
) -> tuple[Embedder, SearchIndex, Spaces | None]:
    """Open what search needs, closed by the stack.

    Where another model served so far and can still be asked, it goes on serving while the wanted one is prepared.
    Without a model at all, search goes on by keywords.
    """
    embedder = _opened_or_none(wanted, outgoing)
    stack.callback(embedder.close)
    if embedder.dimension == 0:
        return embedder, _open_index(stack, search, embedder, ""), None
    with database.read() as session:
        serving = model_in_state(session, "serving")
    if serving is not None and serving.name == embedder.model:
        with database.transaction() as write:
            give_up_change(write, embedder.model)
        forget_other_places(search, [serving.place])
        return embedder, _open_index(stack, search, embedder, serving.place), None
    old = None if serving is None else _reopened(serving.settings, wanted, outgoing)
    if serving is None or old is None or not _has_vectors(database, serving.name):
        place = "" if serving is None else serving.place
        with database.transaction() as write:
            serve_at_once(write, embedder.model, _without_secrets(wanted), now, place=place)
        forget_other_places(search, [place])
        return embedder, _open_index(stack, search, embedder, place), None
    stack.callback(old.close)
    place = "-" + hashlib.sha256(embedder.model.encode()).hexdigest()[:8]
    with database.transaction() as write:
        begins = begin_change(write, embedder.model, _without_secrets(wanted), now, place=place)
    forget_other_places(search, [serving.place, place])
    spaces = Spaces(
        serving=Space(old, _open_index(stack, search, old, serving.place)),
        following=Space(embedder, _open_index(stack, search, embedder, place)),
    )
    if begins:
        # Left over from an earlier time, it may lack what changed without its knowing.
        spaces.following.index.clear()
    _log.info("wiring.embedder.changes", old=old.model, new=embedder.model, effect="search uses the old one until then")
    return CurrentEmbedder(spaces), CurrentIndex(spaces), spaces


def _open_index(stack: ExitStack, config: SearchConfig, embedder: Embedder, place: str) -> SearchIndex:
    index = open_search(config, dimension=embedder.dimension, embedder_model=embedder.model, place=place)
    stack.callback(index.close)
    return index


def _opened_or_none(config: EmbedderConfig, outgoing: OutgoingConfig) -> Embedder:
    try:
        return open_embedder(config, outgoing)
    except EmbedderUnavailableError as error:
        _log.warning("wiring.embedder.missing", detail=error.detail, effect="search by keywords only")
        return open_embedder(NoEmbedderConfig(kind="none"))


def _reopened(settings: Mapping[str, Any], wanted: EmbedderConfig, outgoing: OutgoingConfig) -> Embedder | None:
    """The model that served so far; keys are taken from the settings in force, where the service is the same."""
    values = dict(settings)
    if values.get("kind") == wanted.kind:
        values |= {name: secret for name in _SECRETS if (secret := getattr(wanted, name, None)) is not None}
    try:
        return open_embedder(_ANY_EMBEDDER.validate_python(values), outgoing)
    except (ValidationError, EmbedderUnavailableError) as error:
        _log.warning("wiring.embedder.old_is_away", exc_info=error, effect="the new one serves at once")
        return None


def _without_secrets(config: EmbedderConfig) -> dict[str, Any]:
    return config.model_dump(mode="json", exclude=set(_SECRETS))


def _has_vectors(database: Database, model: str) -> bool:
    with database.read() as session:
        query = select(SearchDocument.id).where(SearchDocument.vector_model == model).limit(1)
        return session.scalar(query) is not None
