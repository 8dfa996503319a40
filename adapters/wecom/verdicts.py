"""What a robot's answer means for a delivery. WeCom's HTTP status is 200 whatever happened: `errcode` says it."""

import json
import re

from adapters.foreign import legible, wait_said
from bot.errors import ChatGone, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown

TOO_OFTEN = 60.0
"""How long to leave a robot alone that has spoken too often, in seconds: its limit is by the minute."""
AT_ONCE = 2.0
"""How long to wait where calls came at the same time, in seconds."""
_OK = 0
_TOO_MANY_REQUESTS = 429
_FREQUENCY = 45009
_CONCURRENCY = 45033
_GONE = frozenset({93000, 93004, 93008})
_CONTENT = range(40000, 46000)
"""Parameters, media types and sizes: what we sent was wrong."""
_TRAILER = re.compile(r"[,.]?\s*(?:hint:|from ip:|more info at|invalid Request Parameter).*", re.DOTALL | re.IGNORECASE)
"""What differs from call to call."""


def judge(status: int, body: bytes, key: str, *, retry_after: str | None = None) -> None:
    """Return when the message is there. Raises the DeliveryError that the answer means, its text without `key`.

    `retry_after` is the header of that name.
    """
    answer = _answer(body)
    code = answer.get("errcode")
    if not isinstance(code, int):
        raise _foreign(status, retry_after)
    if code != _OK:
        message = _TRAILER.sub("", legible(str(answer.get("errmsg", "")))).strip()
        raise _refusal(code, f"{code} {message}".replace(key, "<key>").strip())


def _answer(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _foreign(status: int, retry_after: str | None) -> DeliveryError:
    """Return what an answer means that is not WeCom's: nobody knows, unless it was refused for coming too often."""
    if status == _TOO_MANY_REQUESTS:
        wait = wait_said(retry_after)
        return RateLimited("what stands before WeCom refuses more calls for now", retry_after=wait, scope="unknown")
    return Unknown(f"the answer (HTTP {status}) is not WeCom's; is there a proxy in between?")


def _refusal(code: int, reason: str) -> DeliveryError:
    if code == _FREQUENCY:
        return RateLimited(reason, retry_after=TOO_OFTEN, scope="chat")
    if code == _CONCURRENCY:
        return RateLimited(reason, retry_after=AT_ONCE, scope="chat")
    if code in _GONE:
        return ChatGone(reason)
    return Rejected(reason) if code in _CONTENT else NotDelivered(reason)
