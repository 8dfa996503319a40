"""An archive to be searched, and the buttons that open what was found."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from bot.categories import references
from bot.models import Block, Digest, Item, Reply, Run
from tests.unit.commanding import MORNING, TODAY, Room, open_room, presses, publish


@asynccontextmanager
async def open_archive(folder: Path) -> AsyncIterator[Room]:
    """Open a room with twelve more digests in its archive, of 11 to 22 September 2025."""
    async with open_room(folder) as opened:
        for back in range(20, 32):
            await publish(opened.store, stories(TODAY - timedelta(days=back)), MORNING - timedelta(days=back))
        yield opened


def stories(day: date) -> Digest:
    """Return a digest with a chip story and one that is about nothing much."""
    chip = Item(
        number=1,
        title=f"存算一体芯片 <{day.day}>",
        url="https://example.com/?a=1&b=2",
        body=(
            Block(runs=(Run(text="团队研发出“新型”的"), Run(text="存算一体", bold=True), Run(text="芯片。"))),
            Block(runs=(Run(text="精度很高。"),)),
        ),
        categories=("chips",),
    )
    other = Item(number=2, title="Open Source & more", body=(Block(runs=(Run(text="关于芯片的闲话。"),)),))
    return Digest(day=day, title=f"{day} 速递", items=(chip, other))


CHIP = f"~{references(stories(TODAY).items)[1]}"
"""What a button calls the chip story."""


def opening(reply: Reply) -> list[str]:
    return [press for press in presses(reply) if press.lstrip("+").startswith("item ")]
