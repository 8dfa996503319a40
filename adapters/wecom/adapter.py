"""The adapter: messages as calls of a robot's webhook. The key is in the URL, so no URL leaves this file."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import aiohttp
from yarl import URL

from adapters.wecom.dialect import WecomDialect, numbered
from adapters.wecom.verdicts import judge
from bot.contract import Dialect, Listener, MenuEntry, Pace
from bot.errors import ChatGone, DeliveryError, NotDelivered, Rejected, Unknown
from bot.models import Actor, Card, Chat, Command, Part, Receipt

_PACE = Pace(per_second=None, per_group_minute=20)
"""WeCom's own figure, for each robot (documentation of the robots); nothing limits all of them together."""
_PATH = "cgi-bin/webhook/send"
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
MarkdownKind = Literal["markdown", "markdown_v2"]
_JSON = {"Content-Type": "application/json"}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class WecomAdapter:
    """All robots; a chat's credential is its robot's key. Times in seconds; connections open at first use.

    A robot only speaks: it hears nothing, and what it said can't be changed. It has no idempotency key either.
    """

    def __init__(
        self,
        *,
        api_url: str,
        markdown: MarkdownKind = "markdown",
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
    ) -> None:
        self.dialect: Dialect = WecomDialect()
        self.pace = _PACE
        self._url = URL(f"{api_url.rstrip('/')}/{_PATH}")
        self._markdown: MarkdownKind = markdown
        # `connect` covers the wait for a free connection too: whatever it cuts off was never sent.
        self._timeout = aiohttp.ClientTimeout(total=connect_timeout + read_timeout, connect=connect_timeout)
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def identify(self) -> str:
        """Return what the account is called, having asked whether WeCom can be reached at all.

        There is no account, so nobody's key is used, and being refused is the answer that is hoped for.
        """
        with suppress(ChatGone, Rejected):
            await self._post("none", {"msgtype": "text"})
        return "group robots"

    async def listen(self, listener: Listener) -> None:  # noqa: ARG002
        """Wait until cancelled: robots hear nothing."""
        await asyncio.Event().wait()

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:  # noqa: ARG002
        """Send the answer to the chat of `command`; no reader can give one there."""
        for part in parts:
            await self.send(command.chat, part, nonce="")

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:  # noqa: ARG002
        """Return False: nobody in the group can be known to a robot."""
        return False

    async def find_chat(self, name: str) -> Chat:  # noqa: ARG002
        """Raise ChatGone: a group is reached by its robot's key alone."""
        raise ChatGone("a WeCom group is found by its robot's key alone: digestbot subs add wecom --key -")

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Do nothing: there is no menu."""

    async def send(
        self,
        chat: Chat,
        part: Part,
        *,
        nonce: str,  # noqa: ARG002 - no idempotency here
        silent: bool = False,  # noqa: ARG002 - a robot can't choose
    ) -> Receipt:
        """Have the chat's robot say one message, which has no id."""
        if chat.credential is None:
            raise ChatGone("the robot's key is missing")
        await self._post(chat.credential.get_secret_value(), said(part, self._markdown))
        return Receipt(message_id=None)

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:  # noqa: ARG002
        """Raise Rejected: what a robot said stays."""
        raise Rejected("WeCom can't change a robot's message")

    async def delete(self, chat: Chat, message_id: str) -> None:  # noqa: ARG002
        """Raise Rejected: what a robot said stays."""
        raise Rejected("WeCom can't delete a robot's message")

    async def close(self) -> None:
        """Release the connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _post(self, key: str, body: dict[str, object]) -> None:
        failure: DeliveryError
        try:
            response = await self._opened().post(
                self._url.with_query(key=key),
                data=_encode(body).encode("utf-8", "replace"),
                headers=_JSON,
                timeout=self._timeout,
                allow_redirects=False,
            )
            answer = await response.read()  # which gives the connection back, or closes it
        except _NOT_SENT as error:
            failure = NotDelivered(f"no connection to WeCom ({type(error).__name__})")
        except TimeoutError:
            failure = Unknown("WeCom did not answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = Unknown(f"the connection to WeCom broke ({type(error).__name__})")
        else:
            judge(response.status, answer, key, retry_after=response.headers.get("Retry-After"))
            return
        # Raised out here, so that the aiohttp error, whose text may hold the URL, is not its context.
        raise failure

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), headers={"Accept-Encoding": "identity"}
            )
        return self._session


def said(part: Part, markdown: MarkdownKind) -> dict[str, object]:
    """Return what a robot is told to say for `part`."""
    if part.cards:
        return {"msgtype": "news", "news": {"articles": [_article(card) for card in part.cards]}}
    if part.mention:
        return {"msgtype": "text", "text": {"content": part.markup, "mentioned_list": list(part.mention)}}
    content = numbered(part.markup) if markdown == "markdown_v2" else part.markup
    return {"msgtype": markdown, markdown: {"content": content}}


def _article(card: Card) -> dict[str, str]:
    return {"title": card.title, "description": card.description, "url": card.url}
