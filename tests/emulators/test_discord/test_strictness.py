"""The emulator takes what Discord takes, and nothing else."""

from typing import Any

import aiohttp
import discord
import pytest

from tests.emulators.discord import APPLICATION, DiscordEmulator
from tests.emulators.test_discord.client import QUIET, SmallBot


async def call(
    http: aiohttp.ClientSession, emulator: DiscordEmulator, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    async with http.request(method, f"{emulator.url}/api/v10{path}", json=body) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


def button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "A", "custom_id": custom_id}


def row(*inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inner)}


def menu(count: int) -> dict[str, Any]:
    return {"type": 3, "custom_id": "m", "options": [{"label": str(n), "value": str(n)} for n in range(count)]}


SIX_THOUSAND = [{"description": "d" * 3000}, {"description": "d" * 2990, "footer": {"text": "f" * 10}}]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "芯" * 2000},
        {"embeds": SIX_THOUSAND},
        {"embeds": [{"title": "t" * 256, "url": f"https://example.com/{n}"} for n in range(10)]},
        {"embeds": [{"title": f"{'t' * 256}   "}]},
        {"content": "x", "components": [row(*(button(f"{n}{m}") for n in range(5))) for m in range(5)]},
        {"content": "x", "components": [row(menu(25))]},
        {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4000}]},
    ],
)
async def test_message__at_its_limits(
    emulator: DiscordEmulator, http: aiohttp.ClientSession, body: dict[str, Any]
) -> None:
    status, answer = await call(http, emulator, "POST", "/channels/10/messages", body)
    assert status == 200, answer
    assert not emulator.violations


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "芯" * 2001}, "content"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"embeds": [{"title": "t" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "d" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"footer": {"text": "f" * 2049}}]}, "embeds.0.footer.text"),
        ({"embeds": [{"fields": [{"name": "", "value": "v"}]}]}, "embeds.0.fields.0.name"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]}, "embeds.0.fields.0.value"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
        ({"embeds": [{"title": "t", "url": "(未提供)"}]}, "embeds.0.url"),
        ({"embeds": [*SIX_THOUSAND, {"title": "t"}]}, "embeds"),
        ({"embeds": [{"title": "t"}] * 11}, "embeds"),
        ({"content": "x", "components": [row(*map(button, "abcdef"))]}, "components.0.components"),
        ({"content": "x", "components": [row(button("a"), menu(1))]}, "components.0.components"),
        ({"content": "x", "components": [row(button(str(n))) for n in range(6)]}, "components"),
        ({"content": "x", "components": [row(button("a")), row(button("a"))]}, "components.1.components.0.custom_id"),
        ({"content": "x", "components": [row(button("a" * 101))]}, "components.0.components.0.custom_id"),
        ({"content": "x", "components": [row({**button("a"), "label": "l" * 81})]}, "components.0.components.0.label"),
        ({"content": "x", "components": [row(menu(26))]}, "components.0.components.0.options"),
        ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "y"}]}, "content"),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "y"}] * 41}, "components"),
    ],
)
async def test_message__past_its_limits(
    emulator: DiscordEmulator, http: aiohttp.ClientSession, body: dict[str, Any], field: str
) -> None:
    status, answer = await call(http, emulator, "POST", "/channels/10/messages", body)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    errors = answer["errors"]
    for step in field.split("."):
        errors = errors[step]
    assert errors["_errors"][0]["code"]
    assert not emulator.messages


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"content": "", "embeds": []}])
async def test_message__empty(emulator: DiscordEmulator, http: aiohttp.ClientSession, body: dict[str, Any]) -> None:
    status, answer = await call(http, emulator, "POST", "/channels/10/messages", body)
    assert (status, answer["code"]) == (400, 50006)


async def test_message__edited_and_deleted(emulator: DiscordEmulator, bot: SmallBot) -> None:
    sent = await bot.get_partial_messageable(10).send("one", allowed_mentions=QUIET)
    there = bot.get_partial_messageable(10).get_partial_message(sent.id)
    await there.edit(content=None, embed=discord.Embed(title="two"))
    message = emulator.channels[10].last
    assert (message.text, message.history[0].text, message.edits) == ("two", "one", 1)
    with pytest.raises(discord.HTTPException) as refused:
        await there.edit(embed=None)
    assert refused.value.code == 50006
    await there.delete()
    assert message.deleted
    with pytest.raises(discord.NotFound) as unknown:
        await there.edit(content="three")
    assert unknown.value.code == 10008
    assert (emulator.posting.edited, emulator.posting.deleted) == (1, 1)


