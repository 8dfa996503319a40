"""An OpenAI-compatible endpoint on a loopback socket, that answers what it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "sk-SECRET-of-the-model"

Labels = Mapping[int, tuple[str, ...]]


@dataclass
class Endpoint:
    """Answers with what stands next in its script, and with `chips` for every item where nothing does.

    An entry is a status, the content of a message, a whole body, or seconds to keep silent.
    """

    script: deque[int | str | bytes | float | Callable[[], web.Response]] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    def items(self, turn: int = -1) -> list[dict[str, Any]]:
        """Return the items of a question."""
        return list(json.loads(self.asked[turn]["messages"][1]["content"])["items"])

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers["Authorization"])
        match self.script.popleft() if self.script else self._every("chips"):
            case int(status):
                return web.json_response({"error": {"message": f"no: {KEY}", "code": status}}, status=status)
            case float(seconds):
                await asyncio.sleep(seconds)
                return completion(self._every("chips"))
            case bytes(body):
                return web.Response(body=body, content_type="application/json")
            case str(content):
                return completion(content)
            case response:
                return response()

    def _every(self, slug: str) -> str:
        return labels({item["number"]: (slug,) for item in self.items()})


def labels(chosen: Labels) -> str:
    """Write the content of a good answer."""
    return json.dumps({"items": [{"number": number, "categories": slugs} for number, slugs in chosen.items()]})


def completion(content: str | None, *, refusal: str | None = None) -> web.Response:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return web.json_response(body)


@asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    served = Endpoint()
    application = web.Application()
    application.router.add_post("/v1/chat/completions", served.answer)
    server = TestServer(application, host="127.0.0.1")
    await server.start_server()
    served.url = str(server.make_url("/v1"))
    try:
        yield served
    finally:
        await server.close()
