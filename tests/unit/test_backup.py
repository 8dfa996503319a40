"""Backups taken: one state of the database, in one file, for its owner alone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import BackupError, StoreError
from bot.store import Store
from bot.store.backup import backup, restore
from tests.fakes import DATABASE, MORNING, chat, database_url, digest, load, opened, subscription
from tests.unit.backups import change, folder, mode, modes, query, scribble, spoil_an_index

POSTGRES = "postgresql+psycopg://digestbot:geheim@db.example.com/digests"


async def test_open__a_new_database_is_for_its_owner_alone_and_one_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    for wanted in (0o600, 0o640):
        store = await Store.open(database_url(tmp_path))
        await load(store, digest())
        assert modes(tmp_path) == {wanted}
        await store.close()
        (tmp_path / DATABASE).chmod(0o640)


async def test_backup__taken_while_the_store_is_written_to_is_one_state_of_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:

        async def write() -> None:
            for number in range(60):
                await store.subscriptions.put(subscription(chat(number)))

        writing = asyncio.create_task(write())
        for number in range(5):
            await backup(database_url(tmp_path), tmp_path / f"backup{number}.db")
        await writing
    for number in range(5):
        file = tmp_path / f"backup{number}.db"
        assert query(file, "PRAGMA integrity_check") == [("ok",)]
        (counts,) = query(file, "SELECT (SELECT count(*) FROM chats), (SELECT count(*) FROM subscriptions)")
        assert counts[0] == counts[1]


async def test_backup__does_not_wait_for_a_writer(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store._database.write():
        await asyncio.wait_for(backup(database_url(tmp_path), tmp_path / "backup.db"), 5)


async def test_backup__is_one_file_for_its_owner_alone(tmp_path: Path, saved: Path) -> None:
    assert folder(tmp_path) == ["backup.db", DATABASE]
    assert mode(saved) == 0o600


async def test_backup__has_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.subscriptions.put(subscription(chat("4815162342")))
    for table in ("subscriptions", "chats"):
        change(tmp_path / DATABASE, f"DELETE FROM {table}")  # noqa: S608
    await backup(database_url(tmp_path), tmp_path / "backup.db")
    assert b"4815162342" not in (tmp_path / "backup.db").read_bytes()


async def test_backup__overwrites_only_when_told(tmp_path: Path, saved: Path) -> None:
    with pytest.raises(BackupError, match="is there already"):
        await backup(database_url(tmp_path), saved)
    assert query(saved, "SELECT count(*) FROM digests") == [(1,)]
    await backup(database_url(tmp_path), saved, overwrite=True)
    assert query(saved, "SELECT count(*) FROM digests") == [(2,)]


async def test_backup__never_overwrites_the_database_itself(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(BackupError, match="the database itself"):
            await backup(database_url(tmp_path), tmp_path / DATABASE, overwrite=True)


async def test_backup__makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        await backup(database_url(tmp_path), tmp_path / "backup.db")
    assert folder(tmp_path) == []


async def test_backup__into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(BackupError, match=f"the folder {tmp_path / 'missing'} can't be written into: No such file"):
            await backup(database_url(tmp_path), tmp_path / "missing" / "backup.db")


@pytest.mark.parametrize(
    ("damage", "found"), [(scribble, "not a database"), (spoil_an_index, f"{DATABASE} is damaged")]
)
async def test_backup__of_a_damaged_database_leaves_nothing(
    tmp_path: Path, damage: Callable[[Path], None], found: str
) -> None:
    async with opened(tmp_path) as store:
        await load(store, digest())
    damage(tmp_path / DATABASE)
    with pytest.raises(BackupError, match=found):
        await backup(database_url(tmp_path), tmp_path / "backup.db")
    assert folder(tmp_path) == [DATABASE]


async def test_postgresql__names_the_tool_and_no_password(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump") as caught:
        await backup(POSTGRES, tmp_path / "backup.db")
    assert "geheim" not in str(caught.value)
    with pytest.raises(BackupError, match="pg_restore"):
        await restore(POSTGRES, tmp_path / "backup.db", MORNING)


async def test_memory__has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="names no file"):
        await backup("sqlite+aiosqlite://", tmp_path / "backup.db")
