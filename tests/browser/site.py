"""The bot's pages, served by a process of its own as a newcomer starts it, and a real browser that looks at them."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screens"
"""Where the pictures of a run are put; `make screens` takes those of the README from there."""
SCREEN, PHONE = (1280, 860), (360, 740)
"""Sizes of windows, in pixels."""
READY = 30.0
STOP = 15.0
_WARNINGS = "error,ignore:'audioop' is deprecated:DeprecationWarning"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
)


@dataclass(kw_only=True)
class Site:
    """A site and a browser. `complaints` is what the browser's console said of our pages."""

    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    _pages: list[Page] = field(default_factory=list)

    async def open(
        self, path: str = "/", *, language: str = "zh-CN", size: tuple[int, int] = SCREEN, dark: bool = False
    ) -> Page:
        """Open a page in a browser of its own, that remembers nothing."""
        page = await self.browser.new_page(
            base_url=self.url,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self._pages.append(page)
        page.set_default_timeout(20_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(path)
        return page

    async def leave(self, *, unheard: str | None = None) -> None:
        """Close every page. Raises AssertionError when the console complained, of anything but `unheard`."""
        for page in self._pages:
            await page.close()
        said = [one for one in self.complaints if unheard is None or unheard not in one]
        self._pages.clear()
        self.complaints.clear()
        assert said == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


async def shoot(page: Page, name: str) -> None:
    """Take a picture of what is seen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{name}.png")


async def drop(page: Page, source: str, *, name: str) -> None:
    """Drop a file on the page, as from a folder beside the browser."""
    held = await page.evaluate_handle(
        """([source, name]) => {
            const held = new DataTransfer();
            held.items.add(new File([source], name, { type: "text/markdown" }));
            return held;
        }""",
        [source, name],
    )
    for event in ("dragover", "drop"):
        await page.dispatch_event("#hand", event, {"dataTransfer": held})


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Start a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium(), args=list(_FLAGS))
        yield browser
        await browser.close()


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[str]:
    """Serve the pages with these settings, and give where they are."""
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DIGESTBOT_")}
    environment |= {"DIGESTBOT_WEB_PORT": str(port), "PYTHONWARNINGS": _WARNINGS, "PYTHONPATH": str(ROOT)}
    environment |= {f"DIGESTBOT_{name.upper()}": value for name, value in settings.items()}
    log = folder / "log.txt"
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "run",
            cwd=folder, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=written, stderr=written,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        await _ready(url, process)
        yield url
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), STOP) == 0
    finally:
        if process.returncode is None:
            process.kill()
        said = log.read_text(encoding="utf-8")
        print(said[-3000:])
    assert "Traceback" not in said


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(READY), aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(f"{url}/healthz"):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)
    raise AssertionError("the site ended before it was there")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "there is no Chromium here: apt-get install chromium (as root, `make test` does it)"
    return found


async def say(page: Page, text: str, *, room: int = 0) -> None:
    """Say something, once the bot has greeted: what a page says when it is opened goes first."""
    await expect(page.locator(".room").nth(room).locator(".line:not(.mine)").first).to_be_attached()
    field = page.locator(".room").nth(room).get_by_role("combobox")
    await field.fill(text)
    await field.press("Enter")
