"""How calls and answers look in HTTP."""

import json
from typing import Any

from aiohttp import web

from tests.emulators.telegram.places import Json
from tests.emulators.telegram.refusal import Refused

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PLAIN = frozenset({"text", "chat_id", "parse_mode", "url", "secret_token", "callback_query_id", "description"})


async def parameters(request: web.BaseRequest) -> Json:
    """The parameters of a call, from its query, form or JSON body. Raises ValueError."""
    params: Json = dict(request.query) if "?" in request.raw_path else {}
    if request.content_type == "application/json":
        body = await request.read()
        given = json.loads(body) if body else {}
        if not isinstance(given, dict):
            raise ValueError
        params |= given
    elif request.can_read_body:
        params |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    else:
        await request.read()
    return {name: _value(name, value) for name, value in params.items()}


def _value(name: str, value: Any) -> Any:
    """What a form says in letters: objects and lists as JSON, booleans as words."""
    if type(value) is not str or name in _PLAIN:
        return value
    if value[:1] in "[{" and value:
        return json.loads(value)
    return {"true": True, "True": True, "false": False, "False": False}.get(value, value)


def refusal(refused: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return _json(refused.code, _encode(body))


def success(result: Any) -> web.Response:
    return _json(200, f'{{"ok":true,"result":{_encode(result)}}}')


def _json(status: int, body: str) -> web.Response:
    return web.Response(status=status, body=body.encode("utf-8", "surrogatepass"), content_type="application/json")
