"""Searching the running bot: on Telegram in chat and inline, on Discord by slash command, in both languages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.acceptance.application import DISCORD_TOKEN, READY, Application
from tests.acceptance.documents import SUBJECTS, document, here
from tests.acceptance.scene import MISSING, scene
from tests.emulators.discord import DiscordEmulator
from tests.emulators.telegram import TelegramEmulator

GUILD, ROOM, READER = 1, 10, 7


async def test_telegram__searches_turns_pages_opens_an_item_and_comes_back(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    async with scene(tmp_path, emulator) as at:
        ann = at.reader()
        found = await ann.says("/search 第3条 产品应用")
        assert found.text.startswith("🔎 第3条 产品应用")
        assert found.text.count("1. 第3条 <产品应用>") == 1
        marked = {
            found.text[one["offset"] - 1 : one["offset"] - 1 + one["length"]]
            for one in found.entities
            if one["type"] == "bold"
        }
        assert {"第3条", "产品应用"} <= marked
        first = found.text
        await ann.presses(found, "下一页")
        assert "6. 第3条 <产品应用>" in found.text
        second = found.text
        day = at.ago(6)
        await ann.presses(found, f"6 · {day.month}月{day.day}日")
        assert f"3. 第3条 <产品应用> & “{day}”" in found.text
        assert "第3条的第2句话" in found.text
        assert "第4条" not in found.text
        await ann.presses(found, "返回结果")
        assert found.text == second
        await ann.presses(found, "上一页")
        assert found.text == first
        ended = await ann.says("/search 第3条 产品应用 #芯片技术")
        assert "没有找到" in ended.text
        await ann.presses(ended, "🔎 第3条 产品应用")
        assert ended.text == first
        plain = await ann.says("的第2句话")
        assert plain.text.startswith("🔎 的第2句话")
        ben = at.reader("en")
        english = await ben.says('/search "第3条的第2句话" since ' + str(at.ago(1)))
        assert "since " in english.text
        assert "Next page" not in str(english.buttons)
        topic = await ben.says("/search")
        assert "Search all digests" in topic.text


async def test_telegram__shares_what_is_found_in_any_chat(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with scene(tmp_path, emulator) as at:
        emulator.private(7, language_code="zh-hans", started=False)

        async def offered(query: str, offset: str = "") -> tuple[list[str], list[str], str]:
            asked = emulator.inline.asks(7, query, offset=offset)
            answer = await emulator.inline.answered(asked)
            assert answer.is_personal
            return [one.id for one in answer.results], [one.text for one in answer.results], answer.next_offset

        ids, texts, after = await offered("")
        assert (ids, after) == ([f"{at.today}/{number}" for number in range(1, 7)], "")
        assert all("的第2句话" in text for text in texts)
        ids, texts, after = await offered("第3条 产品应用")
        assert len(ids) == len(set(ids)) == 12 - 1
        assert f"{at.ago(MISSING)}/3" not in ids
        assert texts[0].startswith(f"{at.today:%Y.%m.%d} 每日速递\n\n3. 第3条 <产品应用>")
        ids, _, after = await offered("产品应用")
        more, _, end = await offered("产品应用", after)
        assert (len(ids), len(ids) + len(more), len({*ids, *more}), end) == (20, 22, 22, "")
        assert await offered("AND ^ NEAR(") == ([], [], "")


async def test_search__follows_corrections_and_retractions(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with scene(tmp_path, emulator, days=[0]) as at:
        found = await at.application.command("search", "第1条", "--json")
        assert found.code == 0
        assert "第1条" in found.out
        source = document(at.today, subjects=SUBJECTS[:3]).decode().replace("第1条 ", "更正后的头条 ")
        await at.application.load("again.md", source.encode())
        ann = at.reader()
        assert (await ann.says("更正后的头条")).text.startswith("🔎")
        await at.application.command("retract", str(at.today), "--yes")
        assert "没有找到" in (await ann.says("/search 更正后的头条")).text


@asynccontextmanager
async def discord_at_work(folder: Path, emulator: TelegramEmulator) -> AsyncIterator[DiscordEmulator]:
    place = here()
    async with DiscordEmulator(DISCORD_TOKEN) as discord:
        discord.guild(GUILD, locale="zh-CN")
        discord.member(GUILD, READER, locale="zh-CN")
        discord.text(ROOM, GUILD)
        discord.enforce()
        application = Application(
            folder, emulator, discord_token=DISCORD_TOKEN, discord_api_url=discord.url, zone=place.zone
        )
        for back in range(8):
            day = place.today - timedelta(days=back)
            (folder / f"{day}.md").write_bytes(document(day))
        assert (await application.command("load", folder)).code == 0
        async with application:
            await discord.wait_for_bot(timeout=READY)
            yield discord
        assert not discord.violations


async def test_discord__searches_by_slash_command_with_titles_completed(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    async with discord_at_work(tmp_path, emulator) as discord:
        offered = await discord.autocompletes(READER, "search", option="words", typed="第3条", channel=ROOM)
        label, value = offered[0]
        assert "第3条 <产品应用>" in label
        exactly = await discord.runs(READER, "搜索", channel=ROOM, options={"词语": value})
        assert "2. " not in exactly.text
        assert "产品应用" in exactly.text
        narrowed = await discord.autocompletes(READER, "search", option="category", typed="产品", channel=ROOM)
        assert narrowed[0] == ("产品应用", "products")
        found = await discord.runs(
            READER, "search", channel=ROOM, options={"words": "第3条", "category": "products", "day": "最近五天"}
        )
        assert "#产品应用" in found.text
        assert "5. " in found.text
        assert found.message
        assert "**第3条**" in found.message.embeds[0]["description"]
        (opening,) = [label for row in found.message.buttons for label in row if label.startswith("2 · ")]
        shown = await discord.presses(READER, found.message, opening)
        assert shown.message
        assert "第3条的第2句话" in shown.text
        assert "第4条" not in shown.text
        back = await discord.presses(READER, shown.message, "返回结果")
        assert "#产品应用" in back.text
