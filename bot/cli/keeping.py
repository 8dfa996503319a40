"""`digestbot backup` and `digestbot restore`: the database as a file."""

from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.app import wall_clock
from bot.cli import terminal
from bot.cli.waiting import finish
from bot.store import backup as files

_FILE = typer.Argument(metavar="FILE", help="The file of the backup.", dir_okay=False)


def backup(
    file: Annotated[Path, _FILE],
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Copy the database to FILE, also while the bot runs.

    The copy is one consistent state, checked, and in a single file. It holds every chat's address and every robot's
    key: keep it private.
    For PostgreSQL use pg_dump.
    """
    finish(files.backup(config.read().database_url, file, overwrite=force))
    terminal.say(f"Backed up to {file} ({file.stat().st_size // 1024} KiB).")


def restore(file: Annotated[Path, _FILE]) -> None:
    """Put a backup in the place of the database; the one that is there is kept beside it.

    Stop the bot first: it is refused while a process sends. What was sent after the backup was taken is not in it: a
    digest whose local day is not over goes out again to the chats that had it since. For PostgreSQL use pg_restore.
    """
    kept = finish(files.restore(config.read().database_url, file, wall_clock()))
    terminal.say(f"Restored {file}.")
    if kept:
        terminal.say(f"What was there before is kept in {kept}.")
    terminal.note(
        "What was sent since that backup is not in it: today's digest may go out again when the bot starts.",
        style="yellow",
    )
