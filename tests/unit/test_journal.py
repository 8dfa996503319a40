import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Integer, Text, bindparam, insert, select, update

from bot.errors import StoreConflict, StoreError
from bot.store import Store
from bot.store.engine import Database
from bot.store.journal import Journal
from bot.store.tables import leases, source_files
from tests.fakes import DATABASE, MORNING, Where, database_url, opened

ADD = insert(source_files).values(
    path=bindparam("the_path", type_=Text), sha256="", outcome=bindparam("the_outcome", type_=Text), seen_at=MORNING
)
CHANGE = (
    update(source_files)
    .where(source_files.c.path == bindparam("the_path"))
    .values(outcome=source_files.c.outcome + bindparam("the_outcome", type_=Text))
)
OTHER = insert(leases).values(account=bindparam("n", type_=Integer), owner="x", until=MORNING)


@pytest.fixture
async def database(where: Where) -> AsyncIterator[Database]:
    async with opened(where):
        database = Database(database_url(where))
        yield database
        await database.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


def row(path: str, outcome: str = "") -> dict[str, object]:
    return {"the_path": path, "the_outcome": outcome}


async def written(where: Where) -> dict[str, str]:
    """Return what another connection sees: what is committed."""
    async with opened(where) as store, _database(store).read() as connection:
        found = await connection.execute(select(source_files.c.path, source_files.c.outcome))
        return {one.path: one.outcome for one in found}


def _database(store: Store) -> Database:
    return store._database


async def test_write__is_committed_when_it_returns(journal: Journal, where: Where) -> None:
    await journal.write(ADD, row("a", "x"))
    assert await written(where) == {"a": "x"}


async def test_write__many_at_once_share_a_commit(journal: Journal, database: Database, where: Where) -> None:
    commits = list[int]()
    run = database.write_in_thread

    async def counted(work: Callable[[Connection], None]) -> None:
        commits.append(1)
        await run(work)

    database.write_in_thread = counted  # type: ignore[method-assign,assignment]
    await asyncio.gather(*(journal.write(ADD, row(str(number))) for number in range(200)))
    assert len(await written(where)) == 200
    assert len(commits) == 1


async def test_write__rows_of_a_thing_keep_their_order_across_batches(journal: Journal, where: Where) -> None:
    async def story(name: str) -> None:
        await journal.write(ADD, row(name, "0"))
        for step in "123":
            await journal.write(CHANGE, row(name, step))

    await asyncio.gather(*(story(str(number)) for number in range(20)))
    assert set((await written(where)).values()) == {"0123"}


async def test_write__tells_each_writer_whether_its_row_changed_anything(journal: Journal, where: Where) -> None:
    assert await journal.write(ADD, row("there"))
    journal.add(CHANGE, row("there", "1"))
    writes = [journal.write(CHANGE, row(path, "2")) for path in ("there", "nowhere", "there")]
    assert await asyncio.gather(*writes, journal.write(ADD, row("new"))) == [True, False, True, True]
    assert await written(where) == {"there": "122", "new": ""}


async def test_write__a_cancelled_writer_takes_nobody_along(journal: Journal, where: Where) -> None:
    writers = [asyncio.create_task(journal.write(ADD, row(str(number)))) for number in range(10)]
    await asyncio.sleep(0)
    for writer in writers[::2]:
        writer.cancel()
    outcomes = await asyncio.gather(*writers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, bool] * 5
    assert len(await written(where)) == 10


async def test_write__goes_on_when_all_its_writers_are_cancelled(journal: Journal, where: Where) -> None:
    writer = asyncio.create_task(journal.write(ADD, row("a")))
    await asyncio.sleep(0)
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)
    await journal.write(ADD, row("b"))
    assert set(await written(where)) == {"a", "b"}


async def test_write__a_refused_row_is_told_to_its_writer_alone(journal: Journal, where: Where) -> None:
    await journal.write(ADD, row("there"))
    writes = [journal.write(ADD, row("new")), journal.write(ADD, row("there")), journal.write(OTHER, {"n": 1})]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [bool, StoreConflict, bool]
    assert set(await written(where)) == {"there", "new"}


