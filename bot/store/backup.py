"""Backups of a SQLite database: taken while the bot runs, brought back while it does not."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BackupError, StoreError
from bot.store.engine import BUSY_TIMEOUT, Database
from bot.store.leases import Leases
from bot.store.migrate import migrate, versions

ASIDE = ".before-restore"
_BESIDE = ("", "-wal", "-shm", "-journal")
"""The files of a SQLite database, by what follows its name."""
_ALONE = 1.0
"""How long to wait for a command that is just leaving the database, in seconds."""
_MARKS = frozenset({"deliveries", "subscriptions", "digests"})
"""Tables by which our databases are known."""


async def backup(url: str, path: Path, *, overwrite: bool = False) -> None:
    """Copy the database at `url`, as it is at one moment, to the file `path`; others may write meanwhile.

    The file is whole or not there, checked, and readable by its owner only. Raises BackupError.
    """
    source = _file_of(url, "back it up with: pg_dump --format=custom --file=FILE")
    with _written():
        await asyncio.to_thread(_back_up, source, path, overwrite=overwrite)


async def restore(url: str, path: Path, now: datetime) -> Path | None:
    """Put the backup `path` in the place of the database at `url` and bring it up to date.

    Return where the database that was there is kept; None when there was none. What was sent since the backup is not
    in its ledger, so it may be sent again. Raises BackupError, with nothing changed: also while a process runs.
    """
    there = _file_of(url, "bring it back with: pg_restore --clean --if-exists --dbname=DATABASE FILE")
    with _written():
        await asyncio.to_thread(_recognise, path, there)
        await _refuse_while_used(url, there, now)
        with _scratch(there) as fresh:
            await asyncio.to_thread(_dump, path, fresh)
            await _bring_up_to_date(fresh)
            await _refuse_while_used(url, there, now)  # it may have been started meanwhile
            return await asyncio.to_thread(_put, fresh, there)


def _file_of(url: str, instead: str) -> Path:
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
def _written() -> Iterator[None]:
    """Put what can go wrong with files into words."""
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"the database can't be copied: {error}; digestbot doctor looks into it") from error
    except OSError as error:
        name = error.filename2 or error.filename or "the file"
        raise BackupError(f"{name} can't be written: {error.strerror or error}") from error


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
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
        for ending in _BESIDE:
            Path(f"{name}{ending}").unlink(missing_ok=True)


def _back_up(source: Path, path: Path, *, overwrite: bool) -> None:
    if not source.is_file():
        raise StoreError(f"there is no database {source} yet; nothing to back up")
    if path.exists() and path.samefile(source):
        raise BackupError(f"{path} is the database itself; choose another name")
    if path.exists() and not overwrite:
        raise BackupError(f"{path} is there already; choose another name, or overwrite it with --force")
    with _scratch(path) as fresh:
        _dump(source, fresh)
        _verify(fresh, f"{source} is damaged; bring back an earlier backup: digestbot restore FILE")
        _replace(fresh, path)


def _dump(source: Path, fresh: Path) -> None:
    """Write one state of `source` into the empty file `fresh`, without the remains of what was deleted."""
    with closing(_connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(fresh),))


def _connect(path: Path, timeout: float = BUSY_TIMEOUT / 1000) -> sqlite3.Connection:
    """Open a file that is there already."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=timeout, isolation_level=None)


