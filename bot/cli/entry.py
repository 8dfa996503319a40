"""The first and the last of a process: three open streams, and an end by Ctrl-C that is quiet from the start."""

import os
import sys

INTERRUPTED = 130
"""The exit code of a shell's Ctrl-C."""
_STDERR = 2


def main() -> None:
    """Run the command line."""
    open_streams()
    try:
        # This takes a second, in which Ctrl-C may come.
        from bot.cli.application import main as command_line  # noqa: PLC0415

        command_line()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def open_streams() -> None:
    """Open what the shell closed of the standard streams: the null device, to read nothing from and to write to.

    The next file or socket would get its number, and the event loop ends the process rather than close one of these.
    """
    number = os.open(os.devnull, os.O_RDWR)
    while number <= _STDERR:
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)
    sys.stdin = sys.stdin or os.fdopen(0, "r", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
