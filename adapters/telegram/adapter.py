"""The adapter: the bot's wishes as calls of the Bot API, its answers as receipts and delivery errors."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import structlog
from telegram.constants import CallbackQueryLimit, ChatMemberStatus, ParseMode
from telegram.error import TelegramError

from adapters.telegram.api import BotApi, connections_for
from adapters.telegram.dialect import TelegramDialect, text_of
from adapters.telegram.inline import Inline, answer
from adapters.telegram.lanes import Lanes
from adapters.telegram.letters import Letters, said
from adapters.telegram.menu import menu_calls
from adapters.telegram.polling import give_up_if_final, keep_trying, poll
from adapters.telegram.transport import Body
from adapters.telegram.updates import Handle, chat_from, translate
from adapters.telegram.verdicts import Unchanged, verdict
from adapters.telegram.webhook import Webhook, receive
from bot.contract import Dialect, Listener, MenuEntry, Pace
from bot.errors import ChatGone, DeliveryError, NotDelivered, Rejected, Unknown, Vanished
from bot.models import Actor, Chat, ChatKind, Command, Part, Receipt

_PACE = Pace(per_second=30, per_chat_second=1, per_group_minute=20)
"""Telegram's own figures (Bots FAQ); channels count as groups."""
_PAID_PACE = replace(_PACE, per_second=1000)
"""What `allow_paid_broadcast` allows, 0.1 Stars a message (Bot API, sendMessage)."""
_MANAGERS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_LAST_WORDS = 5.0
"""Seconds that the answers under way get when listening ends."""

_Post = Callable[[str, Body], Awaitable[Any]]
log = structlog.get_logger(__name__)


