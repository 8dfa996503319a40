"""What is SQLite's and what is PostgreSQL's: how each is set up, and how one transaction writes at a time."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT = 10_000
"""How long a writer waits for another process's transaction, in milliseconds."""
UNHEARD = {"connect_timeout": BUSY_TIMEOUT // 1000, "tcp_user_timeout": BUSY_TIMEOUT}
"""After how long PostgreSQL's server counts as gone, in seconds and in milliseconds, as libpq has them."""
_THE_WRITER = 20251012
"""The lock that whoever writes to PostgreSQL holds; any number would do."""


def threaded(url: URL) -> URL:
    """Return the address for a driver that blocks; psycopg does both."""
    return url.set(drivername="sqlite+pysqlite") if url.drivername == "sqlite+aiosqlite" else url


def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401
    """Set SQLite up for one writer and many readers; transactions are begun by `begin`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in (f"busy_timeout={BUSY_TIMEOUT}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()
        raise


def begin(connection: Connection) -> None:
    """Take the write lock at once: a deferred transaction that upgrades later fails with 'database is locked'."""
    options = connection.get_execution_options()
    if patience := options.get("patience"):
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write", False) else "BEGIN")


def take_turns(connection: Connection) -> None:
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


def make_private(url: URL) -> None:
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
