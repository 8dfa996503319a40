"""What several files of unit tests start from."""

from tests.unit.backups import saved
from tests.unit.commandline import digestbot

__all__ = ["digestbot", "saved"]
