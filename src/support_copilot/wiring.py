"""Composition root: settings in, opened resources out; closed in reverse order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry

from support_copilot.backends.blobs.open import open_blobs
from support_copilot.backends.cache.open import open_cache
from support_copilot.backends.embedder.config import EmbedderConfig, NoEmbedderConfig
from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder, EmbedderUnavailableError
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.master_key.open import open_master_key
from support_copilot.backends.search.open import open_search
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import SchemaMismatchError, current_revision, head_revision, migrate
from support_copilot.kit.clock import utc_now
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.resources import Resources
from support_copilot.settings import Settings
from support_copilot.vault.vault import Vault, has_keys, open_vault

_log = structlog.get_logger("support_copilot.wiring")


@contextmanager
def open_resources(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Iterator[Resources]:
    """Open everything that the settings name.

    The embedded SQLite database is created and migrated by itself; a server's database must have been brought
    to this version by ``support-copilot migrate``. Without an embedding model the product goes on by keywords.

    Raises:
        SchemaMismatchError: a server's database is at another version.
        ModelSetupError: the library of a language model's provider is not installed.
        MasterKeyError: the encryption key is missing or is not the right one.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        database = open_database(settings.database, str(settings.database_path))
        stack.callback(database.close)
        if settings.database.url is None:
            migrate_database(settings, database, clock=clock)
        elif current_revision(database) != head_revision():
            raise SchemaMismatchError
        vault = open_data_keys(settings, database, clock=clock)
        blobs = open_blobs(settings.blobs)
        stack.callback(blobs.close)
        embedder = _open_embedder_or_none(settings.embedder, settings.outgoing)
        stack.callback(embedder.close)
        search = open_search(settings.search, dimension=embedder.dimension, embedder_model=embedder.model)
        stack.callback(search.close)
        metrics = CollectorRegistry()
        llm = open_llm(settings.llm, metrics, database, clock, settings.outgoing)
        stack.callback(llm.close)
        cache = open_cache(settings.cache)
        stack.callback(cache.close)
        yield Resources(
            database, search, embedder, blobs, vault, clock, settings.data_dir, llm, cache, settings.outgoing, metrics
        )


def migrate_database(settings: Settings, database: Database, *, clock: Callable[[], datetime] = utc_now) -> str:
    """Bring a database to the schema of this version; returns the revision reached.

    Raises:
        MasterKeyError: the encryption key is missing or is not the right one.
    """
    return migrate(database, lambda: open_data_keys(settings, database, clock=clock))


def open_data_keys(settings: Settings, database: Database, *, clock: Callable[[], datetime] = utc_now) -> Vault:
    """Open the vault; the embedded database makes its own master key, once.

    Raises:
        MasterKeyError: the encryption key is missing or is not the right one.
    """
    create = settings.database.url is None and not has_keys(database)
    master = open_master_key(settings.encryption, create=create)
    return open_vault(database, master, refresh_s=settings.encryption.refresh_s, clock=clock)


def _open_embedder_or_none(config: EmbedderConfig, outgoing: OutgoingConfig) -> Embedder:
    try:
        return open_embedder(config, outgoing)
    except EmbedderUnavailableError as error:
        _log.warning("wiring.embedder.missing", detail=error.detail, effect="search by keywords only")
        return open_embedder(NoEmbedderConfig(kind="none"))
