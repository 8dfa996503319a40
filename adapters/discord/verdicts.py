"""What an error of Discord's API means for a delivery."""

from collections.abc import Mapping
from typing import Any

from adapters.foreign import legible
from bot.errors import ChatGone, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown, Vanished

TOO_MANY = 429
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
SERVER_ERRORS = 500

_GONE = {
    10004: "the server is gone",
    10015: "the webhook is gone",
    50001: "the bot may not see the channel; give it View Channel there",
    50007: "this person takes no direct messages from the bot",
    50013: "a permission is missing; give the bot Send Messages, Embed Links and, in forums and threads, Create Posts "
    "and Send Messages in Threads",
    50024: "messages can't be sent in a channel of this kind",
    50027: "the question is too old to be answered",
    50278: "this person shares no server with the bot any more",
    160005: "the thread is locked",
}
_LOCKED = 160005
_FOR_NOW = {
    10062: "the question is too old to be answered",
    40002: "the bot's account has to be verified",
    40004: "Discord takes no messages for the time being",
    40006: "Discord has switched this off for the time being",
    130000: "Discord has too much to do",
    160006: "the server has too many active threads",
}
"""What is no fault of the chat's."""
_SLOW = frozenset({20016, 20022, 20028, 20029, 40003, 40062})
_BLOCKED = 40333
"""Cloudflare, before Discord's API, refuses this address."""
_SLOW_WAIT = 60.0


class Answered(Rejected):
    """The interaction has had its first answer."""


class WrongKind(Rejected):
    """The channel takes no messages, as forums don't: they take posts."""


class Archived(Rejected):
    """The thread is archived; what stands in it can't be changed until it is taken out of the archive."""


class Shut(Rejected):
    """A forum's post is locked: nothing in it can be changed. The forum itself may be well."""


class Crossposted(Rejected):
    """The message was cross-posted before."""


class TagNeeded(Rejected):
    """The forum takes no post without a tag."""


class NoChannel(ChatGone):
    """There is no channel with that id."""


class Nowhere(ChatGone):
    """Discord finds nothing there, and does not say what it misses."""


class Locked(ChatGone):
    """The thread is locked."""


class TokenRefused(NotDelivered):
    """Discord does not know the token."""


_KINDS: Mapping[int, type[DeliveryError]] = {
    10003: NoChannel,
    10008: Vanished,
    40001: TokenRefused,
    40033: Crossposted,
    40060: Answered,
    40067: TagNeeded,
    50005: Rejected,
    50008: WrongKind,
    50014: TokenRefused,
    50021: Rejected,
    50083: Archived,
}
"""What is refused because of something else than the chat, or what needs an answer of its own; whatever the status."""
_UNSAID: Mapping[int, type[ChatGone]] = {FORBIDDEN: ChatGone, NOT_FOUND: Nowhere}
"""What codes mean that we don't know: whoever asks again each day what is refused for good is blocked by Discord."""


def judge(status: int, said: Mapping[str, Any], *, scope: str = "", wait: float = 1.0) -> DeliveryError:
    """Return what an answer that is no success means. `wait` is what its headers say in seconds."""
    code = int(said.get("code") or 0)
    reason = legible(f"{said.get('message') or 'no reason given'} ({code or status})")
    if status == TOO_MANY or code in _SLOW:
        return _limited(reason, said, scope, wait, slow=code in _SLOW)
    if code == _BLOCKED:
        return RateLimited(f"Discord's border refuses this address: {reason}", retry_after=_SLOW_WAIT, scope="account")
    if status >= SERVER_ERRORS:
        return Unknown(f"Discord answered {status}")
    if status == UNAUTHORIZED and code not in _GONE:
        return TokenRefused("Discord refuses the token")
    return _refusal(status, code, reason, said)


def _refusal(status: int, code: int, reason: str, said: Mapping[str, Any]) -> DeliveryError:
    if code in _GONE:
        kind = Locked if code == _LOCKED else ChatGone
        return kind(f"{_GONE[code]}: {reason}")
    if code in _FOR_NOW:
        return NotDelivered(f"{_FOR_NOW[code]}: {reason}")
    if code in _KINDS:
        return _KINDS[code](reason)
    return _UNSAID.get(status, Rejected)(f"{reason}{_faults(said.get('errors'))}")


def _limited(reason: str, said: Mapping[str, Any], scope: str, wait: float, *, slow: bool) -> RateLimited:
    seconds = said.get("retry_after")
    seconds = float(seconds) if isinstance(seconds, int | float) else _SLOW_WAIT if slow else wait
    whole = scope == "global" or bool(said.get("global"))
    return RateLimited(reason, retry_after=seconds, scope="account" if whole else "chat")


def _faults(errors: object) -> str:
    """Return which fields Discord complains of, as `: embeds.0.description`; never what stands in them."""
    paths: list[str] = []

    def walk(node: object, path: tuple[str, ...]) -> None:
        if not isinstance(node, dict):
            return
        if "_errors" in node:
            paths.append(".".join(path))
        for name, inner in node.items():
            if name != "_errors":
                walk(inner, (*path, str(name)))

    walk(errors, ())
    return legible(f": {', '.join(paths[:5])}") if paths else ""
