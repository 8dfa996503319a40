"""Databases as files: copied by SQLite itself, whole or not there, never half-way."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BackupError, StoreError
from bot.store.engine import BUSY_TIMEOUT

BESIDE = ("", "-wal", "-shm", "-journal")
"""The files of a SQLite database, by what follows its name."""


def file_of(url: str, instead: str) -> Path:
    """Return the file of the database at `url`; for one that has none, `instead` says what to do.

    Raises BackupError for another kind of database, StoreError for an address that names no file.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"DIGESTBOT_DATABASE_URL: {error}") from error
    if address.get_backend_name() != "sqlite":
        raise BackupError(f"this database is kept by {address.get_backend_name()}; {instead}")
    if not address.database or address.database == ":memory:":
        raise StoreError("DIGESTBOT_DATABASE_URL names no file; there is nothing that outlives the process")
    return Path(address.database)


@contextmanager
def written() -> Iterator[None]:
    """Put what can go wrong with files into words."""
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"the database can't be copied: {error}; digestbot doctor looks into it") from error
    except OSError as error:
        name = error.filename2 or error.filename or "the file"
        raise BackupError(f"{name} can't be written: {error.strerror or error}") from error


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """Give the name of an empty file of our own in the same folder, and leave none of it behind."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{beside.name}.", suffix=".part", dir=beside.parent)
    except OSError as error:
        folder = beside.parent.absolute()
        why = error.strerror or error
        message = f"the folder {folder} can't be written into: {why}; make or mend it, or choose another"
        raise BackupError(message) from error
    os.close(number)
    try:
        yield Path(name)
    finally:
        for ending in BESIDE:
            Path(f"{name}{ending}").unlink(missing_ok=True)


def dump(source: Path, fresh: Path) -> None:
    """Write one state of `source` into the empty file `fresh`, without the remains of what was deleted."""
    with closing(connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(fresh),))


def connect(path: Path, timeout: float = BUSY_TIMEOUT / 1000) -> sqlite3.Connection:
    """Open a file that is there already."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=timeout, isolation_level=None)


def verify(path: Path, damaged: str) -> None:
    """Have SQLite check a database. Raises BackupError with `damaged` where it is not whole."""
    with closing(connect(path)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise BackupError(f"{damaged} ({found})")


def take_after(fresh: Path, there: Path) -> None:
    """Give `fresh` the mode and, where we may, the owner of the file in whose place it comes."""
    shutil.copymode(there, fresh)
    status = there.stat()
    with contextlib.suppress(PermissionError):
        os.chown(fresh, status.st_uid, status.st_gid)


def replace(fresh: Path, path: Path) -> None:
    """Put the whole file `fresh` in the place of `path`; no log of what was there before may be read with it."""
    sync(fresh)
    for ending in BESIDE[1:]:
        Path(f"{path}{ending}").unlink(missing_ok=True)
    fresh.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """See to it that a file, or a folder's list of files, is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
