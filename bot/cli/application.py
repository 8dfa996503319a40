"""`digestbot`: its commands, and how errors end."""

import sys
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated

import typer

from bot.cli import (
    archive,
    categorise,
    chat,
    check,
    correcting,
    doctor,
    endings,
    keeping,
    links,
    load,
    running,
    search,
    show,
    status,
    terminal,
)
from bot.cli.command import of_ours
from bot.cli.subs import subs
from bot.errors import DigestbotError

_ABOUT = """One curated digest a day, to every chat that asked for it, at its own hour.

Put DIGESTBOT_TELEGRAM_TOKEN into .env and start **digestbot run**. Without a token it shows the whole job in the
browser and in this terminal. Digests are Markdown files: **check** them, **load** them (or let a folder be watched),
**show** what will go out, and see by **status** that it went out.
"""
_EPILOG = "Settings are read from the environment and from .env; all of them are listed in README.md."


def application() -> typer.Typer:
    """Return the command line with all its commands."""
    app = typer.Typer(
        name="digestbot",
        help=_ABOUT,
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    run_it, watch_it, files = "Run", "Look", "Digests"
    app.command(rich_help_panel=run_it)(running.run)
    app.command(rich_help_panel=run_it)(chat.chat)
    app.command(rich_help_panel=run_it)(doctor.doctor)
    app.command(rich_help_panel=run_it)(keeping.backup)
    app.command(rich_help_panel=run_it)(keeping.restore)
    app.command(rich_help_panel=files)(check.check)
    app.command(rich_help_panel=files)(load.load)
    app.command(rich_help_panel=files)(archive.publish)
    app.command(rich_help_panel=files)(categorise.categorise)
    app.command(rich_help_panel=files)(correcting.retract)
    app.command(rich_help_panel=files)(correcting.resend)
    app.command(rich_help_panel=watch_it)(show.show)
    app.command(rich_help_panel=watch_it)(archive.days)
    app.command(rich_help_panel=watch_it)(search.search)
    app.command(rich_help_panel=watch_it)(status.status)
    app.command(rich_help_panel=watch_it)(links.links)
    app.add_typer(subs(), name="subs", rich_help_panel="Subscriptions")
    return of_ours(app)


def main() -> None:
    """Run the command line; what a user can mend ends in a clear message, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        application()(prog_name="digestbot")
    except DigestbotError as error:
        endings.explain(error)
        sys.exit(endings.code_of(error))
    except OSError as error:
        endings.explain(error)
        sys.exit(endings.SETUP)


def _options(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=lambda asked: _version(asked=asked), help="Show it.")
    ] = False,
) -> None:
    """Take what stands before the command."""


def _version(*, asked: bool) -> None:
    if asked:
        terminal.say(f"digestbot {version('digestbot')}")
        raise typer.Exit
