"""Opens the database. Only ``transaction()`` commits; readers cannot write by their type."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, Result, ScalarResult, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from support_copilot.db.changes import RowChange, note_changes
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.credentials import RotatingLogin
from support_copilot.db.sealed import FieldCipher, SealingSession, cipher_info, cipher_of
from support_copilot.kit.credentials import CredentialsUnreadableError
from support_copilot.kit.errors import UnavailableError

Row = TypeVar("Row")
Item = TypeVar("Item")

#: MySQL and MariaDB: lock wait timeout, deadlock, too many connections.
_BUSY_MYSQL = frozenset({1205, 1213, 1040})
#: Server unreachable, gone, or refusing to let us in.
_AWAY_MYSQL = frozenset({2002, 2003, 2006, 2013, 1044, 1045, 1049})
#: Disk full, table full; and a server or transaction that only reads.
_FULL_MYSQL = frozenset({1021, 1114})
_READ_ONLY_MYSQL = frozenset({1290, 1792, 1836})

_DAMAGED_SQLITE = ("malformed", "not a database")


class DatabaseBusyError(UnavailableError):
    code, title = "database_busy", "The database is busy; the same request may succeed in a moment"


class DatabaseUnavailableError(UnavailableError):
    code, title = "database_unavailable", "The database does not answer"


class DatabaseFullError(DatabaseUnavailableError):
    code, title = "database_full", "The disk of the database is full; nothing was lost, but nothing can be added"


class DatabaseReadOnlyError(DatabaseUnavailableError):
    code, title = "database_read_only", "The database cannot be written; its folder, file or server is read-only"


class DatabaseDamagedError(DatabaseUnavailableError):
    code, title = "database_damaged", "The file of the database is damaged; restore a backup of it"


class ReadSession:
    """Reads in one consistent snapshot; rows stay usable after it is closed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def execute(self, statement: Executable, parameters: Any = None) -> Result[Any]:
        return self._session.execute(statement, parameters)

    def scalars(self, statement: Any, parameters: Any = None) -> ScalarResult[Any]:
        return self._session.scalars(statement, parameters)

    def scalar(self, statement: Any, parameters: Any = None) -> Any:
        return self._session.scalar(statement, parameters)

    def get(self, row_type: type[Row], key: Any) -> Row | None:
        return self._session.get(row_type, key)

    def blind_indexes(self, purpose: str, value: str) -> list[bytes]:
        """What an encrypted value (``table.attribute``) may be stored under in its blind index: look up all of them."""
        return cipher_of(self._session).blind_indexes(purpose, value)


