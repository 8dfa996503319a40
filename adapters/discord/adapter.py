"""The adapter: the bot's wishes as calls of Discord's API, its answers as receipts and delivery errors."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING

import structlog

from adapters.discord.answering import PATIENCE, Answering
from adapters.discord.asked import Asked, Kind, command_of, form_wanted, suggest_of
from adapters.discord.dialect import DiscordDialect
from adapters.discord.looks import NEW_MESSAGE, Json, message
from adapters.discord.places import ANNOUNCEMENT, POSTED_IN, chat_from
from adapters.discord.posts import Posts
from adapters.discord.rest import PUBLIC, Rest
from adapters.discord.tree import same, tree
from adapters.discord.verdicts import Archived, Locked, NoChannel, Nowhere, Shut, TokenRefused, WrongKind
from bot.contract import Dialect, Listener, MenuEntry, Pace
from bot.errors import ChatGone, ConfigError, DeliveryError, NotDelivered, Rejected, Unknown, Vanished
from bot.models import Actor, Chat, ChatKind, Command, Part, Receipt

if TYPE_CHECKING:
    from adapters.discord.gateway import Gateway

_PACE = Pace(per_second=45, per_chat_second=1, answers_are_free=True)
"""Discord's 50 requests a second, with room for what goes beside a message; a channel takes 5 in 5 seconds."""
_LAST_WORDS = 5.0
"""Seconds that the answers under way get when listening ends."""

log = structlog.get_logger(__name__)


