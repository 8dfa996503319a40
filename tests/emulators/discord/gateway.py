"""The gateway: sessions over websockets, heartbeats, events, and resuming after a drop."""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.emulators.discord.places import Guild
from tests.emulators.discord.refusal import Json
from tests.emulators.discord.world import World

PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
"""The intents for members, presences and message content."""
PAYLOAD_BYTES = 4096
_GUILDS = 1 << 0
_OPEN_EVENTS = ("READY", "RESUMED", "INTERACTION_CREATE")
_REPLAYED = 5000
Outbox = asyncio.Queue[str | int]


@dataclass(kw_only=True, slots=True, eq=False)
class Session:
    """What one shard of the bot has been told; `outbox` is there while it is connected."""

    id: str
    shard: tuple[int, int]
    intents: int
    outbox: Outbox | None
    seq: int = 0
    told: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_REPLAYED))

    def minds(self, event: str, guild: Guild | None) -> bool:
        number, count = self.shard
        mine = ((guild.id >> 22) % count if guild else 0) == number
        return mine and (event in _OPEN_EVENTS or bool(self.intents & _GUILDS))

    def tell(self, event: str, payload: Json) -> None:
        self.seq += 1
        frame = json.dumps({"op": 0, "t": event, "s": self.seq, "d": payload}, ensure_ascii=False)
        if event != "RESUMED":
            self.told.append((self.seq, frame))
        if self.outbox is not None:
            self.outbox.put_nowait(frame)


class Gateway:
    """Serves websockets. `identifies` and `resumes` are what the bot said of itself; `allowed` its privileged intents.

    `heartbeat_interval` is in milliseconds.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.heartbeat_interval = 41_250
        self.allowed = 0
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats = 0
        self.sessions: dict[str, Session] = {}

    def tell(self, event: str, payload: Json, guild: Guild | None = None) -> bool:
        """Tell every shard whom it concerns; whether there is one."""
        concerned = [session for session in self.sessions.values() if session.minds(event, guild)]
        for session in concerned:
            session.tell(event, payload)
        return bool(concerned)

    def drop(self, code: int, shard: int | None = None) -> int:
        """Close the connections (of one shard) with a code; returns how many. The sessions can be resumed."""
        dropped = [s for s in self.sessions.values() if s.outbox is not None and shard in (None, s.shard[0])]
        for session in dropped:
            assert session.outbox is not None
            session.outbox.put_nowait(code)
            session.outbox = None
        return len(dropped)

    def ask_to_reconnect(self) -> None:
        for session in self.sessions.values():
            if session.outbox is not None:
                session.outbox.put_nowait(_frame(7, None))

    def connected(self, guild: Guild | None = None) -> bool:
        """Whether the shard of a guild (or of direct messages) is listening right now."""
        return any(s.outbox is not None and s.minds("READY", guild) for s in self.sessions.values())

    # ------------------------------------------------------------------ one connection

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        outbox: Outbox = asyncio.Queue()
        writing = asyncio.create_task(_write(socket, outbox))
        outbox.put_nowait(_frame(10, {"heartbeat_interval": self.heartbeat_interval}))
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(outbox, message.data)
        finally:
            writing.cancel()
            self._forget(outbox, ended=socket.close_code in (1000, 1001))
        return socket

    def _hear(self, outbox: Outbox, raw: str) -> None:
        said = json.loads(raw)
        if len(raw.encode()) > PAYLOAD_BYTES:
            outbox.put_nowait(4002)
        elif said["op"] == 1:
            self.heartbeats += 1
            outbox.put_nowait(_frame(11, None))
        elif said["op"] == 2:
            self._identify(outbox, said["d"])
        elif said["op"] == 6:
            self._resume(outbox, said["d"])
        elif said["op"] not in (3, 4, 8):
            outbox.put_nowait(4001)

    def _identify(self, outbox: Outbox, said: Json) -> None:
        self.identifies.append(said)
        if said["token"] != self.world.token:
            outbox.put_nowait(4004)
        elif int(said.get("intents", 0)) & PRIVILEGED & ~self.allowed:
            outbox.put_nowait(4014)
        else:
            number, count = said.get("shard") or (0, 1)
            self._supersede((number, count))
            session = Session(id=secrets.token_hex(16), shard=(number, count), intents=said["intents"], outbox=outbox)
            self.sessions[session.id] = session
            self._greet(session)

    def _supersede(self, shard: tuple[int, int]) -> None:
        """Forget the dropped sessions of a shard that begins anew."""
        for session in list(self.sessions.values()):
            if session.shard == shard and session.outbox is None:
                del self.sessions[session.id]

    def _greet(self, session: Session) -> None:
        mine = [guild for guild in self.world.guilds.values() if guild.here and session.minds("READY", guild)]
        ready: Json = {"v": 10, "user": self.world.me, "session_id": session.id, "resume_gateway_url": self.url}
        ready |= {"guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine], "shard": session.shard}
        ready |= {"application": {"id": str(self.world.id), "flags": 0}, "session_type": "normal"}
        session.tell("READY", {**ready, "private_channels": []})
        for guild in mine:
            if session.minds("GUILD_CREATE", guild):
                session.tell("GUILD_CREATE", {**self.world.guild_json(guild), "unavailable": False})

    def _resume(self, outbox: Outbox, said: Json) -> None:
        self.resumes.append(said)
        session = self.sessions.get(said["session_id"])
        if session is None or said["token"] != self.world.token:
            outbox.put_nowait(_frame(9, payload=False))
            return
        for seq, frame in session.told:
            if seq > said["seq"]:
                outbox.put_nowait(frame)
        session.outbox = outbox
        session.tell("RESUMED", {})

    def _forget(self, outbox: Outbox, *, ended: bool) -> None:
        """A connection is over; its session is too when the bot said goodbye."""
        for session in list(self._of(outbox)):
            session.outbox = None
            if ended:
                del self.sessions[session.id]

    def _of(self, outbox: Outbox) -> Iterator[Session]:
        return (session for session in self.sessions.values() if session.outbox is outbox)


def _frame(op: int, payload: object) -> str:
    return json.dumps({"op": op, "d": payload})


async def _write(socket: web.WebSocketResponse, outbox: Outbox) -> None:
    """Send what lies in the outbox; a number closes with that code."""
    with contextlib.suppress(ConnectionError):
        while True:
            item = await outbox.get()
            if isinstance(item, int):
                await socket.close(code=item)
                return
            await socket.send_str(item)
