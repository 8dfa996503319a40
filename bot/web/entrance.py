"""The door: where the password is given and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from bot.web.doorkeeper import Doorkeeper, forget, remember
from bot.web.frame import Frame


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """Lets in who knows the password."""

    frame: Frame
    doorkeeper: Doorkeeper

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (
            web.get("/", self._first),
            web.get("/login", self._ask),
            web.post("/login", self._enter),
            web.post("/logout", self._leave),
        )

    async def _first(self, request: web.Request) -> web.Response:
        doors = self.frame.doors_for(request)
        if not doors:
            raise web.HTTPNotFound
        raise web.HTTPSeeOther(doors[0].path)

    async def _ask(self, request: web.Request) -> web.Response:
        return self._form(request, _onward(request.query.get("next", "/")), wrong=False)

    def _form(self, request: web.Request, onward: str, *, wrong: bool) -> web.Response:
        return self.frame.show(request, "login", wrong=wrong, onward=onward, doors=())

    async def _enter(self, request: web.Request) -> web.Response:
        form = await request.post()
        onward = _onward(str(form.get("next", "/")))
        if not self.doorkeeper.access.knows(str(form.get("password", ""))):
            await self.doorkeeper.wrong()
            response = self._form(request, onward, wrong=True)
            response.set_status(web.HTTPForbidden.status_code)
            return response
        response = web.Response(status=web.HTTPSeeOther.status_code, headers={"Location": onward})
        remember(response, request)
        return response

    async def _leave(self, request: web.Request) -> web.Response:
        response = web.Response(status=web.HTTPSeeOther.status_code, headers={"Location": "/login"})
        forget(response, request)
        return response


def _onward(path: str) -> str:
    """Return where to go on: a path of ours, whatever a link says."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() else "/"  # browsers drop a tab: "/<tab>/other.example" leads there
