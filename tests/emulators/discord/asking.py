"""The calls that ask about the bot, its guilds, channels and people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulators.discord.gateway import Gateway
from tests.emulators.discord.places import user_json
from tests.emulators.discord.refusal import Json, Refused, unknown
from tests.emulators.discord.wire import Call
from tests.emulators.discord.world import World


@dataclass(kw_only=True, slots=True)
class Asking:
    """Answers what the bot asks. `shards` is how many connections Discord recommends."""

    world: World
    gateway: Gateway
    shards: int = 1

    def routes(self) -> list[tuple[str, str, str, Callable[[Call], Any]]]:
        return [
            ("GET", "/users/@me", "me", lambda _: self.world.me),
            ("GET", "/users/@me/guilds", "my_guilds", self.my_guilds),
            ("POST", "/users/@me/channels", "open_dm", self.open_dm),
            ("GET", "/users/{user}", "user", lambda call: self.world.find_person(call.ids["user"]).json()),
            ("GET", "/oauth2/applications/@me", "application", self.application),
            ("GET", "/applications/@me", "application", self.application),
            ("GET", "/gateway", "gateway", lambda _: {"url": self.gateway.url}),
            ("GET", "/gateway/bot", "gateway_bot", self.gateway_bot),
            ("GET", "/channels/{channel}", "channel", self.channel),
            ("GET", "/channels/{channel}/messages", "get_messages", self.messages),
            ("GET", "/channels/{channel}/messages/{message}", "get_message", self.message),
            ("GET", "/guilds/{guild}", "guild", self.guild),
            ("GET", "/guilds/{guild}/channels", "guild_channels", self.guild_channels),
            ("GET", "/guilds/{guild}/threads/active", "active_threads", self.active_threads),
            ("GET", "/guilds/{guild}/members/{user}", "member", self.member),
        ]

    def application(self, _: Call) -> Json:
        owner = user_json(1, "publisher")
        plain = {"id": str(self.world.id), "name": "digest", "description": "", "icon": None, "owner": owner}
        allowed = {"bot_public": True, "bot_require_code_grant": False, "flags": 0, "team": None}
        return {**plain, **allowed, "verify_key": "0" * 64, "bot": self.world.me}

    def gateway_bot(self, _: Call) -> Json:
        left = 1000 - len(self.gateway.identifies)
        limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}

    def my_guilds(self, _: Call) -> list[Json]:
        return [guild.json(self.world.id) for guild in self.world.guilds.values() if guild.here]

    def open_dm(self, call: Call) -> Json:
        someone = self.world.find_person(str(call.params.get("recipient_id", "")))
        return self.world.dm(someone).json(self.world.id)

    def channel(self, call: Call) -> Json:
        found = self.world.find(call.ids["channel"])
        found.check_visible()
        return found.json(self.world.id)

    def messages(self, call: Call) -> list[Json]:
        found = self.world.find(call.ids["channel"])
        found.check_visible()
        newest = sorted(found.standing, key=lambda message: -message.id)
        return [message.json(self.world.me) for message in newest[: int(call.query.get("limit", 50))]]

    def message(self, call: Call) -> Json:
        found = self.world.find(call.ids["channel"])
        found.check_visible()
        for message in found.standing:
            if str(message.id) == call.ids["message"]:
                return message.json(self.world.me)
        raise unknown("Message")

    def guild(self, call: Call) -> Json:
        return self.world.find_guild(call.ids["guild"]).json(self.world.id)

    def guild_channels(self, call: Call) -> list[Json]:
        guild = self.world.find_guild(call.ids["guild"])
        return [room.json(self.world.id) for room in self.world.rooms(guild) if not room.is_thread]

    def active_threads(self, call: Call) -> Json:
        guild = self.world.find_guild(call.ids["guild"])
        threads = [room for room in self.world.rooms(guild) if room.is_thread and not room.archived]
        return {"threads": [thread.json(self.world.id) for thread in threads], "members": []}

    def member(self, call: Call) -> Json:
        guild = self.world.find_guild(call.ids["guild"])
        if call.ids["user"] == str(self.world.id):
            return guild.member_json(self.world.me)
        someone = self.world.find_person(call.ids["user"])
        if someone.id not in guild.members and someone.id != guild.owner_id:
            raise unknown("Member")
        return guild.member_json(someone.json())


def not_found() -> Refused:
    return Refused(404, 0, "404: Not Found")