def _verify(path: Path, damaged: str) -> None:
    with closing(_connect(path)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise BackupError(f"{damaged} ({found})")


def _recognise(path: Path, there: Path) -> None:
    """Raise BackupError unless `path` is a sound database of ours, not of a newer release, and not that at `there`."""
    if not path.is_file():
        raise BackupError(f"there is no file {path}; name one that digestbot backup wrote")
    if there.exists() and path.samefile(there):
        raise BackupError(f"{path} is the database itself; name a backup of it")
    try:
        _verify(path, f"{path} is damaged; bring back another backup")
        with closing(_connect(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            known = "alembic_version" in tables and tables >= _MARKS
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is not a backup of digestbot: {error}; name another") from error
    if version is None:
        raise BackupError(f"{path} is a database, but not one of digestbot; name another")
    if version[0] not in versions():
        raise BackupError(f"{path} was written by a newer release (its version is {version[0]}); upgrade digestbot")


async def _refuse_while_used(url: str, there: Path, now: datetime) -> None:
    """Raise BackupError while any process sends from the database or has it open; else leave it in a single file."""
    if "leases" not in (await asyncio.to_thread(_tables, there) or ()):
        return
    database = Database(url)
    try:
        living = await Leases(database).living(now)
    finally:
        await database.close()
    if living:
        raise BackupError(f"{' and '.join(sorted(living))} is running; stop it first, then restore")
    await asyncio.to_thread(_close, there)


def _tables(path: Path) -> frozenset[str] | None:
    """Return the tables of a database; None where there is none, or a damaged one: that may be why one is restored."""
    if not path.exists():
        return None
    try:
        with closing(_connect(path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return frozenset(name for (name,) in found)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None


def _close(path: Path) -> None:
    """Take the log into the file, which SQLite allows to the only process that has it open."""
    try:
        with closing(_connect(path, _ALONE)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise _in_use(path, error) from error


def _in_use(path: Path, error: sqlite3.OperationalError) -> BackupError:
    return BackupError(f"{path} is in use by another process; stop it first, then restore ({error})")


async def _bring_up_to_date(fresh: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{fresh}")
    try:
        await migrate(database)
    finally:
        await database.close()


def _put(fresh: Path, there: Path) -> Path | None:
    """Put what `fresh` holds in the place of `there` in one step, and keep what was there under a name of its own."""
    _close(fresh)
    is_new = not there.exists()
    if is_new:
        there.touch(mode=0o600, exist_ok=False)
    elif _tables(there) is None:
        return _swap(fresh, there)
    with _alone(there) as held:
        kept = None if is_new else _keep(held, there)
        try:
            _overwrite(held, fresh)
        except BaseException:
            if kept:
                kept.unlink()
            raise
    return kept


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a database that nobody else can read or write until this ends: whoever starts meanwhile waits.

    It is written into, for with a file in its place whoever waits would go on with the old one, which they have open.
    """
    with closing(_connect(path, _ALONE)) as held:
        try:
            for words in ("PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=DELETE", "BEGIN EXCLUSIVE", "COMMIT"):
                held.execute(words)
        except sqlite3.OperationalError as error:
            raise _in_use(path, error) from error
        yield held


def _keep(held: sqlite3.Connection, there: Path) -> Path:
    """Copy the old database to a name of its own; by its own connection, as another would end the lock."""
    kept = _free_name(there)
    with _scratch(there) as old:
        with closing(_connect(old)) as copy:
            held.backup(copy)
        _take_after(old, there)
        _replace(old, kept)
    return kept


def _overwrite(held: sqlite3.Connection, fresh: Path) -> None:
    """Have the database hold what `fresh` holds: all of it or, where that breaks off, what it held before."""
    with closing(_connect(fresh)) as source:
        source.backup(held)


def _swap(fresh: Path, there: Path) -> Path:
    """Put `fresh` in the place of what is no database that SQLite can read; no process can start on that."""
    _take_after(fresh, there)
    kept = _set_aside(there)
    _replace(fresh, there)
    return kept


def _take_after(fresh: Path, there: Path) -> None:
    """Give `fresh` the mode and, where we may, the owner of the file in whose place it comes."""
    shutil.copymode(there, fresh)
    status = there.stat()
    with contextlib.suppress(PermissionError):
        os.chown(fresh, status.st_uid, status.st_gid)


def _replace(fresh: Path, path: Path) -> None:
    """Put the whole file `fresh` in the place of `path`; no log of what was there before may be read with it."""
    _sync(fresh)
    for ending in _BESIDE[1:]:
        Path(f"{path}{ending}").unlink(missing_ok=True)
    fresh.replace(path)
    _sync(path.parent)


def _set_aside(there: Path) -> Path:
    """Give the old database a second name, its log's files their only one: the new database must not meet them."""
    kept = _free_name(there)
    try:
        kept.hardlink_to(there)
    except OSError:
        shutil.copy2(there, kept)
    for ending in _BESIDE[1:]:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{there}{ending}").replace(f"{kept}{ending}")
    return kept


def _free_name(there: Path) -> Path:
    first = there.with_name(there.name + ASIDE)
    others = (there.with_name(f"{there.name}{ASIDE}-{number}") for number in range(2, 1_000))
    return next(name for name in (first, *others) if not name.exists())


def _sync(path: Path) -> None:
    """See to it that a file, or a folder's list of files, is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
