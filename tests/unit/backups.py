"""Databases and their backups as files: looked into, changed and spoilt, one backup with a digest in it."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.backup import backup
from tests.fakes import DATABASE, TODAY, database_url, digest, load, opened

NOTES = b"these are notes, not tables\n" * 400


def query(file: Path, words: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(words).fetchall()


def change(file: Path, words: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(words)


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def modes(path: Path) -> set[int]:
    """Return the modes of the database in a folder and of the log beside it, which there must be."""
    files = list(path.glob(f"{DATABASE}*"))
    assert len(files) > 1
    return {mode(file) for file in files}


def cut_in_half(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def scribble(file: Path) -> None:
    file.write_bytes(NOTES)


def spoil_an_index(file: Path) -> None:
    """Have an index say another word than its table: SQLite copies that without a murmur."""
    whole, (size,) = file.read_bytes(), query(file, "PRAGMA page_size")[0]
    (page,) = query(file, "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'digests'")[0]
    assert isinstance(page, int)
    assert isinstance(size, int)
    start, end = (page - 1) * size, page * size
    file.write_bytes(whole[:start] + whole[start:end].replace(str(TODAY).encode(), b"1999-12-31") + whole[end:])


def folder(path: Path) -> list[str]:
    return sorted(found.name for found in path.iterdir() if found.name != "fresh.db")


@pytest.fixture
async def saved(tmp_path: Path) -> Path:
    """Return a backup with one digest in it; the database has had another since."""
    file = tmp_path / "backup.db"
    async with opened(tmp_path) as store:
        await load(store, digest())
        await backup(database_url(tmp_path), file)
        await load(store, digest(TODAY + timedelta(days=1)))
    return file