async def test_write__a_row_that_postgresql_does_not_take_holds_up_nobody(postgresql: str) -> None:
    """A text with a NUL in it, which SQLite takes."""
    async with opened(postgresql) as store:
        journal = Journal(_database(store))
        writes = asyncio.gather(
            *(journal.write(ADD, row(each)) for each in ("a", "b\x00", "c")), return_exceptions=True
        )
        outcomes = await asyncio.wait_for(writes, 5)
    assert [type(outcome) for outcome in outcomes] == [bool, StoreConflict, bool]
    assert set(await written(postgresql)) == {"a", "c"}


async def test_add__is_committed_with_what_is_written_next(journal: Journal, where: Where) -> None:
    journal.add(ADD, row("a"))
    await journal.write(ADD, row("b"))
    assert set(await written(where)) == {"a", "b"}


async def test_flush__waits_for_what_was_added(journal: Journal, where: Where) -> None:
    journal.add(ADD, row("a"))
    await journal.flush()
    assert set(await written(where)) == {"a"}


async def test_write__a_store_that_is_locked_is_tried_until_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.journal.PATIENCE", 0.02)
    async with opened(tmp_path) as store:
        journal = Journal(_database(store))
        with closing(sqlite3.connect(tmp_path / DATABASE)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with journal._database.read() as connection:
                await connection.exec_driver_sql("PRAGMA busy_timeout=10")
            writer = asyncio.create_task(journal.write(ADD, row("a")))
            journal.add(ADD, row("b"))
            await asyncio.sleep(0.2)
            assert not writer.done()
            other.rollback()
        await writer
    assert set(await written(tmp_path)) == {"a", "b"}


async def test_write__works_again_after_a_failure(journal: Journal, where: Where) -> None:
    await journal.write(ADD, row("a"))
    with pytest.raises(StoreError):
        await journal.write(ADD, row("a"))
    await journal.write(ADD, row("b"))
    assert set(await written(where)) == {"a", "b"}


async def test_write__a_failure_that_nobody_waits_for_is_not_reported_as_lost(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    await journal.write(ADD, row("a"))
    writer = asyncio.create_task(journal.write(ADD, row("a")))
    await asyncio.sleep(0)
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)
    with pytest.raises(StoreError):
        await journal.write(ADD, row("a"))
    assert "never retrieved" not in caplog.text


async def test_write__a_fault_of_ours_is_told_to_its_writer_and_stops_nobody_else(
    journal: Journal, where: Where
) -> None:
    """A row that lacks a value fails before it reaches the database."""
    outcomes = await asyncio.wait_for(
        asyncio.gather(journal.write(ADD, {"the_path": "x"}), journal.write(ADD, row("a")), return_exceptions=True), 5
    )
    await asyncio.wait_for(journal.write(ADD, row("b")), 5)
    assert [type(outcome) for outcome in outcomes] == [StoreConflict, bool]
    assert set(await written(where)) == {"a", "b"}


async def test_write__a_text_that_no_encoding_has_is_refused_alone(journal: Journal, where: Where) -> None:
    writes = [journal.write(ADD, row("x", "half a sign \ud83d")), journal.write(ADD, row("a"))]
    outcomes = await asyncio.wait_for(asyncio.gather(*writes, return_exceptions=True), 5)
    await asyncio.wait_for(journal.write(ADD, row("b")), 5)
    assert [type(outcome) for outcome in outcomes] == [StoreConflict, bool]
    assert set(await written(where)) == {"a", "b"}


async def test_write__nobody_waits_for_ever_for_a_journal_that_broke(journal: Journal, database: Database) -> None:
    async def broken(_: Callable[[Connection], None]) -> None:
        raise MemoryError

    database.write_in_thread = broken  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreError):
        await asyncio.wait_for(journal.write(ADD, row("a")), 5)
