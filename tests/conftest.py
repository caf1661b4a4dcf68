"""Fixtures every test may use: real databases, the real index, the real embedding model, the whole application."""

import functools
import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Compiled, Dialect, Engine, create_engine, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from xdist.remote import Producer

from support_copilot.backends.blobs.local import LocalBlobStore
from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.embedder.build_minilm import prepare_minilm
from support_copilot.backends.embedder.config import MiniLmConfig
from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.llm.offline import OfflineModel
from support_copilot.backends.master_key.file import FileMasterKey
from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.open import open_search
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import migrate
from support_copilot.db.models import ApiKey, ApiKeySecret, Base
from support_copilot.http.config import ServerConfig
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.identity.key_format import hint_of, new_key
from support_copilot.identity.permissions import Role
from support_copilot.identity.secrets import digest
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS, build_app
from support_copilot.settings import WorkerConfig, shared_model_dir
from support_copilot.vault.vault import Vault, open_vault
from support_copilot.worker import Worker
from tests.scheduling import BrowsersBeside, workers
from tests.servers import (
    CLAMD_HINT,
    MARIADB_HINT,
    REDIS_HINT,
    find_clamd,
    find_mariadb,
    find_redis,
    free_port,
    running_clamd,
    running_mariadb,
    running_redis,
)

#: Clients of tests call the server by many names.
TEST_SERVER = ServerConfig(allowed_hosts=("*",))
#: No test asks so often by accident; those of limits set their own.
_MANY = 1_000_000
TEST_LIMITS = RateLimitsConfig(
    sign_in=_MANY, read=_MANY, write=_MANY, intake=_MANY, generate=_MANY, upload=_MANY, export=_MANY, operations=_MANY
)


# Looking for garbage while all is imported and collected, where there is none, took seconds in each worker.
gc.disable()

# The traces that structlog draws where nobody set up logs show each variable, and take a quarter of a second each.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


def _share_statements(dialect: Dialect) -> Callable[[Engine], None]:
    """Let all engines of a kind use one dialect, and take statements as the first of them has compiled them.

    Each of the three of a test's database compiled its own anew, which took longer than running them.
    """
    compiled: dict[object, Compiled] = {}

    def created(engine: Engine) -> None:
        engine.dialect = dialect
        engine.update_execution_options(compiled_cache=compiled)

    return created


with create_engine("sqlite://").connect() as _first:
    SQLiteDialect_pysqlite.engine_created = _share_statements(_first.dialect)

#: Where files are in memory, and how much must be free there for those of a run of tests, which are a tenth of it.
_MEMORY, _MUCH_BYTES = Path("/dev/shm"), 8 * 2**30


def pytest_configure() -> None:
    """Keep the files of tests in memory: a disk takes most of the time of a test to write down what is soon deleted."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _MUCH_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Look for garbage among what tests make: what was imported and collected stays, half a million things."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    return workers()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowsersBeside:
    return BrowsersBeside(config, log)


class StepClock:
    """Starts at a fixed moment and moves on by a millisecond at each look, or as far as a test says."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine is wrong."""
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        assert host in ("127.0.0.1", "::1", "localhost", "unix"), "a test reached for the outside network"
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", loopback_only)


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    """The product's own embedding model, built once and shared by all runs of this user."""
    folder = shared_model_dir()
    prepare_minilm(folder, report=lambda _line: None)
    opened = open_embedder(MiniLmConfig(kind="minilm", model_dir=folder))
    yield opened
    opened.close()


#: Lets test databases be opened without drawing and keeping a key for each.
MASTER_KEY = FileMasterKey(bytes(range(32)), Path("master.key"))


