"""What a robot's answer means for a delivery. The HTTP status is 200 whatever happened: `errcode` says it."""

import json
import re

from bot.errors import ChatGone, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown

TOO_OFTEN = 60.0
"""How long to leave a robot alone that has spoken too often, in seconds: its limit is by the minute."""
AT_ONCE = 2.0
"""How long to wait where calls came at the same time, in seconds."""
_OK = 0
_BUSY = -1
_FREQUENCY = 45009
_CONCURRENCY = 45033
_GONE = frozenset({93000, 93004, 93008})
_CONTENT = range(40000, 46000)
"""Parameters, media types and sizes: what we sent was wrong."""
_TRAILER = re.compile(r"[,.]?\s*(?:hint:|from ip:|more info at|invalid Request Parameter).*", re.DOTALL | re.IGNORECASE)
"""What differs from call to call."""


def judge(status: int, body: bytes, key: str) -> None:
    """Return when the message is there. Raises the DeliveryError that the answer means, its text without `key`."""
    answer = _answer(body)
    if answer is None:
        raise _foreign(status)
    code = answer.get("errcode")
    if not isinstance(code, int):
        raise _foreign(status)
    if code != _OK:
        message = _TRAILER.sub("", str(answer.get("errmsg", ""))).strip()
        raise _refusal(code, f"{code} {message}".replace(key, "<key>").strip())


def _answer(body: bytes) -> dict[str, object] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _foreign(status: int) -> DeliveryError:
    return Unknown(f"the answer (HTTP {status}) is not WeCom's; is there a proxy in between?")


def _refusal(code: int, reason: str) -> DeliveryError:
    if code == _FREQUENCY:
        return RateLimited(reason, retry_after=TOO_OFTEN, scope="chat")
    if code == _CONCURRENCY:
        return RateLimited(reason, retry_after=AT_ONCE, scope="chat")
    if code in _GONE:
        return ChatGone(reason)
    return Rejected(reason) if code in _CONTENT else NotDelivered(reason)
