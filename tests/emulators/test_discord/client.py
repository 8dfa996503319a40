"""A small bot of discord.py's, with a command, a form, a menu, and buttons that outlive it."""

import re
from typing import Any, Self

import discord
from discord import app_commands

QUIET = discord.AllowedMentions.none()
OFFERED = ["芯片技术", "AI产业", "大模型"]


class Day(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"day:(?P<day>[\d-]+)"):
    """A button known by its custom id alone."""

    def __init__(self, day: str) -> None:
        super().__init__(discord.ui.Button(label=f"Day {day}", custom_id=f"day:{day}"))
        self.day = day

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: Any, match: re.Match[str]) -> Self:
        return cls(match["day"])

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"The digest of {self.day}", allowed_mentions=QUIET)


class Categories(discord.ui.Select[discord.ui.View]):
    def __init__(self) -> None:
        options = [discord.SelectOption(label=name, value=f"c{number}") for number, name in enumerate(OFFERED)]
        super().__init__(custom_id="categories", options=options, max_values=2)

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"Chosen: {', '.join(self.values)}")


class Hour(discord.ui.Modal, title="Hour"):
    hour: discord.ui.TextInput[Any] = discord.ui.TextInput(label="At", custom_id="hour", max_length=5)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"At {self.hour.value}", ephemeral=True)


def digest_view() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Day("2025-10-11"))
    view.add_item(Categories())
    return view


class SmallBot(discord.AutoShardedClient):
    """Connects with the guilds intent alone; `seen` are the events that matter."""

    def __init__(self, *, intents: discord.Intents | None = None, sync: bool = True) -> None:
        wanted = discord.Intents(guilds=True) if intents is None else intents
        super().__init__(intents=wanted, guild_ready_timeout=0.05, max_ratelimit_timeout=30)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[str] = []
        self._sync = sync
        commands: tuple[app_commands.Command[Any, Any, Any], ...] = (today, category, settings, slow, silent)
        for command in commands:
            self.tree.add_command(command)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin at once, where discord.py would wait five seconds."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Day)
        view = discord.ui.View(timeout=None)
        view.add_item(Categories())
        self.add_view(view)
        if self._sync:
            await self.tree.sync()

    async def on_ready(self) -> None:
        self.seen.append("ready")

    async def on_resumed(self) -> None:
        self.seen.append("resumed")

    async def on_shard_resumed(self, shard: int) -> None:
        self.seen.append(f"resumed {shard}")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.seen.append(f"joined {guild.id}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.seen.append(f"removed {guild.id}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.seen.append(f"deleted {channel.id}")


@app_commands.command(description="Today's digest")
async def today(interaction: discord.Interaction) -> None:
    embed = discord.Embed(title="Digest", description=f"for {interaction.locale.value}", url="https://example.com")
    await interaction.response.send_message(embed=embed, view=digest_view(), allowed_mentions=QUIET)


@app_commands.command(description="One category")
async def category(interaction: discord.Interaction, name: str) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(f"About {name}")


@category.autocomplete("name")
async def suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in OFFERED if typed in name]


@app_commands.command(description="The hour")
@app_commands.default_permissions(manage_channels=True)
async def settings(interaction: discord.Interaction) -> None:
    assert interaction.permissions.manage_channels or interaction.guild is None
    await interaction.response.send_modal(Hour())


@app_commands.command(description="Answers in two steps")
async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("first")
    await interaction.edit_original_response(content="second")
    await interaction.followup.send("third", ephemeral=True)


@app_commands.command(description="Never answers")
async def silent(_: discord.Interaction) -> None:
    """Leave them waiting."""
