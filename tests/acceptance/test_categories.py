"""Who decides on categories, in the real application: a model, then a person who presses buttons."""

from datetime import date
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.application import DISCORD_TOKEN, READY, Application
from tests.acceptance.documents import here
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.acceptance.talk import Talk
from tests.emulators.discord import DiscordEmulator, Permission
from tests.emulators.telegram import Message, Place, TelegramEmulator
from tests.fakes import document
from tests.unit.endpoint import KEY, endpoint, labels


def only(place: Place) -> Message:
    (message,) = place.messages
    return message


async def test_categories__the_model_decides_until_an_operator_knows_better(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    at = here()
    operator, chips, everything = (emulator.private(number, language_code="zh-hans") for number in (100, 101, 102))
    async with endpoint() as model:
        model.script.append(labels({1: ("chips",), 2: ("policy",), 3: ("chips",)}))
        application = Application(
            tmp_path,
            emulator,
            admins=f"telegram:{operator.id}",
            zone=at.zone,
            ai_url=model.url,
            ai_key=KEY,
            ai_model="a-model",
        )
        await subscribe(
            application,
            [
                Subscriber(chat=at_place(chips), zone=at.zone, subjects=("芯片技术",)),
                Subscriber(chat=at_place(everything), zone=at.zone),
            ],
        )
        async with application:
            text = document(word="Nvidia GPU", day=str(at.today))
            await application.load("today.md", text.encode())
            await application.until(lambda: ledger.deliveries(application.database).get("sent") == 2, 20)
            assert "Nvidia GPU 1" in only(chips).text
            assert "Nvidia GPU 2" not in only(chips).text

            await _mend(Talk(emulator=emulator, user=operator.id, place=operator), at.today)
            await application.until(lambda: "Nvidia GPU 2" in only(chips).text, 20)
            assert only(chips).edits == 1
            await application.until(lambda: ledger.deliveries(application.database).get("sent") == 4, 20)
            assert only(everything).edits == 0

            await application.load("today.md", text.replace("The lead", "Another lead").encode())
            await application.until(lambda: "Another lead" in only(everything).text, 20)
            assert "Nvidia GPU 2" in only(chips).text
            explained = await application.command("show", str(at.today), "--explain")
            assert "policy), 芯片技术 (chips) · a person said so" in explained.out
            assert "芯片技术 (chips) · the model said so" in explained.out
        assert len(model.asked) == 1
        assert KEY not in application.log + explained.out + explained.err


async def _mend(operator: Talk, day: date) -> None:
    """Choose the item, tick a category, and confirm: all in one message."""
    listed = await operator.says(f"/categorise {day}")
    assert "2. Nvidia GPU 2 · 政策监管" in listed.text
    item = await operator.presses(listed, "2")
    assert "由模型判断" in item.text
    await operator.presses(item, "芯片技术")
    assert "由人指定" in item.text
    assert "尚未生效：当天有 1 条" in item.text
    await operator.presses(item, "📤 生效，并更新 2 个会话")
    assert "已生效" in item.text


async def test_categories__an_operator_mends_them_on_discord(tmp_path: Path, emulator: TelegramEmulator) -> None:
    at = here()
    async with DiscordEmulator(DISCORD_TOKEN) as discord:
        discord.guild(1, locale="zh-CN")
        discord.member(1, 8, permissions=Permission.MANAGE_CHANNELS, locale="zh-CN")
        room = discord.text(10, 1)
        discord.enforce()
        application = Application(
            tmp_path,
            emulator,
            admins="discord:8",
            discord_token=DISCORD_TOKEN,
            discord_api_url=discord.url,
            zone=at.zone,
            send_at="00:00",
        )
        async with application:
            await discord.wait_for_bot(timeout=READY)
            await discord.runs(8, "订阅", channel=10, options={"分类": "policy"})
            await application.load("today.md", document(word="Nvidia GPU", day=str(at.today)).encode())
            listed = await discord.runs(8, "归类", options={"日期": str(at.today)})
            assert listed.message is not None
            await discord.presses(8, listed.message, "2")
            await discord.presses(8, listed.message, "政策监管")
            assert "由人指定" in listed.message.text
            await application.until(lambda: any("Nvidia GPU 2" in message.text for message in room.standing), 20)
            said = await discord.runs(8, "归类", options={"日期": str(at.today), "第几条": "3", "分类": "policy chips"})
            assert "政策监管、芯片技术 · 由人指定" in said.text
            assert said.message is not None
            await discord.presses(8, said.message, "📤 生效，并更新 1 个会话")
            assert "已生效" in said.message.text
            await application.until(lambda: any("Nvidia GPU 3" in message.text for message in room.standing), 20)
        assert not discord.violations