async def test_nonce__returns_the_first_while_it_is_remembered(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.text(11, 1)
    channel = bot.get_partial_messageable(10)
    first = await channel.send("x", nonce="a")
    assert (await channel.send("x", nonce="a")).id == first.id
    assert (emulator.sent, emulator.posting.deduplicated, len(emulator.messages)) == (1, 1, 1)
    await bot.get_partial_messageable(11).send("x", nonce="a")
    assert "another channel's" in emulator.violations[0]
    emulator.forgets_nonces()
    second = await channel.send("x", nonce="a")
    emulator.posting.nonce_seconds = 0
    assert len({first.id, second.id, (await channel.send("x", nonce="a")).id}) == 3


@pytest.mark.parametrize("mentioning", ["@everyone", "@here", "<@7>", "<@&8>"])
async def test_mention__is_a_violation_unless_none_is_allowed(
    emulator: DiscordEmulator, bot: SmallBot, mentioning: str
) -> None:
    await bot.get_partial_messageable(10).send(mentioning, allowed_mentions=QUIET)
    assert not emulator.violations
    await bot.get_partial_messageable(10).send(mentioning)
    assert "calls people" in emulator.violations[0]


async def test_embeds__with_one_url_are_a_violation(emulator: DiscordEmulator, bot: SmallBot) -> None:
    twins = [discord.Embed(title="t", url="https://example.com")] * 2
    await bot.get_partial_messageable(10).send(embeds=twins)
    assert "only the first" in emulator.violations[0]


async def test_image__is_attached(emulator: DiscordEmulator, bot: SmallBot, tmp_path: Any) -> None:
    (tmp_path / "day.png").write_bytes(b"1234")
    await bot.get_partial_messageable(10).send(file=discord.File(tmp_path / "day.png"), nonce="f")
    assert [(one["filename"], one["size"]) for one in emulator.channels[10].last.attachments] == [("day.png", 4)]


async def test_forum__takes_posts_with_its_tags(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.forum(30, 1, tags=["芯片技术", "AI产业"], require_tag=True)
    guild = bot.get_guild(1)
    assert guild
    forum = await emulator.wait_for(lambda: guild.get_channel(30))
    assert isinstance(forum, discord.ForumChannel)
    made = await forum.create_thread(name="2025-10-12", content="x", applied_tags=[forum.available_tags[1]])
    post = emulator.channels[made.thread.id]
    assert (post.name, post.tag_names, post.messages[0].id) == ("2025-10-12", ["AI产业"], made.thread.id)
    await made.thread.send("more")
    assert [message.content for message in post.messages] == ["x", "more"]
    for wrong, code in (
        ({"name": "x", "content": "x"}, 40067),
        ({"name": "n" * 101, "content": "x", "applied_tags": forum.available_tags}, 50035),
        ({"name": "x", "content": "x" * 2001, "applied_tags": forum.available_tags}, 50035),
        ({"name": "x", "content": "x", "applied_tags": [discord.Object(5)]}, 10087),
    ):
        with pytest.raises(discord.HTTPException) as refused:
            await forum.create_thread(**wrong)
        assert refused.value.code == code
    with pytest.raises(discord.HTTPException) as no_text:
        await bot.get_partial_messageable(30).send("x")
    assert no_text.value.code == 50008
    assert emulator.sent == 2


async def test_thread__archived_opens_and_locked_does_not(emulator: DiscordEmulator, bot: SmallBot) -> None:
    thread = emulator.thread(31, 10)
    thread.archived = True
    await bot.get_partial_messageable(31).send("x")
    assert not thread.archived
    thread.locked = True
    with pytest.raises(discord.Forbidden) as locked:
        await bot.get_partial_messageable(31).send("x")
    assert locked.value.code == 160005


async def test_announcement__is_crossposted_once(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.announcement(40, 1)
    sent = await bot.get_partial_messageable(40).send("x")
    await sent.publish()
    assert emulator.channels[40].last.crossposted
    with pytest.raises(discord.HTTPException) as again:
        await sent.publish()
    assert again.value.code == 40033
    with pytest.raises(discord.HTTPException) as elsewhere:
        await (await bot.get_partial_messageable(10).send("x")).publish()
    assert elsewhere.value.code == 50024


async def test_commands__keep_their_ids_and_are_counted(emulator: DiscordEmulator, bot: SmallBot) -> None:
    before = {name: one["id"] for name, one in emulator.commands.items()}
    await bot.tree.sync()
    assert {name: one["id"] for name, one in emulator.commands.items()} == before
    assert emulator.syncs == 2
    assert {command.name for command in await bot.tree.fetch_commands()} == before.keys()
    assert emulator.registry.reads == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Today", "description": "x"},
        {"name": "today", "description": ""},
        {"name": "today", "description": "x" * 101},
        {"name": "today", "description": "x", "name_localizations": {"zh": "今天"}},
        {"name": "today", "description": "x", "name_localizations": {"zh-CN": "今 天"}},
        {
            "name": "t",
            "description": "x",
            "options": [{"type": 3, "name": f"o{n}", "description": "x"} for n in "a" * 26],
        },
    ],
)
async def test_commands__that_discord_would_not_take(
    emulator: DiscordEmulator, http: aiohttp.ClientSession, wrong: dict[str, Any]
) -> None:
    good = {"name": "日报", "description": "x", "name_localizations": {"zh-CN": "今天"}}
    path = f"/applications/{APPLICATION}/commands"
    assert (await call(http, emulator, "PUT", path, [good]))[0] == 200
    status, answer = await call(http, emulator, "PUT", path, [good, wrong])
    assert (status, answer["code"]) == (400, 50035)
    assert "1" in answer["errors"]
    assert (list(emulator.commands), emulator.syncs) == (["日报"], 1)


async def test_wire__is_as_discord_speaks(emulator: DiscordEmulator, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{emulator.url}/api/v10/users/@me") as answer:
        assert answer.headers["Content-Type"] == "application/json"
    assert (await call(http, emulator, "GET", "/nowhere"))[0] == 404
    assert (await call(http, emulator, "GET", "/channels/99"))[1]["code"] == 10003
    assert (await call(http, emulator, "GET", "/guilds/99"))[1]["code"] == 10004
    async with http.post(f"{emulator.url}/api/v10/channels/10/messages", data=b"{") as broken:
        assert broken.status == 400
