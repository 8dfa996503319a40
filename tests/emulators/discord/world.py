"""Who and where: the people, guilds and channels one bot can meet."""

from collections.abc import Callable, Iterator, Sequence

from tests.emulators.discord.message import Message
from tests.emulators.discord.places import Channel, ChannelKind, Guild, Permission, Person, Tag, snowflake, user_json
from tests.emulators.discord.refusal import Json, unknown

Tell = Callable[[str, Json, "Guild | None"], object]
Who = Person | int
Where = Channel | int


def _to_nobody(_event: str, _payload: Json, _guild: Guild | None) -> None:
    """Stand in until there is a gateway."""


class World:
    """People and places by id. What is built while the bot is connected is told to it.

    A guild's owner is person 1, who need not exist.
    """

    def __init__(self, token: str, application_id: int) -> None:
        self.token, self.id = token, application_id
        self.me: Json = user_json(application_id, "digest", bot=True)
        self.people: dict[int, Person] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.violations: list[str] = []
        self._tell: Tell = _to_nobody

    def person(self, user_id: int, *, name: str = "reader", locale: str = "en-US", dms_open: bool = True) -> Person:
        """Someone who may share no guild with the bot."""
        return self.people.setdefault(user_id, Person(id=user_id, name=name, locale=locale, dms_open=dms_open))

    def guild(
        self,
        guild_id: int,
        *,
        name: str = "A guild",
        locale: str = "en-US",
        owner_id: int = 1,
        here: bool = True,
        bot: Permission = Permission.NONE,
    ) -> Guild:
        """A guild, with the bot in it unless not `here`; `bot` is what the bot may beyond everybody."""
        made = Guild(id=guild_id, name=name, locale=locale, owner_id=owner_id, here=here, bot=bot)
        if bot:
            made.roles[self.id] = snowflake()
        self.guilds[guild_id] = made
        if here:
            self._tell("GUILD_CREATE", self.guild_json(made), made)
        return made

    def member(
        self,
        guild: Guild | int,
        user_id: int,
        *,
        permissions: Permission = Permission.NONE,
        name: str = "reader",
        locale: str = "en-US",
    ) -> Person:
        """A person in a guild, with `permissions` beyond everybody's; called again it changes those."""
        place = self.in_guild(guild)
        someone = self.person(user_id, name=name, locale=locale)
        place.members[user_id] = permissions
        if permissions:
            place.roles.setdefault(user_id, snowflake())
        else:
            place.roles.pop(user_id, None)
        return someone

    def text(self, channel_id: int, guild: Guild | int, *, name: str = "general") -> Channel:
        return self._room(channel_id, guild, ChannelKind.TEXT, name)

    def announcement(self, channel_id: int, guild: Guild | int, *, name: str = "news") -> Channel:
        return self._room(channel_id, guild, ChannelKind.ANNOUNCEMENT, name)

    def forum(
        self,
        channel_id: int,
        guild: Guild | int,
        *,
        name: str = "forum",
        tags: Sequence[str] = (),
        require_tag: bool = False,
    ) -> Channel:
        """A forum whose posts can bear `tags`."""
        every = [Tag(id=snowflake(), name=tag) for tag in tags]
        return self._room(channel_id, guild, ChannelKind.FORUM, name, tags=every, require_tag=require_tag)

    def thread(self, channel_id: int, parent: Where, *, name: str = "a thread") -> Channel:
        """A public thread of a text or announcement channel, or a post somebody else wrote in a forum."""
        return self.keep_thread(Channel(id=channel_id, kind=ChannelKind.THREAD, name=name, parent=self.at(parent)))

    def dm(self, user: Who) -> Channel:
        """The direct messages of a person; opened when there are none yet."""
        someone = self.who(user)
        for channel in self.channels.values():
            if channel.person is someone:
                return channel
        opened = Channel(id=snowflake(), kind=ChannelKind.DM, person=someone)
        self.channels[opened.id] = opened
        return opened

    def keep_thread(self, thread: Channel) -> Channel:
        assert thread.parent
        thread.guild = thread.parent.guild
        if thread.parent.kind is ChannelKind.ANNOUNCEMENT:
            thread.kind = ChannelKind.ANNOUNCEMENT_THREAD
        self.channels[thread.id] = thread
        self._tell("THREAD_CREATE", {**thread.json(self.id), "newly_created": True}, thread.guild)
        return thread

    def _room(
        self,
        channel_id: int,
        guild: Guild | int,
        kind: ChannelKind,
        name: str,
        *,
        tags: Sequence[Tag] = (),
        require_tag: bool = False,
    ) -> Channel:
        place = self.in_guild(guild)
        made = Channel(id=channel_id, kind=kind, name=name, guild=place, tags=list(tags), require_tag=require_tag)
        self.channels[channel_id] = made
        if place.here:
            self._tell("CHANNEL_CREATE", made.json(self.id), place)
        return made

    # ------------------------------------------------------------------ who and what is meant

    def who(self, user: Who) -> Person:
        return user if isinstance(user, Person) else self.people[user]

    def at(self, channel: Where) -> Channel:
        return channel if isinstance(channel, Channel) else self.channels[channel]

    def in_guild(self, guild: Guild | int) -> Guild:
        return guild if isinstance(guild, Guild) else self.guilds[guild]

    def find(self, channel_id: str) -> Channel:
        """Return a channel the bot names. Raises Refused."""
        found = self.channels.get(_number(channel_id))
        if found is None:
            raise unknown("Channel")
        return found

    def find_guild(self, guild_id: str) -> Guild:
        """Return a guild the bot names and is in. Raises Refused."""
        found = self.guilds.get(_number(guild_id))
        if found is None or not found.here:
            raise unknown("Guild")
        return found

    def find_person(self, user_id: str) -> Person:
        """Return a person the bot names. Raises Refused."""
        found = self.people.get(_number(user_id))
        if found is None:
            raise unknown("User")
        return found

    def rooms(self, guild: Guild) -> Iterator[Channel]:
        return (one for one in self.channels.values() if one.guild is guild and not one.deleted)

    @property
    def messages(self) -> list[Message]:
        """Every message the bot wrote for all to see, channel by channel."""
        return [message for channel in self.channels.values() for message in channel.messages]

    # ------------------------------------------------------------------ how Discord shows it

    def guild_json(self, guild: Guild) -> Json:
        """A guild as GUILD_CREATE tells it: with channels, threads, and of the members only the bot."""
        every = list(self.rooms(guild))
        me = guild.member_json(self.me)
        more: Json = {"joined_at": me["joined_at"], "large": False, "member_count": len(guild.members) + 1}
        more |= {"members": [me], "presences": [], "voice_states": [], "stage_instances": []}
        more |= {"guild_scheduled_events": [], "soundboard_sounds": []}
        more["channels"] = [one.json(self.id) for one in every if not one.is_thread]
        more["threads"] = [one.json(self.id) for one in every if one.is_thread]
        return {**guild.json(self.id), **more}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
