import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine

from bot.errors import StoreError
from bot.store import Store
from bot.store.engine import Database
from bot.store.migrate import migrate
from bot.store.tables import metadata
from tests.fakes import LONG_AGO, chat, database_url, subscription


async def test_open__a_fresh_file_has_the_tables_we_describe(tmp_path: Path) -> None:
    store = await Store.open(database_url(tmp_path))
    await store.close()
    engine = create_engine(database_url(tmp_path).replace("+aiosqlite", ""))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_open__the_states_are_constraints_of_the_database_too(tmp_path: Path) -> None:
    """Alembic compares no CHECK constraints; they are compared by their names and words here."""
    store = await Store.open(database_url(tmp_path))
    await store.close()
    with sqlite3.connect(tmp_path / "digestbot.db") as connection:
        written = {row[0]: row[1] for row in connection.execute("SELECT name, sql FROM sqlite_master")}
    connection.close()
    wanted = [
        (column.table.name, f"CONSTRAINT ck_{column.table.name}_{column.name} CHECK ({constraint.sqltext})")
        for table in metadata.tables.values()
        for column in table.columns
        for constraint in column.constraints
        if isinstance(constraint, CheckConstraint)
    ]
    assert len(wanted) == 7
    for table, constraint in wanted:
        assert constraint in written[table]


async def test_open__a_migrated_file_keeps_what_is_in_it(tmp_path: Path) -> None:
    store = await Store.open(database_url(tmp_path))
    await store.subscriptions.put(subscription(chat(1)))
    await store.close()
    store = await Store.open(database_url(tmp_path))
    assert await store.subscriptions.get(chat(1)) == subscription(chat(1), since=LONG_AGO)
    await store.close()


async def test_open__a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    store = await Store.open(database_url(tmp_path))
    await store.close()
    with sqlite3.connect(tmp_path / "digestbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="9999"):
        await Store.open(database_url(tmp_path))
    with sqlite3.connect(tmp_path / "digestbot.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    connection.close()


async def test_open__a_path_that_can_not_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be used"):
        await Store.open(database_url(tmp_path / "missing"))


async def test_open__a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "digestbot.db").write_text("these are notes, not tables\n" * 400)
    with pytest.raises(StoreError, match="not a database"):
        await Store.open(database_url(tmp_path))


@pytest.mark.parametrize("url", ["nonsense", "oracel://x", "sqlite:///x.db", "://", "postgresql+nodriver://h/d"])
async def test_open__an_address_that_is_none_names_the_setting(url: str) -> None:
    with pytest.raises(StoreError, match="DIGESTBOT_DATABASE_URL"):
        await Store.open(url)


async def test_open__a_password_in_the_address_is_not_told(tmp_path: Path) -> None:
    store = await Store.open(database_url(tmp_path))
    await store.close()
    with sqlite3.connect(tmp_path / "digestbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    database = Database(database_url(tmp_path))
    database.url = "postgresql+psycopg://digestbot:geheim@db.example.com/digests"
    with pytest.raises(StoreError) as caught:
        await migrate(database)
    await database.close()
    assert "db.example.com" in str(caught.value)
    assert "geheim" not in str(caught.value)
