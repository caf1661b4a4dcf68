"""Composition root: settings in, opened resources out; closed in reverse order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from prometheus_client import CollectorRegistry

from support_copilot.backends.blobs.open import open_blobs
from support_copilot.backends.cache.open import open_cache
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.master_key.open import open_master_key
from support_copilot.backends.scanner.open import open_scanner
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import SchemaMismatchError, current_revision, head_revision, migrate
from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from support_copilot.settings import Settings
from support_copilot.vault.vault import Vault, has_keys, open_vault
from support_copilot.wiring_search import open_space


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
        embedder, search, spaces = open_space(
            stack, database, settings.search, settings.embedder, settings.outgoing, clock()
        )
        metrics = CollectorRegistry()
        llm = open_llm(settings.llm, metrics, database, clock, settings.outgoing)
        stack.callback(llm.close)
        cache = open_cache(settings.cache)
        stack.callback(cache.close)
        yield Resources(
            database, search, embedder, blobs, vault, clock, settings.data_dir, llm, cache, settings.outgoing, metrics,
            spaces, open_scanner(settings.scanner),
        )  # fmt: skip


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
