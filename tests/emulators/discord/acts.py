"""What people do: call commands, press buttons, choose, fill in forms, add and remove."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from tests.emulators.discord.answers import Answers
from tests.emulators.discord.commands import Commands
from tests.emulators.discord.gateway import Gateway
from tests.emulators.discord.interaction import Answer, Interaction, Kind
from tests.emulators.discord.message import BUTTON, Message
from tests.emulators.discord.modals import submitted
from tests.emulators.discord.options import fill, nest, reach
from tests.emulators.discord.places import Channel, Guild, Permission, Person, snowflake
from tests.emulators.discord.refusal import Json
from tests.emulators.discord.world import Where, Who, World

_ATTACHMENT_BYTES = 10 * 1024 * 1024


class Acts:
    """Turns acts into events for the bot. What nobody could do raises LookupError."""

    def __init__(self, world: World, gateway: Gateway, commands: Commands, answers: Answers) -> None:
        self._world, self._gateway, self._commands, self._answers = world, gateway, commands, answers

    def runs(
        self, user: Who, name: str, where: Where | None, options: Mapping[str, Any], *, uninvited: bool
    ) -> Interaction:
        """`uninvited` calls a command that is hidden from this member."""
        person, channel = self._stands(user, where)
        first, *path = name.removeprefix("/").split()
        command = self._commands.find(first, person.locale)
        if not uninvited:
            self._check_offered(command, person, channel)
        inner = reach(command, path, person.locale)
        filled, resolved = fill(self._world, (inner or [command])[-1], options, person.locale)
        content = {"id": command["id"], "name": command["name"], "type": 1, "options": nest(inner, filled)}
        if resolved:
            content["resolved"] = resolved
        return self._asks(Kind.COMMAND, f"/{name.removeprefix('/')}", person, channel, content)

    def types(
        self, user: Who, name: str, where: Where | None, option: str, typed: str, options: Mapping[str, Any]
    ) -> Interaction:
        person, channel = self._stands(user, where)
        first, *path = name.removeprefix("/").split()
        command = self._commands.find(first, person.locale)
        self._check_offered(command, person, channel)
        inner = reach(command, path, person.locale)
        given = {**options, option: typed}
        filled, _ = fill(self._world, (inner or [command])[-1], given, person.locale, typing=option)
        content = {"id": command["id"], "name": command["name"], "type": 1, "options": nest(inner, filled)}
        return self._asks(Kind.AUTOCOMPLETE, f"/{first} {option}:", person, channel, content)

    def presses(self, user: Who, message: Message, named: str) -> Interaction:
        button = message.button(named)
        content = {"custom_id": button["custom_id"], "component_type": BUTTON}
        return self._on_message(user, message, content, f"button {named!r}")

    def chooses(self, user: Who, message: Message, custom_id: str, values: Sequence[str]) -> Interaction:
        menu = message.select(custom_id)
        by_label = {option["label"]: option["value"] for option in menu.get("options") or []}
        chosen = [by_label.get(value, value) for value in values]
        if menu.get("disabled") or set(chosen) - set(by_label.values()):
            raise LookupError(f"the menu offers {list(by_label)}")
        if not menu.get("min_values", 1) <= len(chosen) <= menu.get("max_values", 1):
            raise LookupError(f"the menu does not take {len(chosen)} choices")
        content = {"custom_id": menu["custom_id"], "component_type": menu["type"], "values": chosen}
        return self._on_message(user, message, content, f"menu {menu['custom_id']!r}")

    def submits(self, user: Who, form: Interaction | str, given: Mapping[str, Any]) -> Interaction:
        person = self._world.who(user)
        opened = form if isinstance(form, Interaction) else self._opened(person, form)
        closed = any(one.form is opened and one.acknowledged_at is not None for one in self._answers.asked)
        if opened.type is not Answer.MODAL or opened.person is not person or closed:
            raise LookupError("no form is open for them")
        content = {"custom_id": opened.data["custom_id"], "components": submitted(opened.data, given)}
        name = f"form {opened.data['title']!r}"
        return self._asks(Kind.MODAL, name, person, opened.channel, content, source=opened.source, form=opened)

    def adds_bot(self, guild: Guild) -> None:
        guild.here = True
        self._gateway.tell("GUILD_CREATE", self._world.guild_json(guild), guild)

    def kicks_bot(self, guild: Guild) -> None:
        guild.here = False
        self._gateway.tell("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def outage(self, guild: Guild, *, over: bool) -> None:
        if over:
            self._gateway.tell("GUILD_CREATE", {**self._world.guild_json(guild), "unavailable": False}, guild)
        else:
            self._gateway.tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)

    def deletes(self, channel: Channel) -> None:
        """Delete a channel with its threads."""
        gone = [one for one in self._world.channels.values() if channel in (one, one.parent)]
        for one in gone:
            one.deleted = True
            for message in one.messages:
                message.deleted = True
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self._gateway.tell(event, channel.json(self._world.id), channel.guild)

    def denies(self, channel: Channel, denied: Permission) -> None:
        channel.denied = denied
        self._gateway.tell("CHANNEL_UPDATE", channel.json(self._world.id), channel.guild)

    def allows_everyone(self, guild: Guild, allowed: Permission) -> None:
        guild.everyone = allowed
        self._tell_role("GUILD_ROLE_UPDATE", guild, guild.id)

    def gives_role(self, guild: Guild, allowed: Permission) -> None:
        """Give the bot a role that allows so much, or change the one it has; one that allows nothing is taken away."""
        had, guild.bot = self._world.id in guild.roles, allowed
        if not allowed:
            guild.roles.pop(self._world.id, None)
        elif had:
            self._tell_role("GUILD_ROLE_UPDATE", guild, guild.roles[self._world.id])
            return
        else:
            guild.roles[self._world.id] = snowflake()
            self._tell_role("GUILD_ROLE_CREATE", guild, guild.roles[self._world.id])
        member = {**guild.member_json(self._world.me), "guild_id": str(guild.id)}
        self._gateway.tell("GUILD_MEMBER_UPDATE", member, guild)

    def _tell_role(self, event: str, guild: Guild, role_id: int) -> None:
        (role,) = [role for role in guild.role_jsons(self._world.id) if role["id"] == str(role_id)]
        self._gateway.tell(event, {"guild_id": str(guild.id), "role": role}, guild)

    # ------------------------------------------------------------------ how a question looks

    def _on_message(self, user: Who, message: Message, content: Json, name: str) -> Interaction:
        channel = self._world.channels[message.channel_id]
        person, _ = self._stands(user, channel)
        if message.deleted:
            raise LookupError("the message is deleted")
        if message.ephemeral and (message.answers or {}).get("user", {}).get("id") != str(person.id):
            raise LookupError("only who asked sees this message")
        return self._asks(Kind.COMPONENT, name, person, channel, content, source=message)

    def _asks(
        self,
        kind: Kind,
        name: str,
        person: Person,
        channel: Channel,
        content: Json,
        *,
        source: Message | None = None,
        form: Interaction | None = None,
    ) -> Interaction:
        asked = Interaction(
            id=snowflake(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            name=name,
            person=person,
            channel=channel,
            source=source,
            form=form,
        )
        self._answers.ask(asked, heard=self._gateway.connected(channel.guild))
        told = self._gateway.tell("INTERACTION_CREATE", self._payload(asked, content), channel.guild)
        if not told:
            raise LookupError("the bot has never connected")
        return asked

    def _payload(self, asked: Interaction, content: Json) -> Json:
        channel, guild = asked.channel, asked.channel.guild
        allowed = guild.permissions(asked.person.id) if guild else int(Permission.NONE)
        shown: Json = {"id": str(asked.id), "token": asked.token, "type": int(asked.kind), "version": 1}
        shown |= {"application_id": str(self._world.id), "data": content, "locale": asked.person.locale}
        shown |= {"channel_id": str(channel.id), "entitlements": [], "attachment_size_limit": _ATTACHMENT_BYTES}
        shown |= {"channel": {**channel.json(self._world.id), "permissions": str(allowed)}}
        shown |= {"app_permissions": str(channel.bot_permissions()), "context": 0 if guild else 1}
        if asked.source is not None:
            shown["message"] = asked.source.json(self._world.me)
        if guild is None:
            return {**shown, "user": asked.person.json(), "authorizing_integration_owners": {"0": "0"}}
        member = {**guild.member_json(asked.person.json()), "permissions": str(allowed)}
        place = {"id": str(guild.id), "locale": guild.locale, "features": []}
        owners = {"0": str(guild.id)}
        shown |= {"guild_id": str(guild.id), "guild": place, "guild_locale": guild.locale, "member": member}
        return {**shown, "authorizing_integration_owners": owners}

    def _stands(self, user: Who, where: Where | None) -> tuple[Person, Channel]:
        """Who acts, and where: in their direct messages when no channel is named."""
        person = self._world.who(user)
        channel = self._world.dm(person) if where is None else self._world.at(where)
        guild = channel.guild
        if channel.deleted or (guild and not guild.here):
            raise LookupError("there is no such channel any more, or the bot is not in that guild")
        if guild and person.id not in guild.members and person.id != guild.owner_id:
            raise LookupError(f"{person.id} is not in guild {guild.id}")
        if channel.person not in (None, person):
            raise LookupError("these direct messages are somebody else's")
        return person, channel

    def _check_offered(self, command: Json, person: Person, channel: Channel) -> None:
        guild = channel.guild
        contexts = command.get("contexts")
        if guild is None:
            if command.get("dm_permission") is False or (contexts is not None and 1 not in contexts):
                raise LookupError(f"/{command['name']} is not offered in direct messages")
            return
        if contexts is not None and 0 not in contexts:
            raise LookupError(f"/{command['name']} is not offered in guilds")
        needed = int(command.get("default_member_permissions") or 0)
        if needed & ~guild.permissions(person.id) or command.get("default_member_permissions") == "0":
            raise LookupError(f"/{command['name']} is hidden from {person.id}")

    def _opened(self, person: Person, custom_id: str) -> Interaction:
        for asked in reversed(self._answers.asked):
            if asked.type is Answer.MODAL and asked.person is person and asked.data["custom_id"] == custom_id:
                return asked
        raise LookupError(f"no form {custom_id!r} was opened for {person.id}")
