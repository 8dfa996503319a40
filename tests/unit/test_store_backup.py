import asyncio
import os
import resource
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from bot.errors import BackupError, StoreError
from bot.store import Store, engine
from bot.store.backup import backup, restore
from bot.store.backup.restoring import _alone, _overwrite, _put
from bot.store.leases import numbering
from bot.store.migrate import _config
from tests.fakes import DATABASE, MORNING, TODAY, chat, database_url, digest, load, opened, subscription
from tests.unit.newcomer import ACCOUNT, newcomer

MOMENTS = 12
"""How many moments of a restore a process starts at, from its beginning to its end."""
A_WHILE = 0.5
"""Seconds that a starting process is kept waiting."""
POSTGRES = "postgresql+psycopg://digestbot:geheim@db.example.com/digests"
AFTER = MORNING + timedelta(hours=1)


def query(file: Path, words: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(words).fetchall()


def change(file: Path, words: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(words)


NOTES = b"these are notes, not tables\n" * 400


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


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


async def days(path: Path) -> list[str]:
    async with opened(path) as store:
        return [str(line.day) for line in await store.digests.days()]


def modes(path: Path) -> set[int]:
    """Return the modes of the database in a folder and of the log beside it, which there must be."""
    files = list(path.glob(f"{DATABASE}*"))
    assert len(files) > 1
    return {mode(file) for file in files}


async def test_open__a_new_database_is_for_its_owner_alone_and_one_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    for wanted in (0o600, 0o640):
        store = await Store.open(database_url(tmp_path))
        await load(store, digest())
        assert modes(tmp_path) == {wanted}
        await store.close()
        (tmp_path / DATABASE).chmod(0o640)


async def test_restore__leaves_a_database_that_the_bot_made_to_its_owner_alone(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for _ in range(2):
        kept = await restore(database_url(other), saved, MORNING)
        store = await Store.open(database_url(other))
        assert modes(other) == {0o600}
        await store.close()
    assert kept


# ------------------------------------------------------------------ backup


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


# ------------------------------------------------------------------ restore


async def test_restore__brings_the_state_back_and_keeps_the_other(tmp_path: Path, saved: Path) -> None:
    kept = await restore(database_url(tmp_path), saved, AFTER)
    assert await days(tmp_path) == [str(TODAY)]
    assert kept == tmp_path / f"{DATABASE}.before-restore"
    assert query(kept, "SELECT count(*) FROM digests") == [(2,)]
    assert folder(tmp_path) == ["backup.db", DATABASE, kept.name]


async def test_restore__gives_no_number_again_that_the_backup_knew(tmp_path: Path) -> None:
    url, file = database_url(tmp_path), tmp_path / "backup.db"
    async with opened(tmp_path) as store:
        await store.subscriptions.put(subscription(chat(1)))
        await store.subscriptions.forget(chat(1))
        await backup(url, file)
    await restore(url, file, AFTER)
    async with opened(tmp_path) as store:
        await store.subscriptions.put(subscription(chat(2)))
        assert [entry.number for entry in await store.roster.all()] == [2]


async def test_restore__twice_keeps_both(tmp_path: Path, saved: Path) -> None:
    await restore(database_url(tmp_path), saved, AFTER)
    second = await restore(database_url(tmp_path), saved, AFTER)
    assert second == tmp_path / f"{DATABASE}.before-restore-2"
    assert query(tmp_path / f"{DATABASE}.before-restore", "SELECT count(*) FROM digests") == [(2,)]


async def test_restore__where_there_is_no_database(tmp_path: Path, saved: Path) -> None:
    (tmp_path / "new").mkdir()
    assert await restore(database_url(tmp_path / "new"), saved, AFTER) is None
    assert await days(tmp_path / "new") == [str(TODAY)]


async def test_restore__the_log_of_a_killed_process_is_kept_not_lost(tmp_path: Path, saved: Path) -> None:
    """The log holds commits that are not in the file yet; they belong to what was there before."""
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE revisions SET title = 'only in the log'")
    connection.commit()
    for ending in ("", "-wal", "-shm"):
        shutil.copy(tmp_path / f"{DATABASE}{ending}", tmp_path / f"killed.db{ending}")
    connection.close()
    url = f"sqlite+aiosqlite:///{tmp_path / 'killed.db'}"
    kept = await restore(url, saved, AFTER)
    assert kept
    assert query(kept, "SELECT DISTINCT title FROM revisions") == [("only in the log",)]
    assert query(tmp_path / "killed.db", "SELECT title FROM revisions") == [(f"News of {TODAY}",)]


async def test_restore__is_refused_while_a_process_sends(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        store.leases.owner = f"{socket.gethostname()}:{os.getppid()}:{numbering()}-abcd"
        assert await store.leases.hold("telegram", AFTER)
    with pytest.raises(BackupError, match=rf"{os.getppid()}:{numbering()}-abcd is running; stop it first"):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__does_not_wait_for_the_dead(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        store.leases.owner = f"{socket.gethostname()}:{os.getpid()}:{numbering()}-abcd"
        assert await store.leases.hold("telegram", AFTER)
    assert await restore(database_url(tmp_path), saved, AFTER)


async def test_restore__is_refused_while_anybody_has_the_database_open(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        await store.digests.days()
        with pytest.raises(BackupError, match="in use by another process"):
            await restore(database_url(tmp_path), saved, AFTER)
        assert len(await store.digests.days()) == 2
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__is_refused_once_a_process_has_started_meanwhile(tmp_path: Path, saved: Path) -> None:
    with newcomer(database_url(tmp_path), AFTER) as bot:
        restoring = asyncio.create_task(restore(database_url(tmp_path), saved, AFTER))
        await _part(tmp_path)
        assert bot.start() == "started"
        with pytest.raises(BackupError, match="is running; stop it first"):
            await restoring
        assert bot.work() == f"{TODAY + timedelta(days=1)} {TODAY}"
        assert bot.stop() == "stopped"
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__where_there_is_no_database_is_refused_once_a_process_has_made_one(
    tmp_path: Path, saved: Path
) -> None:
    there = tmp_path / "new"
    there.mkdir()
    with newcomer(database_url(there), AFTER) as bot:
        restoring = asyncio.create_task(restore(database_url(there), saved, AFTER))
        await _part(there)
        assert bot.start() == "started"
        with pytest.raises(BackupError, match="is running; stop it first"):
            await restoring
        assert bot.work() == ""
        assert bot.stop() == "stopped"
    assert folder(there) == [DATABASE]


async def _part(path: Path) -> None:
    """Return once the restore has looked for others and begun to work; it is held up until we wait for it."""
    while not _parts(path):  # noqa: ASYNC110  # what is waited for has no event
        await asyncio.sleep(0)


def _parts(path: Path) -> list[Path]:
    return list(path.glob(f".{DATABASE}.*.part"))


async def test_restore__who_starts_at_any_moment_of_it_has_the_database_that_is_there(
    tmp_path: Path, saved: Path
) -> None:
    """Either of the two goes before; never does a process go on with what was set aside, and another beside it."""
    url, outcomes, begun = database_url(tmp_path), set(), time.monotonic()
    await restore(url, saved, AFTER)
    whole = time.monotonic() - begun
    with newcomer(url, AFTER) as bot:
        for moment in range(MOMENTS):
            restoring = asyncio.create_task(restore(url, saved, AFTER))
            await asyncio.sleep(whole * moment / MOMENTS)
            bot.tell("start")
            outcomes.add(type((await asyncio.gather(restoring, return_exceptions=True))[0]))
            assert await asyncio.to_thread(bot.answer) == "started"
            seen = bot.work()
            async with opened(tmp_path) as store:
                assert seen == " ".join(str(line.day) for line in await store.digests.days())
                assert await store.subscriptions.get(chat(7))
                assert not await store.leases.hold(ACCOUNT, AFTER)
            assert bot.stop() == "stopped"
    assert outcomes <= {BackupError, type(tmp_path)}


async def test_open__waits_until_a_restore_has_ended_and_finds_what_it_brought(tmp_path: Path, saved: Path) -> None:
    with newcomer(database_url(tmp_path), AFTER) as bot:
        with _alone(tmp_path / DATABASE) as held:
            bot.tell("start")
            await asyncio.sleep(A_WHILE)
            _overwrite(held, saved)
        assert bot.answer() == "started"
        assert bot.work() == str(TODAY)
        assert bot.stop() == "stopped"


@pytest.mark.usefixtures("saved")
async def test_open__a_database_that_is_kept_by_another_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 100)
    with _alone(tmp_path / DATABASE), pytest.raises(StoreError, match=r"locked.*`digestbot restore`.*try again"):
        await Store.open(database_url(tmp_path))


async def test_restore__that_finds_the_disk_full_leaves_what_was_there_and_no_copy(tmp_path: Path, saved: Path) -> None:
    change(saved, "CREATE TABLE ballast AS SELECT zeroblob(4000000) AS much")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, most))
    try:
        with pytest.raises(sqlite3.OperationalError):
            _put(saved, tmp_path / DATABASE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert len(await days(tmp_path)) == 2
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine, config = create_engine(f"sqlite:///{old}"), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    await restore(database_url(tmp_path), old, AFTER)
    assert query(tmp_path / DATABASE, "SELECT count(*) FROM alarms") == [(0,)]
    assert query(old, "SELECT version_num FROM alembic_version") == [("0001",)]


async def test_restore__a_backup_of_a_newer_release_is_refused(tmp_path: Path, saved: Path) -> None:
    change(saved, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="newer release"):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__another_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    change(other, "CREATE TABLE deliveries (pizza TEXT)")
    with pytest.raises(BackupError, match="not one of digestbot"):
        await restore(database_url(tmp_path), other, AFTER)


async def test_restore__what_is_no_database_is_refused(tmp_path: Path, saved: Path) -> None:
    scribble(saved)
    with pytest.raises(BackupError, match="not a backup of digestbot"):
        await restore(database_url(tmp_path), saved, AFTER)
    with pytest.raises(BackupError, match="no file"):
        await restore(database_url(tmp_path), tmp_path / "missing.db", AFTER)
    with pytest.raises(BackupError, match="the database itself"):
        await restore(database_url(tmp_path), tmp_path / DATABASE, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__a_damaged_backup_is_refused(tmp_path: Path, saved: Path) -> None:
    cut_in_half(saved)
    with pytest.raises(BackupError):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__takes_the_place_of_a_damaged_database(tmp_path: Path, saved: Path) -> None:
    scribble(tmp_path / DATABASE)
    kept = await restore(database_url(tmp_path), saved, AFTER)
    assert kept
    assert kept.stat().st_size == len(NOTES)
    assert await days(tmp_path) == [str(TODAY)]


async def test_restore__the_file_is_for_whom_it_was(tmp_path: Path, saved: Path) -> None:
    (tmp_path / DATABASE).chmod(0o640)
    await restore(database_url(tmp_path), saved, AFTER)
    assert mode(tmp_path / DATABASE) == 0o640


async def test_restore__a_backup_of_a_running_bot_serves_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        assert await store.leases.hold("telegram", MORNING)
        await backup(database_url(tmp_path), tmp_path / "backup.db")
        await store.leases.release("telegram", MORNING)
    await restore(database_url(tmp_path), tmp_path / "backup.db", MORNING)
    store = await Store.open(database_url(tmp_path))
    assert await store.leases.hold("telegram", MORNING)
    await store.close()