class DiscordAdapter:
    """One bot account. Times in seconds; connections open at first use, within the running loop.

    With `crosspost` what is pushed to announcement channels goes on to the channels that follow them. An answer that is
    not there after `patience` is put off.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str = PUBLIC,
        crosspost: bool = False,
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        patience: float = PATIENCE,
    ) -> None:
        self.dialect: Dialect = DiscordDialect()
        self.pace = _PACE
        self._token = token
        self._api_url = api_url
        self._crosspost = crosspost
        self._patience = patience
        self._rest = Rest(token, api_url=api_url, connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._posts = Posts(self._rest)
        self._quiet: frozenset[str] = frozenset()
        self._before: dict[tuple[str, str], str] = {}
        self._kinds: dict[str, int] = {}
        self._direct: dict[str, str] = {}
        self._asking: dict[tuple[str, str], bool] = {}
        self._gateway: Gateway | None = None
        self._busy: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    # ------------------------------------------------------------------ listening

    async def identify(self) -> str:
        """Return the bot's name. Raises ConfigError when the token is refused."""
        try:
            me = await self._rest.call("GET", "/users/@me")
        except TokenRefused as error:
            from adapters.discord.gateway import REFUSED  # noqa: PLC0415

            raise ConfigError(REFUSED) from error
        return str(me["username"])

    async def listen(self, listener: Listener) -> None:
        """Report commands and events until cancelled; network failures are waited out.

        Raises ConfigError when the token is refused.
        """
        from adapters.discord import gateway  # noqa: PLC0415 - the library takes half a second that others need not wait

        def make() -> gateway.Gateway:
            self._gateway = gateway.Gateway(lambda asked: self._hear(asked, listener), listener.on_chat_event)
            return self._gateway

        try:
            await gateway.attend(self._token, api_url=self._api_url, make=make)
        finally:
            self._gateway = None
            await self._finish()

    async def _hear(self, asked: Asked, listener: Listener) -> None:
        """Answer one interaction, in time whatever the answer takes."""
        await self._counted(self._answer(asked, listener))

    async def _answer(self, asked: Asked, listener: Listener) -> None:
        quiet = asked.custom_id.startswith(NEW_MESSAGE) or asked.content.get("name") in self._quiet
        answering = Answering(self._rest, asked, quiet=quiet, patience=self._patience)
        try:
            if asked.kind == Kind.TYPING:
                await answering.suggest(await listener.on_suggest(suggest_of(asked)))
            elif wanted := form_wanted(asked):
                await answering.show_form(*wanted)
            else:
                await self._obey(asked, command_of(asked, answering, self._before), listener)
            await answering.close()
        except DeliveryError as error:
            log.warning("no answer to an interaction", kind=type(error).__name__, reason=str(error))

    async def _obey(self, asked: Asked, command: Command, listener: Listener) -> None:
        key = asked.chat.address, asked.actor.address
        self._asking[key] = asked.manages
        try:
            await listener.on_command(command)
        finally:
            self._asking.pop(key, None)

    # ------------------------------------------------------------------ answering

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        """Answer an interaction, in place where it asks for that; to the asker alone if `private`."""
        answering = command.handle
        if not isinstance(answering, Answering):
            raise NotDelivered("nobody is waiting for this answer")
        in_place = command.in_place
        for part in parts:
            await answering.say(part, in_place=in_place, private=private)
            in_place = False

    # ------------------------------------------------------------------ asking

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` may manage the channel `chat`; everyone may their own direct messages."""
        if chat.kind is ChatKind.PRIVATE:
            return True
        known = self._asking.get((chat.address, actor.address))
        if known is not None:
            return known
        if self._gateway is None:
            raise NotDelivered("Discord is not connected")
        return await self._gateway.manages(chat, actor)

    async def find_chat(self, name: str) -> Chat:
        """Return the chat with the id `name`. Raises ChatGone if the bot can't see it."""
        address = name.removeprefix("@")
        if not address.isdecimal():
            raise ChatGone("channels are called by their ids here")
        try:
            return chat_from(await self._rest.call("GET", f"/channels/{address}"))
        except Rejected as error:
            raise ChatGone(str(error)) from error

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Register the slash commands, unless they are registered as they are: Discord counts the changes."""
        self._quiet = frozenset(entry.name for entry in menu if entry.quiet)
        self._before = {(entry.name, option.name): option.before for entry in menu for option in entry.options}
        application = await self._rest.call("GET", "/applications/@me")
        path = f"/applications/{application['id']}/commands"
        wanted = tree(menu)
        if not same(wanted, await self._rest.call("GET", f"{path}?with_localizations=true")):
            await self._rest.call("PUT", path, wanted)

    # ------------------------------------------------------------------ sending

    async def send(self, chat: Chat, part: Part, *, nonce: str, silent: bool = False) -> Receipt:
        """Send one message, as a post or into the day's post where the channel is a forum."""
        said = message(part, silent=silent)
        if self._kinds.get(chat.address) in POSTED_IN:
            return Receipt(message_id=await self._posts.send(chat.address, part, said))
        try:
            sent = await self._write(self._direct.get(chat.address, chat.address), said, nonce)
        except WrongKind as error:
            if await self._kind(chat.address) not in POSTED_IN:
                raise ChatGone(str(error)) from error
            return Receipt(message_id=await self._posts.send(chat.address, part, said))
        except NoChannel:
            if chat.kind is not ChatKind.PRIVATE or chat.address in self._direct:
                raise
            sent = await self._write(await self._open_direct(chat.address), said, nonce)
        if self._crosspost and chat.kind is not ChatKind.PRIVATE:
            self._later(self._publish(chat.address, sent))
        return Receipt(message_id=sent)

    async def _write(self, room: str, message: Json, nonce: str) -> str:
        body = {**message, "nonce": nonce, "enforce_nonce": True}
        said = await self._rest.call("POST", f"/channels/{room}/messages", body, bucket=room)
        if not isinstance(said, dict) or "id" not in said:
            raise Unknown("Discord's answer names no message")
        return str(said["id"])

    async def _open_direct(self, user: str) -> str:
        """Return the channel of somebody's direct messages: an operator is known by their own id."""
        opened = await self._rest.look_up("POST", "/users/@me/channels", {"recipient_id": user})
        self._direct[user] = str(opened["id"])
        return self._direct[user]

    async def _kind(self, address: str) -> int:
        if address not in self._kinds:
            self._kinds[address] = int((await self._rest.look_up("GET", f"/channels/{address}"))["type"])
        return self._kinds[address]

    async def _publish(self, address: str, message_id: str) -> None:
        """Cross-post; what goes wrong is no trouble of the message that stands."""
        try:
            if await self._kind(address) == ANNOUNCEMENT:
                await self._rest.call("POST", f"/channels/{address}/messages/{message_id}/crosspost")
        except DeliveryError as error:
            log.info("not cross-posted", chat=address, reason=str(error))

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:
        """Change a message. One that is gone, or stands in a forum's post that is locked, is Vanished."""
        try:
            await self._at_message(chat, message_id, "PATCH", message(part))
        except Shut as error:
            raise Vanished(str(error)) from error

    async def delete(self, chat: Chat, message_id: str) -> None:
        """Take a message back. One that is not there is a success; one in a forum's locked post may be Rejected."""
        try:
            await self._at_message(chat, message_id, "DELETE", None)
        except Vanished:
            return

    async def _at_message(self, chat: Chat, message_id: str, method: str, body: object) -> None:
        thread, _, number = message_id.rpartition(":")
        room = thread or self._direct.get(chat.address, chat.address)
        path = f"/channels/{room}/messages/{number}"
        try:
            try:
                await self._rest.call(method, path, body, bucket=room)
            except Archived:
                await self._unarchive(room, is_post=bool(thread))
                await self._rest.call(method, path, body, bucket=room)
        except NoChannel as error:
            if not thread:
                raise
            raise Vanished(str(error)) from error
        except Locked as error:
            if not thread:
                raise
            raise Shut(str(error)) from error
        except Nowhere as error:
            raise Rejected(str(error)) from error

    async def _unarchive(self, room: str, *, is_post: bool) -> None:
        """Take a thread out of the archive; who locked a post did not shut the forum."""
        try:
            await self._rest.call("PATCH", f"/channels/{room}", {"archived": False})
        except NoChannel:
            raise
        except ChatGone as error:
            if not is_post:
                raise
            raise Shut(str(error)) from error

    # ------------------------------------------------------------------ ending

    async def close(self) -> None:
        """Let what is under way end, then release the connections."""
        await self._finish()
        await self._rest.close()

    async def _finish(self) -> None:
        others = {task for task in self._busy if task is not asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=_LAST_WORDS)

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _counted(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._busy.add(task)
        try:
            await work
        finally:
            self._busy.discard(task)