class TelegramAdapter:
    """One bot account. Times in seconds; connections open at first use, within the running loop.

    Telegram has no idempotency key: the nonce of a send goes nowhere. `poll_timeout` is how long Telegram holds a
    poll that has nothing to tell (50 at most, by the source of the Bot API server).
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        webhook: Webhook | None = None,
        paid: bool = False,
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        poll_timeout: int = 30,
    ) -> None:
        self.dialect: Dialect = TelegramDialect()
        self.pace = _PAID_PACE if paid else _PACE
        self._replies = Letters()
        self._pushes = Letters(allow_paid_broadcast=True) if paid else self._replies
        self._api = BotApi(
            token,
            api_url=api_url,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            pushes=connections_for(self.pace),
        )
        self._webhook = webhook
        self._poll_timeout = poll_timeout
        self._unanswered: set[str] = set()
        self._name = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    # ------------------------------------------------------------------ listening

    async def identify(self) -> str:
        """Return the bot's @name. Raises ConfigError when the token is refused."""
        try:
            me = await self._api.call("getMe")
        except TelegramError as error:
            give_up_if_final(error)
            raise verdict(error, None) from error
        return f"@{self._named(me)}"

    async def listen(self, listener: Listener) -> None:
        """Report commands and events until cancelled; network failures are waited out.

        Raises ConfigError when the token is refused, another instance listens with it, or the webhook can't be set.
        """
        name = self._named(await keep_trying(lambda: self._api.call("getMe")))
        lanes = Lanes()

        def take(update: dict[str, Any]) -> None:
            self._take(update, name, lanes, listener)

        try:
            if self._webhook is None:
                await poll(self._api, take, wait=self._poll_timeout)
            else:
                await receive(self._api, self._webhook, take)
        finally:
            await lanes.drain(seconds=_LAST_WORDS)

    def _take(self, raw: dict[str, Any], username: str, lanes: Lanes, listener: Listener) -> None:
        try:
            event = translate(raw, username)
            press = raw["callback_query"]["id"] if "callback_query" in raw else ""
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("an update could not be read; passed over", error=repr(error))
            return
        if press:
            self._unanswered.add(press)
        if isinstance(event, Command):
            lanes.add(event.chat.address, lambda: self._obey(event, listener))
        elif isinstance(event, Inline):
            lanes.add(event.query, lambda: self._offer(event, listener))
        elif event is not None:
            lanes.add(event.chat.address, lambda: listener.on_chat_event(event))
        elif press:
            lanes.add(press, lambda: self._acknowledge(press))

    async def _obey(self, command: Command, listener: Listener) -> None:
        try:
            await listener.on_command(command)
        finally:
            if isinstance(command.handle, Handle) and command.handle.press in self._unanswered:
                await self._acknowledge(command.handle.press)

    async def _offer(self, inline: Inline, listener: Listener) -> None:
        """Answer in inline mode; whoever types on has asked again before a late answer is missed."""
        found = await listener.on_suggest(inline.suggest)
        try:
            await self._ask(None, "answerInlineQuery", **answer(inline.query, found))
        except DeliveryError as error:
            log.info("a question in inline mode could not be answered", reason=str(error))

    # ------------------------------------------------------------------ answering

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        """Answer `command` in its chat and topic, or in place; `private` is a short alert where a button was pressed.

        Telegram shows nobody's answer to them alone in a group: a typed command is answered for all to see. In a
        channel what is private is told in an alert or not at all.
        """
        handle = command.handle
        if not isinstance(handle, Handle) or not (handle.press in self._unanswered or command.in_place):
            await self._send_all(command.chat, parts)
        elif not (private and (await self._alert(handle.press, parts) or command.chat.kind is ChatKind.CHANNEL)):
            acknowledged = asyncio.create_task(self._acknowledge(handle.press))
            try:
                in_place = command.in_place and not private and parts
                rest = parts[1:] if in_place and await self._changed(command.chat, handle, parts[0]) else parts
                await self._send_all(command.chat, rest)
            finally:
                await acknowledged

    async def _send_all(self, chat: Chat, parts: Sequence[Part]) -> None:
        for part in parts:
            await self._send(chat, self._replies.to(chat, part), self._api.post)

    async def _changed(self, chat: Chat, handle: Handle, part: Part) -> bool:
        try:
            await self._edit(chat, str(handle.message_id), part, self._api.post)
        except Vanished:
            return False
        return True

    async def _alert(self, press: str, parts: Sequence[Part]) -> bool:
        """Show `parts` as an alert; False where they don't fit one, or the press is too old for one."""
        text = text_of("\n".join(part.markup for part in parts))
        if not text or len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
            return False
        return await self._acknowledge(press, text=text, show_alert=True)

    async def _acknowledge(self, press: str, **alert: object) -> bool:
        self._unanswered.discard(press)
        try:
            await self._ask(None, "answerCallbackQuery", callback_query_id=press, **alert)
        except DeliveryError as error:
            log.info("a press could not be acknowledged", reason=str(error))
            return False
        return True

    # ------------------------------------------------------------------ asking

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` administers `chat`; whoever writes as the chat itself does, and everyone their own."""
        if chat.kind is ChatKind.PRIVATE or actor.address == chat.address:
            return True
        try:
            member = await self._ask(chat, "getChatMember", chat_id=chat.address, user_id=actor.address)
        except (Rejected, ChatGone):
            return False
        return member["status"] in _MANAGERS

    async def find_chat(self, name: str) -> Chat:
        """Return the chat called `name` (`@channel` or an id). Raises ChatGone if the bot can't see it."""
        try:
            found = await self._ask(None, "getChat", chat_id=name)
        except Rejected as error:
            raise ChatGone(str(error)) from error
        return chat_from(found)

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Set the menu of commands for every scope, in Chinese and in English."""
        for parameters in menu_calls(menu):
            await self._ask(None, "setMyCommands", **parameters)

    # ------------------------------------------------------------------ sending

    async def send(
        self,
        chat: Chat,
        part: Part,
        *,
        nonce: str,  # noqa: ARG002 - no idempotency here
        silent: bool = False,
    ) -> Receipt:
        """Send one message, paid for where that is set; a silent one arrives without a sound."""
        body = self._pushes.to(chat, part, silent=silent, bot=await self._linked(chat, part))
        return await self._send(chat, body, self._api.push)

    async def _send(self, chat: Chat, body: Body, post: _Post) -> Receipt:
        sent = await _judged(chat, post("sendMessage", body))
        if not isinstance(sent, dict) or "message_id" not in sent:
            raise Unknown("Telegram's answer names no message")
        return Receipt(message_id=str(sent["message_id"]))

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:
        """Change a message. One that is already so is a success; one that is gone, or too old, is Vanished."""
        await self._edit(chat, message_id, part, self._api.push)

    async def _edit(self, chat: Chat, message_id: str, part: Part, post: _Post) -> None:
        message = {"chat_id": chat.address, "message_id": int(message_id), "parse_mode": ParseMode.HTML}
        text = said(part, bot=await self._linked(chat, part))
        with contextlib.suppress(Unchanged):
            await _judged(chat, post("editMessageText", Body.of({**message, **text})))

    async def _linked(self, chat: Chat, part: Part) -> str:
        """Return the bot's name where buttons are to be links to it: in a channel nobody who presses is answered."""
        if chat.kind is not ChatKind.CHANNEL or not part.keys:
            return ""
        if not self._name:
            try:
                self._named(await self._ask(None, "getMe"))
            except Unknown as error:
                raise NotDelivered(f"Telegram did not say what the bot is called: {error}") from error
        return self._name

    def _named(self, me: object) -> str:
        """Return the bot's name, and remember it."""
        if not isinstance(me, dict) or "username" not in me:
            raise Unknown("Telegram's answer names no account")
        self._name = str(me["username"])
        return self._name

    async def delete(self, chat: Chat, message_id: str) -> None:
        """Take a message back. One that is not there is a success; one too old for it is Rejected."""
        body = Body.of({"chat_id": chat.address, "message_id": int(message_id)})
        with contextlib.suppress(Vanished):
            await _judged(chat, self._api.push("deleteMessage", body))

    async def close(self) -> None:
        """Release the connections."""
        await self._api.close()

    async def _ask(self, chat: Chat | None, method: str, /, **parameters: object) -> Any:  # noqa: ANN401
        return await _judged(chat, self._api.call(method, **parameters))


async def _judged(chat: Chat | None, call: Awaitable[Any]) -> Any:  # noqa: ANN401
    try:
        return await call
    except TelegramError as error:
        raise verdict(error, chat) from error
