"""Discord for one bot, with the acts of everybody who talks to it."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from tests.emulators.discord.acts import Acts
from tests.emulators.discord.faults import Fault, Rule
from tests.emulators.discord.interaction import DEFERRED, Choice, Interaction
from tests.emulators.discord.limits import Limits
from tests.emulators.discord.message import Message
from tests.emulators.discord.places import Guild, Permission
from tests.emulators.discord.refusal import Json
from tests.emulators.discord.serving import Served
from tests.emulators.discord.world import Where, Who

T = TypeVar("T")
APPLICATION = 1_100_000_000_000_000_000


class DiscordEmulator(Served):
    """Discord for one bot. An act waits until the bot is connected, and then `timeout` seconds for its answer."""

    def __init__(
        self,
        token: str = "discord-test-token",  # noqa: S107
        *,
        application_id: int = APPLICATION,
        port: int = 0,
        remember: bool = True,
    ) -> None:
        super().__init__(token, application_id, port, remember=remember)
        self._acts = Acts(self, self.gateway, self.registry, self.answers)

    # ------------------------------------------------------------------ acts

    async def runs(
        self,
        user: Who,
        name: str,
        *,
        channel: Where | None = None,
        options: Mapping[str, Any] | None = None,
        uninvited: bool = False,
        answered: bool = True,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Interaction:
        """Let a person call a slash command (`settings show` for a subcommand) in their DMs or in `channel`.

        `uninvited` calls a command that is hidden from them. Without `answered` a deferral is enough. Raises
        LookupError for what Discord would not offer them, and TimeoutError.
        """
        await self._offered(channel, timeout)
        asked = self._acts.runs(user, name, channel, options or {}, uninvited=uninvited)
        return await self._answered(asked, timeout, wholly=answered)

    async def autocompletes(
        self,
        user: Who,
        name: str,
        *,
        option: str,
        typed: str = "",
        channel: Where | None = None,
        options: Mapping[str, Any] | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> list[Choice]:
        """Let a person type into an option of a command; returns what is suggested."""
        await self._offered(channel, timeout)
        asked = self._acts.types(user, name, channel, option, typed, options or {})
        return (await self._answered(asked, timeout, wholly=True)).choices

    async def presses(
        self,
        user: Who,
        message: Message,
        named: str,
        *,
        answered: bool = True,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Interaction:
        """Let a person press the button of that label or custom id."""
        await self._connected(message.channel_id, timeout)
        return await self._answered(self._acts.presses(user, message, named), timeout, wholly=answered)

    async def chooses(
        self,
        user: Who,
        message: Message,
        custom_id: str,
        values: Sequence[str],
        *,
        answered: bool = True,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Interaction:
        """Let a person choose, by values or labels, in a menu; an empty custom id names the only one."""
        await self._connected(message.channel_id, timeout)
        return await self._answered(self._acts.chooses(user, message, custom_id, values), timeout, wholly=answered)

    async def submits(
        self,
        user: Who,
        form: Interaction | str,
        values: Mapping[str, Any],
        *,
        answered: bool = True,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Interaction:
        """Let a person send the form an interaction opened (or the last of that custom id), by label or custom id."""
        return await self._answered(self._acts.submits(user, form, values), timeout, wholly=answered)

    async def kicks_bot(self, guild: Guild | int) -> None:
        self._acts.kicks_bot(self.in_guild(guild))

    async def adds_bot(self, guild: Guild | int) -> None:
        self._acts.adds_bot(self.in_guild(guild))

    async def outage(self, guild: Guild | int, *, over: bool = False) -> None:
        """Let a guild be unavailable, which is no removal; or available again."""
        self._acts.outage(self.in_guild(guild), over=over)

    async def deletes(self, channel: Where) -> None:
        self._acts.deletes(self.at(channel))

    async def denies(self, channel: Where, denied: Permission) -> None:
        """Take permissions from the bot in a channel; NONE gives them back."""
        self._acts.denies(self.at(channel), denied)

    async def allows_everyone(self, guild: Guild | int, allowed: Permission) -> None:
        """Let @everyone in a guild, the bot among them, have these permissions and no others."""
        self._acts.allows_everyone(self.in_guild(guild), allowed)

    async def gives_role(self, guild: Guild | int, allowed: Permission) -> None:
        """Give the bot a role with permissions beyond everybody's, or change it; NONE takes it from the bot."""
        self._acts.gives_role(self.in_guild(guild), allowed)

    async def closes_dms(self, user: Who, *, closed: bool = True) -> None:
        """Let a person take no direct messages from the bot (or take them again)."""
        self.who(user).dms_open = not closed

    async def drops_gateway(self, code: int = 4000, *, shard: int | None = None) -> int:
        """Close the bot's connections; returns how many. After 4000 it resumes, after 4004 or 4014 it gives up."""
        return self.gateway.drop(code, shard)

    async def asks_to_reconnect(self) -> None:
        """Send the bot away politely, as Discord does every few hours; it resumes."""
        self.gateway.ask_to_reconnect()

    async def forgets_sessions(self) -> None:
        """Drop the bot, and let nothing be resumed: it has to identify again."""
        self.gateway.drop(4000)
        self.gateway.sessions.clear()

    # ------------------------------------------------------------------ trouble

    def inject(self, fault: Fault, **rule: Any) -> Rule:
        """Let calls fail by a `Rule`, by default the next send or edit."""
        added = Rule(fault=fault, **rule)
        self.faults.rules.append(added)
        return added

    def calm(self) -> None:
        """Take back every fault and limit."""
        self.faults.rules.clear()
        self.limits = None

    def enforce(self, *, per_second: int = 50, per_bucket: int = 5, bucket_seconds: float = 5.0) -> Limits:
        """Refuse calls above these rates: over all, and for each route in each channel; 0 is no limit."""
        self.limits = Limits(per_second=per_second, per_bucket=per_bucket, bucket_seconds=bucket_seconds)
        return self.limits

    def expires_interactions(self) -> None:
        """Let every question grow too old to be answered."""
        self.answers.expire()

    def forgets_nonces(self) -> None:
        """Let every nonce be older than Discord remembers."""
        self.posting.forget_nonces()

    # ------------------------------------------------------------------ what is seen

    @property
    def commands(self) -> dict[str, Json]:
        """The registered commands, by name."""
        return self.registry.known

    @property
    def syncs(self) -> int:
        """How often the commands were written."""
        return self.registry.syncs

    @property
    def sent(self) -> int:
        """How many messages and forum posts the bot wrote unasked."""
        return self.posting.sent

    @property
    def interactions(self) -> list[Interaction]:
        return self.answers.asked

    @property
    def latencies(self) -> list[float]:
        """Seconds to each first answer."""
        return [asked.latency for asked in self.answers.asked if asked.acknowledged_at is not None]

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until `predicate` holds and return what it gave. Raises TimeoutError, telling the last calls."""
        deadline = time.monotonic() + timeout
        while not (seen := predicate()):
            if time.monotonic() > deadline:
                last = [(call.method, call.path, str(call.body)[:200]) for call in self.calls[-5:]]
                raise TimeoutError(f"not seen within {timeout} s; the last calls: {last}")
            await asyncio.sleep(0.005)
        return seen

    async def wait_for_message(self, channel: Where, *, after: int = 0, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait until there are more than `after` messages in a channel, and return the one after those."""
        place = self.at(channel)
        await self.wait_for(lambda: len(place.messages) > after, timeout)
        return place.messages[after]

    async def wait_for_bot(self, *, guild: Guild | int | None = None, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until the shard of a guild (or of direct messages) listens."""
        where = None if guild is None else self.in_guild(guild)
        await self.wait_for(lambda: self.gateway.connected(where), timeout)

    async def _offered(self, channel: Where | None, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until the bot has connected once and registered its commands."""
        await self._connected(channel, timeout)
        await self.wait_for(lambda: bool(self.commands), timeout)

    async def _connected(self, channel: Where | None, timeout: float) -> None:  # noqa: ASYNC109
        """Wait for a session; one that was dropped counts, for it will be resumed."""
        guild = None if channel is None else self.at(channel).guild
        sessions = self.gateway.sessions
        await self.wait_for(lambda: any(s.minds("INTERACTION_CREATE", guild) for s in sessions.values()), timeout)

    async def _answered(self, asked: Interaction, timeout: float, *, wholly: bool) -> Interaction:  # noqa: ASYNC109
        await self.wait_for(lambda: asked.acknowledged_at is not None, timeout)
        if wholly and asked.type in DEFERRED:
            await self.wait_for(lambda: asked.answered_at is not None, timeout)
        return asked