class WriteSession(ReadSession):
    """A transaction in progress. It is committed by whoever opened it, never from inside."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._left_for_last: dict[Callable[[WriteSession, list[Any]], None], list[Any]] = {}

    def add(self, row: object) -> None:
        self._session.add(row)

    def add_all(self, rows: Sequence[object]) -> None:
        self._session.add_all(rows)

    def delete(self, row: object) -> None:
        self._session.delete(row)

    def flush(self) -> None:
        """Send pending rows now, so that constraints speak and later statements see them."""
        self._session.flush()

    def lock(self, row_type: type[Row], key: Any) -> Row | None:
        """The row as it is now, locked against other writers until the transaction ends."""
        return self._session.get(row_type, key, with_for_update=True, populate_existing=True)

    def refresh(self, row: object) -> None:
        """Read the row anew, as others have left it."""
        self._session.refresh(row)

    def leave_for_last(self, write: Callable[["WriteSession", list[Item]], None], item: Item) -> None:
        """Have ``write`` called once, with all items left for it, right before the commit.

        For what locks a row that every writer needs: locked last and always in the same order, it is held
        shortest and is never part of a deadlock. What ``write`` raises undoes the whole transaction.
        """
        self._left_for_last.setdefault(write, []).append(item)

    def finish(self) -> None:
        """Write what was left for last; called by ``Database.transaction`` alone."""
        for write, items in self._left_for_last.items():
            write(self, items)


#: Told, right before the commit, what a transaction did to rows; what it raises undoes the transaction.
Observer = Callable[[WriteSession, Sequence[RowChange]], None]


class Database:
    """One database; ``read()`` and ``transaction()`` open sessions, both safe from any thread."""

    def __init__(self, url: URL, config: DatabaseConfig) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._cipher: FieldCipher | None = None
        self._watch: Callable[[], Observer | None] = lambda: None
        if self.is_sqlite:
            self._reader = _sqlite_engine(url, config, begin="BEGIN", pool_size=config.pool_size)
            # SQLite has one writer at a time: a pool of one makes threads queue in turn instead of polling.
            self._writer = _sqlite_engine(url, config, begin="BEGIN IMMEDIATE", pool_size=1)
            self._aside = _sqlite_engine(url, config, begin="BEGIN", pool_size=0)
        else:
            login = RotatingLogin(config.password_file) if config.password_file else None
            self._reader = self._writer = _server_engine(url, config, login)
            self._aside = _server_engine(url, config, login, pooled=False)

    def use_cipher(self, cipher: FieldCipher) -> None:
        """What encrypted columns are sealed and read with from now on; without one they cannot be used."""
        self._cipher = cipher

    def watch(self, watch: Callable[[], Observer | None]) -> None:
        """Ask at the beginning of each transaction who is to be told of its changes, if anybody."""
        self._watch = watch

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A read-only session over one snapshot.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: the database does not answer now.
        """
        with _translated_errors(), self._session(self._reader, autoflush=False) as session:
            yield ReadSession(session)

    @contextmanager
    def read_aside(self) -> Iterator[ReadSession]:
        """A read-only session on a connection of its own, for a thread that may hold a session already.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: the database does not answer now.
        """
        with _translated_errors(), self._session(self._aside, autoflush=False) as session:
            yield ReadSession(session)

    @contextmanager
    def transaction(self, *, silent: bool = False) -> Iterator[WriteSession]:
        """A session whose work is committed (durably) at the end, or rolled back if anything is raised.

        Keep it short and never open it across a model or network call.

        Args:
            silent: nobody is told of its changes: what an import brings happened long ago.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: the database does not answer now.
        """
        with _translated_errors(), self._session(self._writer) as session, session.begin():
            writing = WriteSession(session)
            observer = None if silent else self._watch()
            changes = note_changes(session) if observer else []
            yield writing
            if observer:
                writing.flush()
                observer(writing, changes)
            writing.finish()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection of the writing engine, for migrations.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: the database does not answer now.
        """
        with _translated_errors(), self._writer.connect() as connection:
            yield connection

    def empty_log(self) -> bool:
        """Move SQLite's write-ahead log into the database file, so that no removed byte lives on in it.

        Returns:
            Whether the log is empty now; not while somebody reads an older state. A server keeps its own logs, whose
            lifetime is a matter of its configuration: True.
        """
        if not self.is_sqlite:
            return True
        with _translated_errors(), self._writer.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101  # just connected
            busy, _frames, _moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def ping(self) -> None:
        """Return when the database answers.

        Raises:
            DatabaseUnavailableError: it does not.
        """
        try:
            with self._reader.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (DBAPIError, CredentialsUnreadableError) as error:
            raise DatabaseUnavailableError from error

    def compact(self) -> None:
        """Rewrite the file, so that nothing of what was deleted or replaced is left in it; on a server, nothing.

        Raises:
            DatabaseBusyError: another process is reading or writing.
        """
        if not self.is_sqlite:
            return
        with _translated_errors(), self._aside.connect() as connection:
            plain: Any = connection.connection.dbapi_connection
            try:
                plain.execute("VACUUM")
                plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError as error:
                raise DatabaseBusyError(retry_after_s=1) from error

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()

    def _session(self, engine: Engine, *, autoflush: bool = True) -> Session:
        return SealingSession(engine, expire_on_commit=False, autoflush=autoflush, info=cipher_info(self._cipher))


def open_database(config: DatabaseConfig, default_path: str) -> Database:
    """Open the configured database, or the SQLite file at ``default_path``. Nothing is created or migrated here."""
    return Database(config.address() or URL.create("sqlite", database=default_path), config)


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except CredentialsUnreadableError as error:
        raise DatabaseUnavailableError("The file with the password of the database cannot be read.") from error
    except PoolTimeoutError as error:
        raise DatabaseBusyError(retry_after_s=1) from error
    except OperationalError as error:
        if _is(error.orig, _BUSY_MYSQL, ("locked", "busy")):
            raise DatabaseBusyError(retry_after_s=1) from error
        if _is(error.orig, _FULL_MYSQL, ("full",)):
            raise DatabaseFullError(retry_after_s=60) from error
        if _is(error.orig, _READ_ONLY_MYSQL, ("readonly",)):
            raise DatabaseReadOnlyError(retry_after_s=60) from error
        if _is(error.orig, _AWAY_MYSQL, ("unable to open", "disk I/O")):
            raise DatabaseUnavailableError(retry_after_s=10) from error
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if any(word in str(getattr(error, "orig", error)) for word in _DAMAGED_SQLITE):
            raise DatabaseDamagedError from error
        raise


def _is(error: BaseException | None, mysql_codes: frozenset[int], sqlite_words: tuple[str, ...]) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return any(word in str(error) for word in sqlite_words)
    return bool(error and error.args and error.args[0] in mysql_codes)


def _sqlite_engine(url: URL, config: DatabaseConfig, *, begin: str, pool_size: int) -> Engine:
    pool: dict[str, Any] = (
        {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": config.busy_timeout_s}
        if pool_size
        else {"poolclass": NullPool}
    )
    engine = create_engine(url, connect_args={"timeout": config.busy_timeout_s, "check_same_thread": False}, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # acknowledged means durable, also when the power fails
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # erased text must not linger in free pages
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA mmap_size=268435456")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _server_engine(url: URL, config: DatabaseConfig, login: RotatingLogin | None, *, pooled: bool = True) -> Engine:
    pool: dict[str, Any] = {
        "pool_size": config.pool_size,
        "max_overflow": config.pool_size,
        "pool_timeout": config.busy_timeout_s,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
    }
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        connect_args={"charset": "utf8mb4"},
        **(pool if pooled else {"poolclass": NullPool}),
    )
    if login is not None:
        login.serve(engine)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,ONLY_FULL_GROUP_BY'")
            cursor.execute(f"SET innodb_lock_wait_timeout = {max(1, int(config.busy_timeout_s))}")

    return engine
