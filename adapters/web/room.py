"""A room: what was said in one chat, and the pages that look in."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from bot.models import Key, Line

KEPT = 200
"""How many lines of a room are kept; older ones scroll away."""
UNREAD = 2 * KEPT
"""How many lines of a room a page that does not read may be behind; then it is let go, and looks in anew."""

Feed = asyncio.Queue[tuple[str, Line] | None]
"""What a page is told, with the room it is of; None at the end."""


@dataclass(kw_only=True, slots=True)
class Room:
    """One chat. Lines are numbered from 1; a line that changes keeps its number."""

    name: str
    lines: OrderedDict[int, Line] = field(default_factory=OrderedDict)
    feeds: set[Feed] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Who has it is being answered; whoever said something afterwards is answered afterwards."""
    _last: int = 0

    def add(
        self,
        markup: str,
        *,
        keys: tuple[tuple[Key, ...], ...] = (),
        mine: bool = False,
        pushed: bool = False,
        silent: bool = False,
    ) -> int:
        """Show a new line and return its number."""
        self._last += 1
        self._show(Line(number=self._last, markup=markup, keys=keys, mine=mine, pushed=pushed, silent=silent))
        return self._last

    def change(self, number: int, markup: str, keys: tuple[tuple[Key, ...], ...]) -> bool:
        """Change a line; False when it is not there."""
        if number not in self.lines:
            return False
        self._show(replace(self.lines[number], markup=markup, keys=keys, edited=True))
        return True

    def take_back(self, number: int) -> None:
        """Take a line away."""
        if line := self.lines.pop(number, None):
            self._tell(replace(line, markup="", keys=(), gone=True))

    def whisper(self, markup: str) -> None:
        """Show a word to whoever looks in now; it is not kept."""
        self._tell(Line(number=0, markup=markup))

    def admit(self, feed: Feed) -> None:
        """Tell a page what was said, and from now on what is said and changed, until it is too far behind."""
        for line in self.lines.values():
            feed.put_nowait((self.name, line))
        self.feeds.add(feed)

    def _show(self, line: Line) -> None:
        self.lines[line.number] = line
        if len(self.lines) > KEPT:
            self.lines.popitem(last=False)
        self._tell(line)

    def _tell(self, line: Line) -> None:
        for feed in tuple(self.feeds):
            if feed.full():
                self.feeds.discard(feed)
                feed.get_nowait()
                feed.put_nowait(None)
            else:
                feed.put_nowait((self.name, line))
