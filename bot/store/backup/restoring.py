"""Bringing a backup back: into the database that is there, with nobody else in it."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import BackupError
from bot.store.backup.files import BESIDE, connect, dump, file_of, replace, scratch, take_after, verify, written
from bot.store.engine import Database
from bot.store.leases import Leases
from bot.store.migrate import migrate, versions

ASIDE = ".before-restore"
_ALONE = 1.0
"""How long to wait for a command that is just leaving the database, in seconds."""
_MARKS = frozenset({"deliveries", "subscriptions", "digests"})
"""Tables by which our databases are known."""


async def restore(url: str, path: Path, now: datetime) -> Path | None:
    """Put the backup `path` in the place of the database at `url` and bring it up to date.

    Return where the database that was there is kept; None when there was none. What was sent since the backup is not
    in its ledger, so it may be sent again. Raises BackupError, with nothing changed: also while a process runs.
    """
    there = file_of(url, "bring it back with: pg_restore --clean --if-exists --dbname=DATABASE FILE")
    with written():
        await asyncio.to_thread(_recognise, path, there)
        await _refuse_while_used(url, there, now)
        with scratch(there) as fresh:
            await asyncio.to_thread(dump, path, fresh)
            await _bring_up_to_date(fresh)
            await _refuse_while_used(url, there, now)  # it may have been started meanwhile
            return await asyncio.to_thread(_put, fresh, there)


def _recognise(path: Path, there: Path) -> None:
    """Raise BackupError unless `path` is a sound database of ours, not of a newer release, and not that at `there`."""
    if not path.is_file():
        raise BackupError(f"there is no file {path}; name one that digestbot backup wrote")
    if there.exists() and path.samefile(there):
        raise BackupError(f"{path} is the database itself; name a backup of it")
    try:
        verify(path, f"{path} is damaged; bring back another backup")
        with closing(connect(path)) as connection:
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
        with closing(connect(path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return frozenset(name for (name,) in found)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None


def _close(path: Path) -> None:
    """Take the log into the file, which SQLite allows to the only process that has it open."""
    try:
        with closing(connect(path, _ALONE)) as connection:
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
    with closing(connect(path, _ALONE)) as held:
        try:
            for words in ("PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=DELETE", "BEGIN EXCLUSIVE", "COMMIT"):
                held.execute(words)
        except sqlite3.OperationalError as error:
            raise _in_use(path, error) from error
        yield held


def _keep(held: sqlite3.Connection, there: Path) -> Path:
    """Copy the old database to a name of its own; by its own connection, as another would end the lock."""
    kept = _free_name(there)
    with scratch(there) as old:
        with closing(connect(old)) as copy:
            held.backup(copy)
        take_after(old, there)
        replace(old, kept)
    return kept


def _overwrite(held: sqlite3.Connection, fresh: Path) -> None:
    """Have the database hold what `fresh` holds: all of it or, where that breaks off, what it held before."""
    with closing(connect(fresh)) as source:
        source.backup(held)


def _swap(fresh: Path, there: Path) -> Path:
    """Put `fresh` in the place of what is no database that SQLite can read; no process can start on that."""
    take_after(fresh, there)
    kept = _set_aside(there)
    replace(fresh, there)
    return kept


def _set_aside(there: Path) -> Path:
    """Give the old database a second name, its log's files their only one: the new database must not meet them."""
    kept = _free_name(there)
    try:
        kept.hardlink_to(there)
    except OSError:
        shutil.copy2(there, kept)
    for ending in BESIDE[1:]:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{there}{ending}").replace(f"{kept}{ending}")
    return kept


def _free_name(there: Path) -> Path:
    first = there.with_name(there.name + ASIDE)
    others = (there.with_name(f"{there.name}{ASIDE}-{number}") for number in range(2, 1_000))
    return next(name for name in (first, *others) if not name.exists())
