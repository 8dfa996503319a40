"""The demo: the whole job in the browser and in a terminal, with samples, a scratch database and a clock of its own."""

import asyncio
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

from rich.panel import Panel
from rich.text import Text

from adapters.console import ConsoleAdapter, fold
from bot import app, playground, runtime
from bot.cli import chat, terminal
from bot.config import Settings
from bot.errors import ConfigError
from bot.playground import Playground

_PORT = 8321
"""Where the pages are unless DIGESTBOT_WEB_PORT says otherwise."""
_SCRIPT = ("/start", "/subscribe")
_PATIENCE = 30.0
"""How long a demo without a keyboard waits for the push, in seconds."""
_PAUSE = 0.3
"""How long after the first part of the push the reader is invited to go on, in seconds."""
_WIDTH = 100
_FRAME = 4

_PAGE = {
    "zh-CN": "还没有设置机器人令牌。在浏览器里打开 {page} 就能看到和试用全部功能：聊天、订阅、拨动时钟看推送到达。",
    "en": (
        "No bot token is set yet. Open {page} in a browser to see and use it all: chat, subscribe, move the clock "
        "and watch the push arrive."
    ),
}
_TERMINAL = {
    "zh-CN": (
        "也可以在这个终端里看一遍：一周的样例速递已载入临时数据库，时钟拨到了 {now}（{zone}），照常往前走。\n"
        "下面替你输入 /start 和 /subscribe；约 10 秒后，{hour} 的推送会像在 Telegram 里一样送达。"
    ),
    "en": (
        "Or watch it in this terminal: a week of sample digests is loaded into a scratch database, and the clock "
        "was set to {now} ({zone}) and runs on from there.\n"
        "/start and /subscribe are typed for you; in about ten seconds the {hour} push arrives as on Telegram."
    ),
}
_REAL = {
    "zh-CN": (
        "换成真的机器人：把 DIGESTBOT_TELEGRAM_TOKEN=… 写进 .env（见 README），再运行一次。\n"
        "(For English type /settings en)"
    ),
    "en": "For a real bot put DIGESTBOT_TELEGRAM_TOKEN=… into .env (see README) and run this again.",
}
_INVITATION = {
    "zh-CN": "推送到了。接着试试：/category 芯片技术、/day 周三、/settings，或按钮的编号；/quit 结束。",
    "en": "That was the push. Now try /category chips, /day wednesday, /settings or a button's number; /quit ends.",
}


async def rehearse(settings: Settings) -> None:
    """Show the whole job, in the browser and in this terminal; nothing of it is left behind."""
    chat.quieten(settings)
    samples = playground.samples()
    if not samples:
        raise ConfigError("DIGESTBOT_TELEGRAM_TOKEN: not set, and without the sample digests there is no demo")
    pages = {
        "web_host": settings.web_host,
        "web_port": settings.web_port or _free_port(),
        "web_token": settings.web_token,
        "web_public_archive": settings.web_public_archive,
    }
    async with playground.opened(settings, samples, **pages) as stage:
        await _rehearse(stage, settings)


async def _rehearse(stage: Playground, settings: Settings) -> None:
    """Where nobody can type and a port is set, the pages alone, until told to stop."""
    stop = asyncio.Event()
    runtime.stop_on_signals(stop)
    pages_alone = settings.web_port is not None and not chat.at_terminal()
    _explain(settings, stage, (_PAGE, _REAL) if pages_alone else (_PAGE, _TERMINAL, _REAL))
    if pages_alone:
        await app.run(stage.at, [stage.rooms], stop, stage=stage)
        return
    console = chat.adapter(script=_SCRIPT, linger=0 if chat.at_terminal() else _PATIENCE)
    inviting = asyncio.create_task(_invite(console, settings))
    try:
        await app.run(stage.at, [console, stage.rooms], stop, stage=stage)
    finally:
        inviting.cancel()


def _free_port() -> int:
    """Return the port the pages usually have, or any other while somebody has that one."""
    for port in (_PORT, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as found:
            return int(found.getsockname()[1])
    raise ConfigError("DIGESTBOT_WEB_PORT: no port of this machine is free")


def _explain(settings: Settings, stage: Playground, said: Sequence[Mapping[str, str]]) -> None:
    now = stage.now().astimezone(ZoneInfo(settings.zone))
    page = f"http://127.0.0.1:{stage.at.settings.web_port}"
    text = "\n".join(one[settings.language] for one in said).format(
        now=f"{now:%Y-%m-%d %H:%M:%S}", zone=settings.zone, hour=f"{stage.at.settings.send_at:%H:%M}", page=page
    )
    console = terminal.console(sys.stdout)
    width = min(console.width, _WIDTH)
    inside = Text("\n").join(fold(Text(text), width - _FRAME))
    console.print(Panel(inside, title="digestbot · demo", border_style="cyan", width=width))


async def _invite(console: ConsoleAdapter, settings: Settings) -> None:
    """Once the push is there, say what to do next."""
    await console.pushed.wait()
    await asyncio.sleep(_PAUSE)
    console.hint(_INVITATION[settings.language])
