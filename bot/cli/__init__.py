"""The command line; it and the console adapter alone write to the terminal."""

from bot.cli.entry import main

__all__ = ["main"]
