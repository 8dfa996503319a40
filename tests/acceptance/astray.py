"""The bot with a clock that goes astray, by the seconds in a file: `python -m tests.acceptance.astray FILE run`."""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from bot.cli import main

_LOOK = 0.05
"""How often the file is read, in seconds."""


def _go_astray(file: Path) -> None:
    """Follow the file for good. The clock that the event loop waits by goes right."""
    begun, right = time.monotonic(), datetime.now(UTC)
    clock = time_machine.travel(right, tick=True).start()
    followed = 0.0
    while True:
        seconds = float(file.read_text(encoding="utf-8") or followed)
        if seconds != followed:
            clock.move_to(right + timedelta(seconds=time.monotonic() - begun + seconds))
            followed = seconds
        time.sleep(_LOOK)


if __name__ == "__main__":
    threading.Thread(target=_go_astray, args=(Path(sys.argv.pop(1)),), daemon=True).start()
    main()
