"""All that a request handler or a job may use; opened and closed by ``wiring.py`` alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry

from support_copilot.backends.blobs.port import BlobStore
from support_copilot.backends.cache.port import Cache
from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.llm.port import LanguageModel
from support_copilot.backends.scanner.port import MalwareScanner
from support_copilot.backends.search.port import SearchIndex
from support_copilot.db.engine import Database
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.spaces import Spaces
from support_copilot.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Resources:
    """Opened ports, where requests may go (``outgoing``), and what is counted (``metrics``).

    ``clock`` answers the present moment (aware, UTC), so that tests can set it. ``spaces`` is there while one embedding
    model follows another; ``embedder`` and ``search`` are then those of the space that serves. ``scanner`` is asked
    about every file of strangers; None where the settings name none.
    """

    database: Database
    search: SearchIndex
    embedder: Embedder
    blobs: BlobStore
    vault: Vault
    clock: Callable[[], datetime]
    data_dir: Path
    llm: LanguageModel
    cache: Cache
    outgoing: OutgoingConfig = field(default_factory=OutgoingConfig)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    spaces: Spaces | None = None
    scanner: MalwareScanner | None = None
