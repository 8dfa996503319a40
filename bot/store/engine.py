"""The database connection: reads and writes as transactions that wait for each other instead of failing."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, CursorResult, DateTime, Dialect, TypeDecorator, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import BadAddress, StoreConflict, StoreError

T = TypeVar("T")

BUSY_TIMEOUT = 10_000
"""How long a writer waits for another process's transaction, in milliseconds."""
_ELSEWHERE = "another process keeps it to itself, as `digestbot restore` does: try again when that has ended"
_REFUSALS = (IntegrityError, DataError)
"""What is the fault of what is written, not of the database."""
THREADS = 4
"""How many questions are read side by side; writers take turns."""
_UNHEARD = {"connect_timeout": BUSY_TIMEOUT // 1000, "tcp_user_timeout": BUSY_TIMEOUT}
"""After how long PostgreSQL's server counts as gone, in seconds and in milliseconds, as libpq has them."""
_THE_WRITER = 20251012
"""The lock that whoever writes to PostgreSQL holds; any number would do."""


class Utc(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which has no zones, gets it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the database takes."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give every time in UTC; PostgreSQL gives it in the zone of its server."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An open database. A kill costs nothing that was committed; with SQLite neither does a power cut.

    Raises BadAddress when `url` is none.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            address = make_url(url)
            is_sqlite = address.get_backend_name() == "sqlite"
            # A server may have been started anew since a connection was last used.
            kept = {} if is_sqlite else {"pool_pre_ping": True, "connect_args": _UNHEARD}
            engine = create_async_engine(url, **kept).sync_engine
            threaded = create_engine(_threaded(address), **kept)
            self._threaded = threaded.execution_options(write=True)
        except ImportError as error:
            raise BadAddress(f"DIGESTBOT_DATABASE_URL: {error}; PostgreSQL's driver is the extra `postgres`") from error
        except (ValueError, SQLAlchemyError) as error:
            raise BadAddress(f"DIGESTBOT_DATABASE_URL: {error}") from error
        for one in (engine, self._threaded):
            if is_sqlite:
                event.listen(one, "connect", _prepare)
            event.listen(one, "begin", _begin if is_sqlite else _take_turns)
        self._engine = _Engine(engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ"))
        self._writer = _Engine(engine.execution_options(write=True))
        self._one_writer = asyncio.Lock()
        self._threads = ThreadPoolExecutor(1 + THREADS, thread_name_prefix="store")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database throughout. Raises StoreError."""
        with _reported():
            async with self._engine.transaction() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose changes are committed together at the end, or not at all. Raises StoreError."""
        with _reported(*_REFUSALS):
            async with self._one_writer, self._writer.transaction() as connection:
                yield connection

    async def write_in_thread(self, work: Callable[[Connection], T]) -> T:
        """Have `work` change the database in a thread, committed together or not at all. Raises StoreError.

        For batches: the event loop waits once for the whole of it, not once for each statement.
        """
        async with self._one_writer:
            return await _whole(self._in_thread(self._run, work))

    def _run(self, work: Callable[[Connection], T]) -> T:
        with _reported(*_REFUSALS), self._threaded.begin() as connection:
            return work(connection)

    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads in a thread, of one state of the database throughout. Raises StoreError.

        For what every question needs, and for several statements that make one answer: the event loop waits once for
        all of it, not four times for each statement.
        """
        return await _whole(self._in_thread(self._read, work))

    def _read(self, work: Callable[[Connection], T]) -> T:
        level = {} if self._threaded.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with _reported(), self._threaded.connect() as connection:
            return work(connection.execution_options(write=False, **level))

    def hurry(self, seconds: float) -> None:
        """Have writes that begin from now on wait only so long for another process's transaction: the end is near."""
        options = {"write": True, "patience": round(seconds * 1000)}
        self._threaded = self._threaded.execution_options(**options)
        self._writer = _Engine(self._writer.sync_engine.execution_options(**options))

    async def open(self) -> None:
        """See that there is a database. Raises StoreError.

        By the driver that blocks: aiosqlite leaves a thread behind, and its traceback, where there is none.
        """
        await self._in_thread(self._open)

    def _open(self) -> None:
        _make_private(self._threaded.url)
        with _reported(), self._threaded.connect():
            pass

    async def _in_thread(self, act: Callable[..., T], *given: object) -> T:
        """Have it done by the store's own threads: a database that hangs must not take those of everybody else."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *given)

    @property
    def name(self) -> str:
        """The address without its password, to be shown."""
        return make_url(self.url).render_as_string(hide_password=True)

    @property
    def file(self) -> Path:
        """Where SQLite keeps it; nowhere in particular for other databases."""
        return Path(make_url(self.url).database or "")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
        self._threaded.dispose()
        self._threads.shutdown(wait=False)


class _Connection(AsyncConnection):
    """A connection whose statements are carried out whole: whoever is cancelled meanwhile hears of it afterwards.

    Cut off in the middle, a connection would be thrown away with its transaction open, and the database stay locked.
    """

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:  # noqa: FBT001, FBT002 - as it is called
        try:
            return await _whole(super().start(is_ctxmanager))
        except asyncio.CancelledError:
            if self.sync_connection is not None:
                await self.close()
            raise

    async def execute(self, *args: Any, **kwargs: Any) -> CursorResult[Any]:  # noqa: ANN401
        return await _whole(super().execute(*args, **kwargs))

    async def commit(self) -> None:
        await _whole(super().commit())

    async def rollback(self) -> None:
        await _whole(super().rollback())

    async def close(self) -> None:
        await _whole(super().close())


class _Engine(AsyncEngine):
    _connection_cls = _Connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose changes are committed at the end, or taken back when something is raised."""
        async with self.connect() as connection:
            try:
                yield connection
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()


async def _whole(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, once it is done, even when this task is cancelled meanwhile: that is raised then."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        if not task.cancelled():
            task.exception()  # it is known now, and nobody else will ask
        raise asyncio.CancelledError
    return task.result()


def _threaded(url: URL) -> URL:
    """Return the address for a driver that blocks; psycopg does both."""
    return url.set(drivername="sqlite+pysqlite") if url.drivername == "sqlite+aiosqlite" else url


@contextmanager
def _reported(*refusals: type[DBAPIError]) -> Iterator[None]:
    try:
        yield
    except refusals as error:
        raise StoreConflict(f"the database refuses a row: {_first_line(error)}") from error
    except DBAPIError as error:
        raise StoreError(f"the database can't be used: {_first_line(error)}") from error
    except NoConnectionFree as error:
        raise StoreError(f"the database can't be used: {error}") from error


def _first_line(error: DBAPIError) -> str:
    """Return what the database says, without the row itself: that may hold a secret."""
    said = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
    return f"{said}; {_ELSEWHERE}" if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY else said


def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401
    """Set SQLite up for one writer and many readers; transactions are begun by `_begin`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in (f"busy_timeout={BUSY_TIMEOUT}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a deferred transaction that upgrades later fails with 'database is locked'."""
    options = connection.get_execution_options()
    if patience := options.get("patience"):
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write", False) else "BEGIN")


def _take_turns(connection: Connection) -> None:
    """Let one transaction write at a time, as SQLite does: what it looked at stays so until it has written.

    One that falls silent, its machine being gone, is ended by the server before others have waited in vain.
    """
    options = connection.get_execution_options()
    if options.get("write", False):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {options.get('patience', BUSY_TIMEOUT)}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {BUSY_TIMEOUT // 2}; "
            f"SELECT pg_advisory_xact_lock({_THE_WRITER})"
        )


def _make_private(url: URL) -> None:
    """Make the file of a database that is not there yet for its owner alone: it will hold chats and robots' keys.

    The log beside it takes after it. Where it can't be made, opening it says why.
    """
    if url.get_backend_name() == "sqlite" and url.database and "uri" not in url.query:
        with suppress(OSError):
            os.close(os.open(url.database, os.O_CREAT | os.O_EXCL, 0o600))


def is_there(url: str) -> bool:
    """Tell whether the database at `url` may be there: False for a file that is not, or for no address at all."""
    try:
        address = make_url(url)
    except ArgumentError:
        return False
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def new_id(result: CursorResult[Any]) -> int:
    """Return the id that an insert of one row was given."""
    key = result.inserted_primary_key
    if key is None:
        raise StoreError("the database gave a new row no id")
    return int(key[0])
