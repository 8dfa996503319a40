"""Groups, forum topics and channels: everyone reads, who manages a place subscribes it, and the digest comes."""

from pathlib import Path

from bot.models import SubscriptionState
from tests.acceptance import ledger
from tests.acceptance.documents import document, parts_of, slug
from tests.acceptance.scene import Scene, at_once, scene, stories, title
from tests.acceptance.talk import Talk
from tests.emulators.telegram import TelegramEmulator

ADMIN, MEMBER = 7, 8
GROUP, ANONYMOUS, FORUM = -1001, -1002, -1003
CHANNEL, OTHER_CHANNEL = -1001234567890, -1009876543210


async def test_public__admins_subscribe_everyone_reads_and_the_digest_comes(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    emulator.private(ADMIN, language_code="zh-hans", first_name="Lin")
    emulator.private(MEMBER, language_code="zh-hans", first_name="Mo")
    async with scene(tmp_path, emulator, days=[1]) as at:
        await at_once(_group(at), _anonymous(at), _topics(at), _channel(at), _stranger_in_channel(at))
        before = {place.id: len(place.messages) for place in emulator.chats.values()}
        await _digest_comes(at)
        pushed = {place.id: len(place.messages) - before[place.id] for place in emulator.chats.values()}
        await at_once(_follows(at), _other_bots(at))
    edits = sum(message.edits for message in emulator.messages)
    print(f"\n{emulator.sent} messages, {edits} edits in groups, topics and channels; pushed: {pushed}")
    assert pushed == {GROUP: 0, ANONYMOUS: 1, FORUM: 2, CHANNEL: 1, OTHER_CHANNEL: 0, ADMIN: 0, MEMBER: 0}


async def _digest_comes(at: Scene) -> None:
    """Everybody's time today has passed: it goes out as soon as it is published, each topic's own edition to it."""
    source = document(at.today)
    await at.application.load("today.md", source)
    database = at.application.database
    await at.application.until(lambda: ledger.deliveries(database) == {"sent": 4}, 15)
    whole, chips, open_source = (
        parts_of(source, subjects=subjects, before=at.ago(1))[0].markup
        for subjects in ((), ("芯片技术",), ("开源生态",))
    )
    chats = at.emulator.chats
    assert chats[ANONYMOUS].last.raw == whole
    assert {message.thread_id: message.raw for message in chats[FORUM].messages[-2:]} == {5: chips, 9: open_source}
    assert chats[CHANNEL].last.raw == chips


async def _follows(at: Scene) -> None:
    """Nobody can be answered in a channel: what stands under its post opens in private."""
    keys = [button["url"] for row in at.emulator.chats[CHANNEL].last.keyboard for button in row]
    link = next(url for url in keys if "day_" in url)
    reader = Talk(emulator=at.emulator, user=MEMBER, place=at.emulator.chats[MEMBER])
    address, _, payload = link.partition("?start=")
    assert address == "https://t.me/digest_test_bot"
    assert title(at.ago(1)) in (await reader.says(f"/start {payload}")).text


async def _other_bots(at: Scene) -> None:
    """What nobody has named us with may be another bot's, and is left to it."""
    place = at.emulator.chats[GROUP]
    before = len(place.messages)
    await at.emulator.types(MEMBER, "/ban @spammer", chat=place)
    member = Talk(emulator=at.emulator, user=MEMBER, place=place)
    assert "没有 /ban 这个命令" in (await member.says("/ban@digest_test_bot @spammer")).text
    assert len(place.messages) == before + 1


async def _group(at: Scene) -> None:
    place = at.emulator.group(GROUP, kind="group", title="Readers", members={ADMIN: "creator", MEMBER: "member"})
    admin = Talk(emulator=at.emulator, user=ADMIN, place=place)
    member = Talk(emulator=at.emulator, user=MEMBER, place=place)
    assert "只有本群管理员" in (await member.says("/subscribe")).text
    await at.emulator.types(MEMBER, "just talk, no command", chat=place)
    await at.emulator.types(MEMBER, "/today@another_bot", chat=place)
    assert title(at.ago(1)) in (await member.says("/yesterday@digest_test_bot")).text
    subscribed = await admin.says("/subscribe 芯片技术")
    assert "订阅好了" in subscribed.text
    settings = await member.says("/settings")
    alert = await member.is_told_off(await admin.presses(settings, "🔕"), "重新订阅")
    assert "只有本群管理员" in alert
    assert (await at.wish(place)).state is SubscriptionState.OFF
    assert len(place.messages) == 4


async def _anonymous(at: Scene) -> None:
    place = at.emulator.group(ANONYMOUS, members={ADMIN: "creator", MEMBER: "administrator"})
    nobody = Talk(emulator=at.emulator, user=MEMBER, place=place, anonymous=True)
    await nobody.says("/subscribe 00:00")
    wish = await at.wish(place)
    assert (wish.state, f"{wish.slot.at:%H:%M}") == (SubscriptionState.ON, "00:00")


async def _topics(at: Scene) -> None:
    """A subscription belongs to the chat and its topic, and answers stay there."""
    place = at.emulator.group(FORUM, forum=True, members={ADMIN: "administrator"})
    five, nine, general = (Talk(emulator=at.emulator, user=ADMIN, place=place, topic=topic) for topic in (5, 9, None))
    soon = await five.says("/subscribe 芯片技术 00:00")
    assert "下一期：今天的，一发布就送到" in soon.text
    chooser = await nine.says("/categories")
    await nine.presses(chooser, "开源生态")
    await nine.presses(chooser, "🔔 订阅")
    await nine.says("/settings 00:00")
    assert title(at.ago(1)) in (await general.says("/yesterday")).text
    assert (await at.wish(place, 5)).categories == {slug("芯片技术")}
    assert (await at.wish(place, 9)).categories == {slug("开源生态")}
    assert [message.thread_id for message in place.messages] == [5, 9, 9, None]


async def _channel(at: Scene) -> None:
    """Managed from private by who administers it: commands name it, and buttons go on with it."""
    channel = at.emulator.channel(CHANNEL, username="daily", title="Daily <AI>", members={ADMIN: "creator"})
    admin = Talk(emulator=at.emulator, user=ADMIN, place=at.emulator.chats[ADMIN])
    subscribed = await admin.says("/subscribe @daily 芯片技术 07:30")
    assert "Daily <AI>" in subscribed.text
    wish = await at.wish(channel)
    assert (wish.state, f"{wish.slot.at:%H:%M}") == (SubscriptionState.ON, "07:30")
    assert wish.categories == {slug("芯片技术")}
    await admin.presses(subscribed, "⚙️ 设置")
    assert "Daily <AI> 的设置" in subscribed.text
    await admin.presses(subscribed, "🕗 07:30")
    await admin.presses(subscribed, "00:00")
    assert f"{(await at.wish(channel)).slot.at:%H:%M}" == "00:00"
    left = await admin.says("/unsubscribe @daily")
    assert "不再向 Daily <AI> 推送" in left.text
    assert (await at.wish(channel)).state is SubscriptionState.OFF
    await admin.presses(left, "重新订阅")
    assert channel.messages == []


async def _stranger_in_channel(at: Scene) -> None:
    channel = at.emulator.channel(OTHER_CHANNEL, username="other", members={ADMIN: "creator", MEMBER: "member"})
    stranger = Talk(emulator=at.emulator, user=MEMBER, place=at.emulator.chats[MEMBER])
    assert "管理员" in (await stranger.says("/subscribe @other")).text
    assert "我看不到 @nowhere" in (await stranger.says("/subscribe @nowhere")).text
    assert stories(await stranger.says("/category 芯片技术 昨天")) == 2
    assert channel.messages == []
