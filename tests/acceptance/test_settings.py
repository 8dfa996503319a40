"""Settings in the running bot: changed in place on Telegram and Discord, and kept to by the next push."""

from datetime import timedelta
from pathlib import Path

from bot.models import Chat, Subscription, Workdays
from bot.store import Store
from tests.acceptance import ledger
from tests.acceptance.application import DISCORD_TOKEN, READY, Application
from tests.acceptance.documents import document, here, slug
from tests.acceptance.talk import Talk
from tests.emulators.discord import DiscordEmulator, Permission
from tests.emulators.telegram import TelegramEmulator

GUILD, ROOM, OTHER, MANAGER = 1, 10, 11, 8
NEVER = "安全伦理"
"""No document of these tests has an item of it."""


async def wish(application: Application, address: object, platform: str = "telegram") -> Subscription:
    store = await Store.open(application.database_url)
    found = await store.subscriptions.get(Chat(platform=platform, address=str(address)))
    await store.close()
    assert found is not None
    return found


async def test_telegram__what_is_set_by_buttons_is_what_the_push_keeps_to(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    place = here()
    application = Application(tmp_path, emulator, zone=place.zone, send_at="00:00")
    ann, ben, cat, dan = (
        Talk(emulator=emulator, user=number, place=emulator.private(number, language_code="zh-hans"))
        for number in (101, 102, 103, 104)
    )
    async with application:
        linked = await ann.says("/start cat_chips")
        assert "芯片技术" in linked.text
        await ann.presses(linked, "⚙️ 设置")
        await ann.presses(linked, "🔇 静音")
        assert "✓ 🔇 静音" in [label for row in linked.buttons for label in row]

        await ben.says(f"/subscribe {NEVER}")
        screen = await ben.says("/settings")
        await ben.presses(screen, "💬 没有也说")

        await cat.says("/subscribe")
        screen = await cat.says("/settings")
        await cat.presses(screen, "⏸ 暂停")
        await cat.presses(screen, f"set away until {place.today + timedelta(days=14)}")
        assert "暂停到" in screen.text

        zone_page = await dan.says("/settings")
        await dan.presses(zone_page, "🌏")
        assert "发送你的位置" in zone_page.text
        before = len(dan.heard)
        await emulator.shares(dan.user, 35.6762, 139.6503)
        await emulator.wait_for(lambda: dan.heard[before:], 10)
        assert "东京" in dan.heard[-1].text
        await dan.presses(dan.heard[-1], "📅")
        await dan.presses(dan.heard[-1], "含调休")
        slot = (await wish(application, dan.user)).slot
        assert (slot.zone, slot.days) == ("Asia/Tokyo", Workdays.CHINA)

        counts = {talk.user: len(talk.heard) for talk in (ann, ben, cat, dan)}
        await application.load("today.md", document(place.today))
        await application.until(lambda: ledger.deliveries(application.database).get("sent") == 2, 20)
        (pushed,) = ann.heard[counts[ann.user] :]
        assert pushed.silent
        assert not any(message.silent for message in ann.heard[: counts[ann.user]])
        (told,) = ben.heard[counts[ben.user] :]
        assert f"没有“{NEVER}”的内容" in told.text
        assert not told.silent
        whole = await ben.presses_for_more(told, f"+day {place.today} all")
        assert "每日速递" in whole.text

        await cat.presses(screen, "▶️ 现在恢复")
        assert "暂停到" not in screen.text
        assert (await wish(application, cat.user)).away_until is None
        assert "每日速递" in (await cat.says("/today")).text
    assert sum(ledger.deliveries(application.database).values()) == 2  # who came back was not pushed what was over
    assert not emulator.violations


async def test_discord__what_is_set_by_buttons_and_words_is_what_the_push_keeps_to(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    place = here()
    async with DiscordEmulator(DISCORD_TOKEN) as discord:
        discord.guild(GUILD, locale="zh-CN")
        discord.member(GUILD, MANAGER, permissions=Permission.MANAGE_CHANNELS, locale="zh-CN")
        for channel in (ROOM, OTHER):
            discord.text(channel, GUILD)
        discord.enforce()
        application = Application(
            tmp_path,
            emulator,
            discord_token=DISCORD_TOKEN,
            discord_api_url=discord.url,
            zone=place.zone,
            send_at="00:00",
        )
        async with application:
            await discord.wait_for_bot(timeout=READY)
            for channel in (ROOM, OTHER):
                await discord.runs(MANAGER, "subscribe", channel=channel)
            screen = await discord.runs(MANAGER, "settings", channel=ROOM)
            assert screen.message is not None
            for label in ("🔇 静音", "💬 没有也说", "🗓 周日回顾"):
                await discord.presses(MANAGER, screen.message, label)
                assert f"✓ {label}" in [one for row in screen.message.buttons for one in row]
            typed = await discord.runs(
                MANAGER, "settings", channel=ROOM, options={"wish": "只看标题 工作日(调休) 每天"}
            )
            assert "只能选一种" in typed.text
            offered = await discord.autocompletes(MANAGER, "settings", option="wish", typed="暂停", channel=ROOM)
            assert [choice.value for choice in offered] == ["暂停三天", "暂停两周"]
            await discord.runs(MANAGER, "categories", channel=ROOM, options={"categories": slug(NEVER)})
            await discord.runs(MANAGER, "settings", channel=OTHER, options={"wish": "暂停三周"})
            found = await wish(application, ROOM, "discord")
            assert (found.silent, found.tells_empty, found.weekly) == (True, True, True)
            assert (await wish(application, OTHER, "discord")).away_until == place.today + timedelta(weeks=3)

            await application.load("today.md", document(place.today))
            await application.until(lambda: ledger.deliveries(application.database).get("sent") == 1, 20)
            pushed = [one for one in discord.channels[ROOM].standing if one.method == "send_message"]
            assert [message.silent for message in pushed] == [True]
            assert f"没有“{NEVER}”的内容" in pushed[0].text
            assert not [one for one in discord.channels[OTHER].standing if one.method == "send_message"]
        assert not discord.violations
