"""Every command in private, by polling, with its buttons; each answer passes Telegram's own parser."""

from collections.abc import Coroutine, Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.models import Format, SubscriptionState
from tests.acceptance.documents import slug
from tests.acceptance.scene import LATELY, MISSING, Scene, at_once, scene, stories, title
from tests.emulators.telegram import TelegramEmulator

WEEKDAYS = "一二三四五六日"


async def test_private__every_command(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with scene(tmp_path, emulator) as at:
        await at_once(
            _start(at),
            _subscribe_in_words(at),
            _subscribe_late(at),
            _categories(at),
            _hour(at),
            _zone_and_days(at),
            _format_and_language(at),
            _today(at),
            _yesterday_and_help(at),
            *_days_by_every_name(at),
            _missing_day(at),
            _category(at),
            _latest_of_category(at),
            _unknown_category(at),
            _archive(at),
            _unreadable(at),
            _menu(at),
        )
    edits = sum(message.edits for message in emulator.messages)
    print(
        f"\n{emulator.sent} messages and {edits} edits in {len(emulator.people)} private chats, "
        f"{len(emulator.answered_callbacks)} presses answered; slowest {max(emulator.latencies):.2f} s"
    )
    assert edits >= 25


# ------------------------------------------------------------------ subscribing and settings


async def _start(at: Scene) -> None:
    ann = at.reader()
    greeting = await ann.says("/start")
    assert "每天一份速递" in greeting.text
    await ann.presses(greeting, "🔔 订阅")
    assert "订阅好了" in greeting.text
    wish = await at.wish(ann.place)
    assert (wish.state, wish.slot.at, wish.slot.zone) == (SubscriptionState.ON, time(8), at.zone)
    left = await ann.says("/unsubscribe")
    assert "不再推送" in left.text
    assert (await at.wish(ann.place)).state is SubscriptionState.OFF
    await ann.presses(left, "重新订阅")
    assert "订阅好了" in left.text
    assert "你已订阅" in (await ann.says("/start")).text


async def _subscribe_in_words(at: Scene) -> None:
    ben = at.reader()
    await ben.says("/subscribe 芯片技术 AI产业")
    assert (await at.wish(ben.place)).categories == {slug("芯片技术"), slug("AI产业")}
    moved = await ben.says("/subscribe 07:30 Asia/Tokyo")
    wish = await at.wish(ben.place)
    assert (wish.slot.at, wish.slot.zone, len(wish.categories)) == (time(7, 30), "Asia/Tokyo", 2)
    assert "07:30" in moved.text
    assert "东京" in moved.text
    puzzled = await ben.says("/subscribe 开元生态")
    assert "没看懂“开元生态”" in puzzled.text
    assert await at.wish(ben.place) == wish
    await ben.presses(puzzled, "开源生态")
    assert (await at.wish(ben.place)).categories == {slug("开源生态")}


async def _subscribe_late(at: Scene) -> None:
    """Whoever subscribes after today's time is offered today's by a button, and pushed nothing."""
    cleo = at.reader("en")
    subscribed = await cleo.says("/subscribe 00:00")
    assert "Today's is out already" in subscribed.text
    digest = await cleo.presses_for_more(subscribed, "Read today's now")
    assert title(at.today) in digest.text
    assert stories(digest) == len(LATELY) * 2
    assert len(cleo.heard) == 2


async def _categories(at: Scene) -> None:
    dan = at.reader()
    chooser = await dan.says("/categories")
    await dan.presses(chooser, "芯片技术")
    assert any("✓ 芯片技术" in row for row in chooser.buttons)
    await dan.presses(chooser, "开源生态")
    await dan.presses(chooser, "✓ 芯片技术")
    assert (await at.wish(dan.place)).categories == {slug("开源生态")}
    await dan.presses(chooser, "全部分类")
    assert (await at.wish(dan.place)).categories == frozenset()
    assert chooser.edits == 4


async def _hour(at: Scene) -> None:
    eve = at.reader()
    screen = await eve.says("/settings")
    await eve.presses(screen, "🕗 08:00")
    assert "几点送到" in screen.text
    await eve.presses(screen, "06:00")
    assert "已保存" in screen.text
    typed = await eve.says("/settings 21:15 周末")
    wish = await at.wish(eve.place)
    assert wish.slot.at == time(21, 15)
    assert wish.slot.days == frozenset({6, 7})
    assert wish.state is SubscriptionState.OFF
    await eve.presses(typed, "🔔 订阅")
    assert (await at.wish(eve.place)).state is SubscriptionState.ON


async def _zone_and_days(at: Scene) -> None:
    fay = at.reader("en")
    screen = await fay.says("/settings")
    await fay.presses(screen, "🌏")
    await fay.presses(screen, "Berlin")
    assert (await at.wish(fay.place)).slot.zone == "Europe/Berlin"
    await fay.presses(screen, "📅")
    await fay.presses(screen, "Sun")
    await fay.presses(screen, "Sat")
    await fay.presses(screen, "‹ Settings")
    assert "Mon–Fri" in screen.text
    assert (await at.wish(fay.place)).slot.days == frozenset({1, 2, 3, 4, 5})


async def _format_and_language(at: Scene) -> None:
    gus = at.reader()
    screen = await gus.says("/settings")
    await gus.presses(screen, "📄")
    await gus.presses(screen, "仅标题")
    await gus.presses(screen, "🌐")
    await gus.presses(screen, "English")
    assert "Settings" in screen.text
    wish = await at.wish(gus.place)
    assert (wish.format, wish.language) == (Format.HEADLINES, "en")
    headlines = await gus.says("/today")
    assert "第1条" in headlines.text
    assert stories(headlines) == 0


# ------------------------------------------------------------------ asking


async def _today(at: Scene) -> None:
    ann = at.reader()
    digest = await ann.says("/today")
    assert title(at.today) in digest.text
    assert stories(digest) == len(LATELY) * 2
    await ann.presses(digest, "‹")
    assert title(at.ago(1)) in digest.text
    await ann.presses(digest, "芯片技术")
    assert (title(at.ago(1)) in digest.text, stories(digest)) == (True, 2)
    await ann.presses(digest, "全部")
    assert stories(digest) == len(LATELY) * 2
    assert digest.edits == 3


async def _yesterday_and_help(at: Scene) -> None:
    ben = at.reader("en")
    assert title(at.ago(1)) in (await ben.says("/yesterday")).text
    help_ = await ben.says("/help")
    assert "What you can ask" in help_.text
    assert "/subscribe" in help_.text
    await ben.presses(help_, "📰 Today")
    assert title(at.today) in help_.text
    assert "no command /nonsense" in (await ben.says("/nonsense")).text


def _days_by_every_name(at: Scene) -> Iterator[Coroutine[Any, Any, None]]:
    one, three, four = at.ago(1), at.ago(3), at.ago(4)
    names = {
        f"/day {four}": four,
        f"/day {four.month}-{four.day}": four,
        f"/day {four.month}月{four.day}日": four,
        "/day 昨天": one,
        "/day 3天前": three,
        f"/day 周{WEEKDAYS[four.weekday()]}": four,
        "昨天": one,
    }
    return (_day(at, text, day) for text, day in names.items())


async def _day(at: Scene, text: str, day: date) -> None:
    reader = at.reader()
    assert title(day) in (await reader.says(text)).text, text


async def _missing_day(at: Scene) -> None:
    cleo = at.reader()
    answer = await cleo.says("/day 前天")
    assert answer.text.startswith("没有")
    assert "最近的两期是" in answer.text
    assert len(answer.buttons[0]) == 2
    await cleo.presses(answer, answer.buttons[0][0])
    assert title(at.ago(MISSING + 1)) in answer.text
    assert "还没到" in (await cleo.says("/day 明天")).text


async def _category(at: Scene) -> None:
    dan = at.reader()
    chips = await dan.says("/category 芯片技术")
    assert (title(at.today) in chips.text, stories(chips)) == (True, 2)
    earlier = await dan.says("/category 芯片 昨天")
    assert (title(at.ago(1)) in earlier.text, stories(earlier)) == (True, 2)
    asked = await dan.says("/category")
    await dan.presses(asked, "产品应用")
    assert (title(at.today) in asked.text, stories(asked)) == (True, 2)


async def _latest_of_category(at: Scene) -> None:
    """Today has none of it: the latest across days are shown, and each day is a press away."""
    eve = at.reader()
    latest = await eve.says("/category 技术前沿")
    assert "今天没有，最近的是" in latest.text
    assert latest.text.count("技术前沿> &") == 8
    await eve.presses(latest, latest.buttons[0][0])
    assert (title(at.ago(3)) in latest.text, stories(latest)) == (True, 2)
    assert "还没有内容" in (await eve.says("/category 安全伦理")).text


async def _unknown_category(at: Scene) -> None:
    fay = at.reader()
    answer = await fay.says("/category 新片技术")
    assert "没有“新片技术”这个分类" in answer.text
    await fay.presses(answer, "芯片技术")
    assert stories(answer) == 2


async def _archive(at: Scene) -> None:
    gus = at.reader()
    page = await gus.says("/days")
    assert page.text.count("每日速递") == 8
    await gus.presses(page, "更早 ›")
    assert page.text.count("每日速递") == 3
    await gus.presses(page, page.buttons[0][0])
    assert title(at.ago(9)) in page.text


async def _unreadable(at: Scene) -> None:
    hal = at.reader()
    assert "看不懂" in (await hal.says("/day 星期八")).text
    assert "日历上没有" in (await hal.says("/day 2月30日")).text
    hint = await hal.says("你好 <b>吗</b>")
    assert "/help" in hint.text


async def _menu(at: Scene) -> None:
    menus = at.emulator.commands
    for scope in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        for language in ("", "zh"):
            assert any(entry["command"] == "today" for entry in menus[scope, language]), (scope, language)
    assert "subscribe" not in {entry["command"] for entry in menus["all_group_chats", "zh"]}
    assert menus["all_private_chats", "zh"] != menus["all_private_chats", ""]
