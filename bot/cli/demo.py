"""The demo: the whole job in a terminal, with sample digests, a scratch database and a clock of its own."""

import asyncio
import sys
import tempfile
import time as stopwatch
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.panel import Panel
from rich.text import Text

from adapters.console import ConsoleAdapter, fold
from bot import app, markdown
from bot.cli import chat, terminal
from bot.config import Settings
from bot.errors import ConfigError
from bot.schedule import instant
from bot.sources import documents

SAMPLES = Path(__file__).parents[2] / "digests"
HEAD_START = timedelta(seconds=10)
"""How long before the push the demo begins."""
_SEND_AT = time(8)
_SCRIPT = ("/start", "/subscribe")
_PATIENCE = 30.0
"""How long a demo without a keyboard waits for the push, in seconds."""
_PAUSE = 0.3
"""How long after the first part of the push the reader is invited to go on, in seconds."""
_WIDTH = 100
_FRAME = 4

_BANNER = {
    "zh-CN": (
        (
            "还没有设置机器人令牌，先在这个终端里看一遍全过程：一周的样例速递已载入临时数据库，"
            "时钟拨到了 {now}（{zone}），照常往前走。"
        ),
        "下面替你输入 /start 和 /subscribe；约 10 秒后，{hour} 的推送会像在 Telegram 里一样送达。",
        "换成真的机器人：把 DIGESTBOT_TELEGRAM_TOKEN=… 写进 .env（见 README），再运行一次。",
        "(No bot token yet, so this is the whole job with sample digests. For English type /settings en)",
    ),
    "en": (
        (
            "No bot token is set yet, so this terminal shows the whole job: a week of sample digests is loaded into a "
            "scratch database, and the clock was set to {now} ({zone}) and runs on from there."
        ),
        "/start and /subscribe are typed for you; in about ten seconds the {hour} push arrives as on Telegram.",
        "For a real bot put DIGESTBOT_TELEGRAM_TOKEN=… into .env (see README) and run this again.",
    ),
}
_INVITATION = {
    "zh-CN": "推送到了。接着试试：/category 芯片技术、/day 周三、/settings，或按钮的编号；/quit 结束。",
    "en": "That was the push. Now try /category chips, /day wednesday, /settings or a button's number; /quit ends.",
}


class Rehearsal:
    """A clock that begins at `start` and runs in real time."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = stopwatch.monotonic()

    def __call__(self) -> datetime:
        """Return the time, aware, in UTC."""
        return self._start + timedelta(seconds=stopwatch.monotonic() - self._begun)


async def rehearse(settings: Settings) -> None:
    """Show the whole job, from the greeting to the push and on; nothing of it is left behind."""
    chat.quieten(settings)
    samples = sorted(documents([SAMPLES]))
    if not samples:
        raise ConfigError("DIGESTBOT_TELEGRAM_TOKEN: not set, and without the sample digests there is no demo")
    start = _eve(samples, settings)
    with tempfile.TemporaryDirectory(prefix="digestbot-") as folder:
        await _rehearse(_scratch(settings, folder), samples, start)


async def _rehearse(settings: Settings, samples: Sequence[Path], start: datetime) -> None:
    async with app.house(settings, lambda: start) as at:
        for sample in samples:
            await at.intake.take_file(sample)
    async with app.house(settings, Rehearsal(start)) as at:
        _explain(settings, start)
        console = chat.adapter(script=_SCRIPT, linger=0 if chat.at_terminal() else _PATIENCE)
        inviting = asyncio.create_task(_invite(console, settings))
        try:
            await chat.converse(at, console)
        finally:
            inviting.cancel()


def _eve(samples: Sequence[Path], settings: Settings) -> datetime:
    """Return the moment (UTC) just before the newest sample falls due."""
    return instant(max(_day(path) for path in samples), _SEND_AT, ZoneInfo(settings.zone)) - HEAD_START


def _day(sample: Path) -> date:
    return markdown.parse(sample.read_bytes(), name=sample.name).digest.day


def _scratch(settings: Settings, folder: str) -> Settings:
    """Return settings of the demo's own: usual but for the database, and the language and zone of the user."""
    return Settings(
        database_url=f"sqlite+aiosqlite:///{folder}/demo.db",
        send_at=_SEND_AT,
        zone=settings.zone,
        language=settings.language,
        log_format=settings.log_format,
    )


def _explain(settings: Settings, start: datetime) -> None:
    now = start.astimezone(ZoneInfo(settings.zone))
    said = "\n".join(_BANNER[settings.language])
    text = said.format(now=f"{now:%Y-%m-%d %H:%M:%S}", zone=settings.zone, hour=f"{_SEND_AT:%H:%M}")
    console = terminal.console(sys.stdout)
    width = min(console.width, _WIDTH)
    inside = Text("\n").join(fold(Text(text), width - _FRAME))
    console.print(Panel(inside, title="digestbot · demo", border_style="cyan", width=width))


async def _invite(console: ConsoleAdapter, settings: Settings) -> None:
    """Once the push is there, say what to do next."""
    await console.pushed.wait()
    await asyncio.sleep(_PAUSE)
    console.hint(_INVITATION[settings.language])
