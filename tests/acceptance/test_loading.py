"""An archive as publishers have them: good digests, the format's neighbours, and what is no digest at all."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.acceptance.application import Application
from tests.acceptance.documents import document
from tests.emulators.telegram import TelegramEmulator

FILES = 400
FIRST = date(2024, 3, 1)
_ITEMS = "1. [第一条](https://example.com/a)\n\n   说明一句。\n\n2. [第二条](https://example.com/b)\n\n   再说一句。\n"


async def test_load__tells_the_fate_of_every_file(tmp_path: Path, emulator: TelegramEmulator) -> None:
    archive, fates = tmp_path / "archive", {}
    for number, (name, source, fate) in zip(range(FILES), _files(), strict=False):
        path = archive / f"{number % 7}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source)
        fates[str(path)] = fate
    assert len(fates) == FILES
    application = Application(tmp_path, emulator)
    begun = time.monotonic()
    ended = await application.command("load", archive, "--json")
    took = time.monotonic() - begun
    told = {line["origin"]: line for line in map(json.loads, ended.out.splitlines())}
    outcomes = Counter(line["outcome"] for line in told.values())
    print(f"\n{FILES} files in {took:.1f} s: {dict(outcomes)}")
    assert ended.code == 1
    assert {origin: line["outcome"] for origin, line in told.items()} == fates
    for line in told.values():
        errors = [problem for problem in line["problems"] if problem["severity"] == "error"]
        assert bool(errors) == (line["outcome"] == "refused"), line
        assert all(problem["what"] and problem["mend"] and problem["line"] >= 1 for problem in line["problems"])
    again = await application.command("load", archive / "0", "--json")
    assert {json.loads(line)["outcome"] for line in again.out.splitlines()} == {"unchanged", "refused"}


def _files() -> Iterator[tuple[str, bytes, str]]:
    """Yield names, contents and fates, each a day of its own, for ever."""
    for turn in range(FILES):
        day = FIRST + timedelta(days=turn * 20)
        for number, (suffix, source, fate) in enumerate((*_good(day), *_bad())):
            here = day + timedelta(days=number)
            yield f"{here}{suffix}", source.replace(b"{day}", str(here).encode()), fate


def _good(day: date) -> Iterator[tuple[str, bytes, str]]:
    front = "---\ntitle: 速递\ndate: {day}T08:00:00+08:00\n---\n\n导语。\n\n---\n\n"
    commentary = "\n---\n\n评论。\n"
    yield ".md", document(day, subjects=("芯片技术",)), "new"
    yield ".md", (front + _ITEMS + commentary).encode(), "new"
    yield ".md", (front + _ITEMS).replace("\n", "\r\n").encode(), "new"
    yield ".md", b"\xef\xbb\xbf" + (front + _ITEMS).encode(), "new"
    yield ".md", (front + _ITEMS).encode("gb18030"), "new"
    yield ".md", ("# {day} 速递\n\n" + _ITEMS).encode(), "new"
    yield ".md", ("# 速递\n\n## 芯片技术\n\n" + _ITEMS).encode(), "new"
    yield ".markdown", "速递\n\n1、[第一条](https://example.com/a)\n说明。\n\n2、[第二条](#)\n说明。\n".encode(), "new"
    yield (
        ".md",
        "# 速递\n\n### 1. [第一条](https://example.com/a)\n\n说明。\n\n### 2. 第二条\n\n说明。\n".encode(),
        "new",
    )
    yield ".md", "# 速递\n\n📌 **1. 第一条**\nhttps://example.com/a\n\n说明。\n".encode(), "new"


def _bad() -> Iterator[tuple[str, bytes, str]]:
    yield "-empty.md", b"", "refused"
    yield "-template.md", b"{{$json.text}}", "refused"
    yield "-object.md", b"[object Object]", "refused"
    yield "-page.md", b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>", "refused"
    yield "-refusal.md", "抱歉，我无法完成这个请求。作为一个语言模型，我不能浏览网页。".encode(), "refused"
    yield "-essay.md", "今天想聊聊天气。\n\n天气很好，没有什么新闻。\n\n就这样。\n".encode(), "refused"
    yield "-noise.md", bytes(range(256)) * 8, "refused"
    yield "-yaml.md", b"---\ntitle: [\ndate: ][\n---\n", "refused"
    yield "-json.md", b'{"error": {"code": 429, "message": "rate limit"}}', "refused"
