"""A chat in the terminal: what is typed is a reader's command, what the bot says is printed."""

from adapters.console.adapter import ConsoleAdapter
from adapters.console.dialect import ConsoleDialect, printable
from adapters.console.folding import fold
from adapters.console.keyboard import Keyboard, PipedKeyboard, TerminalKeyboard, keyboard_at
from adapters.console.screen import Screen

__all__ = [
    "ConsoleAdapter",
    "ConsoleDialect",
    "Keyboard",
    "PipedKeyboard",
    "Screen",
    "TerminalKeyboard",
    "fold",
    "keyboard_at",
    "printable",
]
