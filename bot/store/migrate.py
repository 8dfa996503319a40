"""Bring a database to today's tables, in process, at start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.engine import Database


async def migrate(database: Database) -> None:
    """Run the migrations that are missing, all in one transaction.

    Raises StoreError when the file can't be opened or was written by a newer release.
    """
    try:
        await database.open()
        async with database.write() as connection:
            await connection.run_sync(_upgrade)
    except CommandError as error:
        raise StoreError(f"the database {database.name} can't be brought up to date: {error}") from error
    except StoreError as error:
        raise StoreError(f"{error} ({database.name})") from error


def versions() -> frozenset[str]:
    """Return the versions of a database that this release can bring up to date, its own included."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    if _version(connection) == ScriptDirectory.from_config(config).get_current_head():
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
