"""Databases of every older release: brought up to date with all that is in them, or left as they are."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from pydantic import SecretStr
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.errors import StoreError
from bot.models import DeliveryState, Format
from bot.store import Store
from bot.store.engine import Database
from bot.store.migrate import _config, migrate
from bot.store.tables import NEVER, metadata
from bot.terms import phrases
from tests.fakes import LONG_AGO, TODAY, Where, chat, database_url, digest, load, opened, subscription
from tests.postgres import Server, upgrade

_ROWS_OF_0002 = (
    "chats VALUES (1, 'console', '1', 'private', '')",
    "slots VALUES (1, 'Asia/Shanghai', '08:00', '1234567')",
    "subscriptions VALUES (1, 1, '', 1, '', 'full', 'en', 'on', '2025-01-01 00:00:00', '', '0001-01-01')",
    "revisions VALUES (1, '2025-10-12', 1, 'published', 't', NULL, '[]', '[]', '[]', x'00', 'x', 'o', '2025-10-12', 1)",
    (
        "deliveries (id, subscription_id, occasion, platform, day, revision_id, categories, format, language, state, "
        "planned_at, deadline, next_at, attempts) VALUES (1, 1, 'day:2025-10-12', 'console', '2025-10-12', 1, '', "
        "'full', 'en', 'sent', '2025-10-12', '2025-10-12', '2025-10-12', 1)"
    ),
    "delivery_parts VALUES (1, 1, 'sent', 1, '5', 'x', '2025-10-12'), (1, 2, 'sent', 1, '6', 'y', '2025-10-12')",
)
_A_CHAT = "INSERT INTO chats (id, platform, address, kind, title) VALUES (:number, 'console', :address, 'private', '')"
_A_PAUSE = (
    "INSERT INTO subscriptions (id, chat_id, slot_id, categories, format, language, state, since, reason, served_day) "
    "VALUES (:number, :number, 1, '', 'full', 'en', 'paused', '2025-01-01 00:00:00', :reason, '0001-01-01')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """Give a place for a database that was never opened."""
    if request.param == "sqlite":
        yield tmp_path
        return
    server: Server = request.getfixturevalue("postgres")
    with server.empty() as address:
        yield address


def blocking(where: Where) -> Engine:
    return create_engine(database_url(where).replace("+aiosqlite", ""))


async def test_open__a_fresh_database_has_the_tables_we_describe(empty: Where) -> None:
    store = await Store.open(database_url(empty))
    await store.close()
    engine = blocking(empty)
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_described}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert [one for one in differences if not _is_about_words(one)] == []


def _is_about_words(difference: Any) -> bool:
    """Tell whether it is only a comment that is worded otherwise: PostgreSQL keeps those, SQLite has none."""
    return isinstance(difference, list) and {step[0] for step in difference} == {"modify_comment"}


def _is_described(name: str | None, kind: str, _: object) -> bool:
    """Leave out the index of the search, a virtual table and the five behind it: no metadata can describe those."""
    return not (kind == "table" and re.fullmatch("search(_.+)?", name or ""))


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
    assert len(wanted) == 8
    for table, constraint in wanted:
        assert constraint in written[table]


async def test_open__the_states_are_constraints_of_postgresql_too(postgresql: str) -> None:
    """It words them its own way: they are compared by their names and the values they list."""
    engine = blocking(postgresql)
    found = {
        one["name"]: sorted(re.findall(r"'(\w+)'", one["sqltext"]))
        for table in metadata.tables
        for one in inspect(engine).get_check_constraints(table)
    }
    engine.dispose()
    wanted = {
        f"ck_{column.table.name}_{column.name}": sorted(re.findall(r"'(\w+)'", str(constraint.sqltext)))
        for table in metadata.tables.values()
        for column in table.columns
        for constraint in column.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert len(wanted) == 8
    assert found == wanted


async def test_open__a_migrated_database_keeps_what_is_in_it(empty: Where) -> None:
    store = await Store.open(database_url(empty))
    await store.subscriptions.put(subscription(chat(1)))
    await store.close()
    store = await Store.open(database_url(empty))
    assert await store.subscriptions.get(chat(1)) == subscription(chat(1), since=LONG_AGO)
    await store.close()


async def test_open__a_file_of_the_second_release_takes_robots_and_cards_and_loses_nothing(tmp_path: Path) -> None:
    engine = blocking(tmp_path)
    config = _config()
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for row in _ROWS_OF_0002:
            connection.exec_driver_sql(f"INSERT INTO {row}")
    engine.dispose()
    async with opened(tmp_path) as store:
        (entry,) = await store.roster.all()
        wish = entry.subscription
        assert (wish.chat, wish.mention, wish.chat.credential) == (chat(1), (), None)
        key = SecretStr("a-key")
        await store.subscriptions.put(replace(wish, format=Format.NEWS, chat=replace(wish.chat, credential=key)))
        assert (await store.subscriptions.get(chat(1))) == replace(wish, format=Format.NEWS)
    with closing(sqlite3.connect(tmp_path / "digestbot.db")) as connection_:
        assert connection_.execute("SELECT number FROM delivery_parts").fetchall() == [(1,), (2,)]
        assert connection_.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection_.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="ck_subscriptions_format"):
            connection_.execute("UPDATE subscriptions SET format = 'poem'")


def _in_postgresql(row: str) -> str:
    """Write bytes and yes its way."""
    return row.replace("x'00'", "'0'").replace("'o', '2025-10-12', 1", "'o', '2025-10-12', true")


async def test_open__postgresql_from_the_second_release_on_loses_nothing(postgres: Server) -> None:
    with postgres.empty() as address:
        engine = blocking(address)
        upgrade(engine, "0002")
        with engine.begin() as connection:
            for row in _ROWS_OF_0002:
                connection.exec_driver_sql(f"INSERT INTO {_in_postgresql(row)}")
        upgrade(engine, "0004")
        async with opened(address) as store:
            (entry,) = await store.roster.all()
            assert entry.subscription.chat == chat(1)
            await store.subscriptions.put(replace(entry.subscription, format=Format.NEWS, weekly=True))
            assert await store.subscriptions.get(chat(1)) == replace(
                entry.subscription, format=Format.NEWS, weekly=True
            )
            assert await store.status.counts(date(2025, 10, 12)) == {("console", DeliveryState.SENT): 1}
            assert await store.status.counts(date(2025, 10, 12), week=True) == {}
        with engine.begin() as connection:
            assert connection.exec_driver_sql("SELECT served_week FROM subscriptions").scalars().all() == [NEVER]
            assert connection.exec_driver_sql("SELECT number FROM delivery_parts").scalars().all() == [1, 2]
            connection.exec_driver_sql("UPDATE deliveries SET revision_id = NULL")
        with pytest.raises(IntegrityError, match="ck_subscriptions_format"), engine.begin() as connection:
            connection.exec_driver_sql("UPDATE subscriptions SET format = 'poem'")
        engine.dispose()


async def test_open__a_database_from_before_the_search_finds_its_past(empty: Where) -> None:
    days = [TODAY - timedelta(days=back) for back in range(250)]
    async with opened(empty) as store:
        for day in days:
            await load(store, digest(day, word="存算一体"))
        await load(store, digest(days[0], word="draft"), publish=False)
        await store.digests.retract(days[1])
        before = await store.search.find(phrases("存算一体"), slugs=["products"], limit=2000)
    engine = blocking(empty)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        connection.exec_driver_sql("DROP TABLE search")
        import_module("bot.store.migrations.versions.0005_search").upgrade()
        import_module("bot.store.migrations.versions.0008_newest_first").upgrade()
    engine.dispose()
    async with opened(empty) as store:
        assert await store.search.find(phrases("存算一体"), slugs=["products"], limit=2000) == before
        assert len(before) == 249 * 3
        assert await store.search.find(phrases("draft")) == ()


async def test_open__a_file_of_the_fourth_version_takes_weeks_and_loses_nothing(tmp_path: Path) -> None:
    engine = blocking(tmp_path)
    config = _config()
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for row in _ROWS_OF_0002:
            connection.exec_driver_sql(f"INSERT INTO {row}")
        command.upgrade(config, "0004")
    engine.dispose()
    async with opened(tmp_path) as store:
        assert await store.status.counts(date(2025, 10, 12)) == {("console", DeliveryState.SENT): 1}
        assert await store.status.counts(date(2025, 10, 12), week=True) == {}
    with closing(sqlite3.connect(tmp_path / "digestbot.db")) as connection_:
        assert connection_.execute("SELECT served_week FROM subscriptions").fetchall() == [("0001-01-01",)]
        assert connection_.execute("SELECT number FROM delivery_parts").fetchall() == [(1,), (2,)]
        connection_.execute("UPDATE deliveries SET revision_id = NULL")
        assert connection_.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection_.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection_.execute(
                "INSERT INTO deliveries SELECT 2, subscription_id, occasion, platform, day, revision_id, base_id, "
                "categories, format, language, edition, state, claimed_by, planned_at, deadline, next_at, attempts, "
                "error_code, error, settled_at FROM deliveries"
            )


async def test_open__pauses_of_the_ninth_version_come_back_but_for_those_of_operators(empty: Where) -> None:
    engine = blocking(empty)
    upgrade(engine, "0009")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO {_ROWS_OF_0002[1]}")
        for number, reason in enumerate(("blocked by the user", "paused by the operator"), 1):
            values = {"number": number, "address": str(number), "reason": reason}
            connection.execute(text(_A_CHAT), values)
            connection.execute(text(_A_PAUSE), values)
    engine.dispose()
    async with opened(empty) as store:
        resumed = [await store.subscriptions.resume(chat(number), LONG_AGO) for number in (1, 2)]
        assert resumed == [1, 0]


def _of_the_tenth_version(folder: Path) -> Engine:
    engine = blocking(folder)
    upgrade(engine, "0002")
    with engine.begin() as connection:
        for row in _ROWS_OF_0002:
            connection.exec_driver_sql(f"INSERT INTO {row}")
    upgrade(engine, "0010")
    return engine


async def test_open__a_file_of_the_tenth_version_keeps_its_rows_and_what_guards_them(tmp_path: Path) -> None:
    engine = _of_the_tenth_version(tmp_path)
    guards = "SELECT name, sql FROM sqlite_master WHERE type != 'table' ORDER BY name"
    with engine.connect() as connection:
        before = connection.exec_driver_sql(guards).all()
        rows = {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in metadata.tables}  # noqa: S608
    engine.dispose()
    async with opened(tmp_path):
        pass
    with engine.connect() as connection:
        assert connection.exec_driver_sql(guards).all() == before
        after = {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in metadata.tables}  # noqa: S608
        assert after == rows
        assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            connection.exec_driver_sql("DELETE FROM subscriptions")
        connection.exec_driver_sql("DELETE FROM deliveries")
        assert connection.exec_driver_sql("SELECT * FROM delivery_parts").all() == []
    engine.dispose()


@pytest.mark.parametrize(
    ("left", "known"),
    [
        ("UPDATE deliveries SET base_id = 7", {"subscriptions": 1, "deliveries": 7}),
        ("UPDATE delivery_parts SET delivery_id = 8", {"subscriptions": 1, "deliveries": 8}),
        ("UPDATE deliveries SET subscription_id = 9", {"subscriptions": 9, "deliveries": 1}),
        ("UPDATE deliveries SET id = 5", {"subscriptions": 1, "deliveries": 5}),
    ],
)
async def test_open__a_file_of_the_tenth_version_counts_on_from_the_highest_number_that_stands_anywhere(
    tmp_path: Path, left: str, known: dict[str, int]
) -> None:
    engine = _of_the_tenth_version(tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql(left)
    engine.dispose()
    async with opened(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "digestbot.db")) as connection_:
        assert dict(connection_.execute("SELECT name, seq FROM sqlite_sequence")) == known


async def test_open__a_file_of_the_tenth_version_is_as_it_was_when_the_way_breaks_off(tmp_path: Path) -> None:
    engine = _of_the_tenth_version(tmp_path)
    written = "SELECT name, sql FROM sqlite_master ORDER BY name"
    with engine.connect() as connection:
        before = connection.exec_driver_sql(written).all()
    with engine.connect() as connection, Operations.context(MigrationContext.configure(connection)):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        import_module("bot.store.migrations.versions.0011_numbers_for_good").upgrade()
        assert connection.exec_driver_sql(written).all() != before
        connection.rollback()
    engine.dispose()
    with engine.connect() as connection:
        assert connection.exec_driver_sql(written).all() == before
        assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
    engine.dispose()
    async with opened(tmp_path) as store:
        assert [entry.number for entry in await store.roster.all()] == [1]


async def test_open__a_database_of_a_newer_release_is_refused(empty: Where) -> None:
    store = await Store.open(database_url(empty))
    await store.close()
    engine = blocking(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        await Store.open(database_url(empty))
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
    engine.dispose()


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