def open_test_vault(database: Database, *, refresh_s: float = 300.0) -> Vault:
    """The vault of a test's database; its rows can be read and written from then on."""
    return open_vault(database, MASTER_KEY, refresh_s=refresh_s, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = open_database(DatabaseConfig(), str(path))
    migrate(database, lambda: open_test_vault(database))
    open_test_vault(database)  # draws its keys
    database.close()
    return path


@pytest.fixture
def sqlite(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database, for tests that are not about databases."""
    path = tmp_path / "support-copilot.db"
    shutil.copy(_sqlite_template, path)
    opened = open_database(DatabaseConfig(), str(path))
    open_test_vault(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with running_mariadb(tmp_path_factory.mktemp("mariadb")) as url:
        database = open_database(DatabaseConfig(url=url), "")
        migrate(database, lambda: open_test_vault(database))
        yield database
        database.close()


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database; each test that asks for it runs once on SQLite and once on MariaDB."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    if find_mariadb() is None:
        if os.environ.get("REQUIRE_MARIADB"):
            pytest.fail(f"MariaDB is required here and not installed: {MARIADB_HINT}")
        pytest.skip("MariaDB is not installed")
    shared: Database = request.getfixturevalue("_mariadb")
    _empty(shared)
    open_test_vault(shared)
    yield shared


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of our own."""
    if find_redis() is None:
        if os.environ.get("REQUIRE_REDIS"):
            pytest.fail(f"Redis is required here and not installed: {REDIS_HINT}")
        pytest.skip("Redis is not installed")
    with running_redis(tmp_path_factory.mktemp("redis"), free_port()) as url:
        yield url


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses, by scheme, of a malware scanner of our own."""
    if find_clamd() is None:
        if os.environ.get("REQUIRE_CLAMD"):
            pytest.fail(f"clamd is required here and not installed: {CLAMD_HINT}")
        pytest.skip("clamd is not installed")
    with running_clamd(tmp_path_factory.mktemp("clamd"), free_port()) as addresses:
        yield addresses


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def vault(database: Database) -> Vault:
    assert isinstance(database._cipher, Vault)
    return database._cipher


@pytest.fixture
def resources(
    database: Database, embedder: Embedder, vault: Vault, clock: StepClock, tmp_path: Path
) -> Iterator[Resources]:
    """Everything a handler may use, over an empty database, with real parts."""
    config = EmbeddedSearchConfig(kind="embedded", path=tmp_path / "index")
    search = open_search(config, dimension=embedder.dimension, embedder_model=embedder.model)
    yield Resources(
        database,
        search,
        embedder,
        LocalBlobStore(tmp_path / "files"),
        vault,
        clock,
        tmp_path,
        OfflineModel(),
        MemoryCache(),
    )
    search.close()


@pytest.fixture
def app(resources: Resources) -> FastAPI:
    return build_app(resources, TEST_SERVER, limits=TEST_LIMITS)


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    """An HTTP client of the whole application that shows nothing; a failure inside is an answer, as for a real one."""
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def client(anonymous: TestClient, resources: Resources) -> TestClient:
    """The same client with the key of an administrator, named ``local``."""
    anonymous.headers["Authorization"] = authorization(resources, "admin", name="local")
    return anonymous


AsRole = Callable[[Role], dict[str, str]]


@pytest.fixture
def as_role(resources: Resources) -> AsRole:
    """Headers of a key with this role: ``client.get(path, headers=as_role("agent"))``."""
    return functools.cache(lambda role: {"Authorization": authorization(resources, role)})


def authorization(resources: Resources, role: Role, *, name: str = "test", scopes: list[str] | None = None) -> str:
    """The ``Authorization`` header of a fresh key, of which the audit trail knows nothing."""
    now, secret = resources.clock(), new_key()
    key = ApiKey(
        id=new_id("key"), name=name, role=role, scopes=scopes, hint=hint_of(secret), created_by="local", version=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    with resources.database.transaction() as session:
        session.add(key)
        session.flush()
        session.add(ApiKeySecret(hash=digest(secret), key_id=key.id, created_at=now))
    return f"Bearer {secret}"


@pytest.fixture
def worker(resources: Resources) -> Worker:
    """The worker, to be moved by hand: ``run_once()`` works on one job."""
    return Worker(resources, WorkerConfig(), JOB_HANDLERS)


def _empty(database: Database) -> None:
    names = [table.name for table in Base.metadata.sorted_tables]
    # To delete from a table takes a while also when nothing is in it, as in most.
    filled = text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names))
    with database.transaction() as session:
        session.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in session.execute(filled).scalars().all():
            # The trail's trigger refuses DELETE, as it should; emptying the table goes around it.
            session.execute(text(f"{'TRUNCATE' if name == 'audit_events' else 'DELETE FROM'} {name}"))
        session.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
        session.execute(text("INSERT INTO counters (name, value) VALUES ('search_documents', 0), ('audit_events', 0)"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for server, hint in (("MariaDB", MARIADB_HINT), ("Redis", REDIS_HINT), ("clamd", CLAMD_HINT)):
        skipped = [
            r for r in terminalreporter.stats.get("skipped", []) if f"{server} is not installed" in str(r.longrepr)
        ]
        if skipped:
            terminalreporter.write_line(
                f"!!! {len(skipped)} TESTS WERE NOT RUN ON {server.upper()}, which is not installed: {hint}",
                red=True, bold=True,
            )  # fmt: skip
