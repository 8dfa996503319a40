"""An open database, read and written in transactions; what goes wrong in it is a StoreError."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import CursorResult, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import BadAddress, StoreConflict, StoreError
from bot.store.engine.connections import Engine, whole
from bot.store.engine.kinds import UNHEARD, begin, make_private, prepare, take_turns, threaded

T = TypeVar("T")

_ELSEWHERE = "another process keeps it to itself, as `digestbot restore` does: try again when that has ended"
_REFUSALS = (IntegrityError, DataError)
"""What is the fault of what is written, not of the database."""
THREADS = 4
"""How many questions are read side by side; writers take turns."""


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
            kept = {} if is_sqlite else {"pool_pre_ping": True, "connect_args": UNHEARD}
            engine = create_async_engine(url, **kept).sync_engine
            self._threaded = create_engine(threaded(address), **kept).execution_options(write=True)
        except ImportError as error:
            raise BadAddress(f"DIGESTBOT_DATABASE_URL: {error}; PostgreSQL's driver is the extra `postgres`") from error
        except (ValueError, SQLAlchemyError) as error:
            raise BadAddress(f"DIGESTBOT_DATABASE_URL: {error}") from error
        for one in (engine, self._threaded):
            if is_sqlite:
                event.listen(one, "connect", prepare)
            event.listen(one, "begin", begin if is_sqlite else take_turns)
        self._engine = Engine(engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ"))
        self._writer = Engine(engine.execution_options(write=True))
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
            return await whole(self._in_thread(self._run, work))

    def _run(self, work: Callable[[Connection], T]) -> T:
        with _reported(*_REFUSALS), self._threaded.begin() as connection:
            return work(connection)

    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads in a thread, of one state of the database throughout. Raises StoreError.

        For what every question needs, and for several statements that make one answer: the event loop waits once for
        all of it, not four times for each statement.
        """
        return await whole(self._in_thread(self._read, work))

    def _read(self, work: Callable[[Connection], T]) -> T:
        level = {} if self._threaded.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with _reported(), self._threaded.connect() as connection:
            return work(connection.execution_options(write=False, **level))

    def hurry(self, seconds: float) -> None:
        """Have writes that begin from now on wait only so long for another process's transaction: the end is near."""
        options = {"write": True, "patience": round(seconds * 1000)}
        self._threaded = self._threaded.execution_options(**options)
        self._writer = Engine(self._writer.sync_engine.execution_options(**options))

    async def open(self) -> None:
        """See that there is a database. Raises StoreError.

        By the driver that blocks: aiosqlite leaves a thread behind, and its traceback, where there is none.
        """
        await self._in_thread(self._open)

    def _open(self) -> None:
        make_private(self._threaded.url)
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


def new_id(result: CursorResult[Any]) -> int:
    """Return the id that an insert of one row was given."""
    key = result.inserted_primary_key
    if key is None:
        raise StoreError("the database gave a new row no id")
    return int(key[0])
