"""How a command ends that could not do its work: what is said, and the exit code."""

from bot.cli import terminal
from bot.errors import BadAddress, BadDocument, DeliveryError, DigestbotError, Occupied, StoreError

CONTENT, SETUP, LATER = 1, 2, 3
"""The exit codes: something is wrong with a digest or a delivery, or with the settings or the database; and, of `run`
alone, with what may be well again by itself."""


def code_of(error: DigestbotError) -> int:
    """Return the exit code of a command that ends with `error`."""
    return CONTENT if isinstance(error, BadDocument | DeliveryError) else SETUP


def may_pass(error: DigestbotError | OSError) -> bool:
    """Tell whether starting again later is of use, with nothing changed in the settings."""
    return isinstance(error, StoreError | Occupied | OSError) and not isinstance(error, BadAddress)


def explain(error: DigestbotError | OSError) -> None:
    """Say what went wrong and what to do next."""
    if isinstance(error, OSError):
        terminal.fail(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))
        return
    terminal.fail(str(error))
    if isinstance(error, StoreError):
        terminal.note("DIGESTBOT_DATABASE_URL says where the database is; digestbot doctor looks into it.")
