"""How calls and answers look in HTTP."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.emulators.discord.refusal import Flooded, Json, Refused

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call of the bot's: its route's name, the ids in its path, and what it carried. `at` is of time.monotonic()."""

    name: str
    method: str
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    body: Any
    at: float = field(default_factory=time.monotonic)

    @property
    def params(self) -> Json:
        """The body of a call that must carry an object. Raises Refused."""
        if not isinstance(self.body, dict):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        return self.body


async def body_of(request: web.BaseRequest) -> Any:
    """Return what a call carries: JSON, or a form with `payload_json` and files. Raises ValueError."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return json.loads(raw) if raw else {}
    form = await request.post()
    payload = json.loads(str(form.get("payload_json", "{}")))
    files = [(name, part) for name, part in form.items() if isinstance(part, FileField)]
    payload["attachments"] = [
        {
            "id": name.removeprefix("files[").removesuffix("]"),
            "filename": part.filename,
            "size": len(part.file.read()),
            "content_type": part.content_type,
            "url": f"https://cdn.example.com/{part.filename}",
            "proxy_url": f"https://cdn.example.com/{part.filename}",
        }
        for name, part in files
    ]
    return payload


def answer(result: Any, headers: dict[str, str] | None = None) -> web.Response:
    """200 with the result, or 204 without one."""
    if result is None:
        return web.Response(status=204, headers=headers)
    return _json(200, _encode(result), headers)


def refusal(refused: Refused, headers: dict[str, str] | None = None) -> web.Response:
    """The error as Discord says it; a 429 as its proxies do, with `Via`."""
    more = dict(headers or {})
    if isinstance(refused, Flooded):
        more |= {"Via": "1.1 google", "Retry-After": str(int(refused.retry_after) + 1)}
        more |= {"X-RateLimit-Scope": refused.scope, "X-RateLimit-Reset-After": f"{refused.retry_after:.3f}"}
        if refused.scope == "global":
            more["X-RateLimit-Global"] = "true"
    return _json(refused.status, _encode(refused.json()), more)


def _json(status: int, body: str, headers: dict[str, str] | None) -> web.Response:
    """The content type bears no charset: discord.py reads such a body as text."""
    raw = body.encode("utf-8", "surrogatepass")
    return web.Response(status=status, body=raw, content_type="application/json", headers=headers)
