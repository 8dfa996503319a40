"""A lean stand-in for the Bot API, in a process of its own: it takes whatever is sent, as fast as it can."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.child import ROOT

FIRST_MESSAGE_ID = 10_000_000
"""High enough that all ids, and with them all answers, have the same length."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BOT = {"id": 42, "is_bot": True, "first_name": "Stub", "username": "stub_bot"}


class Wire(asyncio.Protocol, ABC):
    """HTTP as far as it takes: requests with a length, kept-alive connections, pipelining."""

    def __init__(self) -> None:
        self._rest = b""
        self.transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Hand over every request that is complete."""
        data = self._rest + data
        start = 0
        while (end := data.find(b"\r\n\r\n", start)) >= 0:
            length = _LENGTH.search(data, start, end)
            stop = end + 4 + (int(length[1]) if length else 0)
            if stop > len(data):
                break
            path = data[data.find(b" ", start) + 1 : data.find(b" HTTP", start)]
            self.asked(path.rpartition(b"/")[2].decode(), data[end + 4 : stop])
            start = stop
        self._rest = data[start:]

    @abstractmethod
    def asked(self, method: str, body: bytes) -> None:
        """Answer one request."""

    def answer(self, payload: bytes, status: bytes = b"200 OK") -> None:
        """Write an answer, unless nobody waits for it any more."""
        if not self.transport.is_closing():
            head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, len(payload)) + payload)


@dataclass
class Counter:
    """How many messages were taken."""

    messages: int = 0


class Lean(Wire):
    """Takes every message."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter

    def asked(self, method: str, body: bytes) -> None:  # noqa: ARG002
        """Answer at once."""
        if method == "sendMessage":
            self._counter.messages += 1
            self.answer(message(FIRST_MESSAGE_ID + self._counter.messages, 1))
        elif method == "report":
            self.answer(json.dumps({"cpu": time.process_time(), "messages": self._counter.messages}).encode())
        else:
            self.answer(result_of(method))


def message(message_id: int, chat_id: int) -> bytes:
    """Return the smallest answer to `sendMessage` that is correct."""
    return (
        b'{"ok":true,"result":{"message_id":%d,"date":1760227200,"chat":{"id":%d,"type":"private","first_name":"A"},'
        b'"text":"."}}'
    ) % (message_id, chat_id)


def result_of(method: str) -> bytes:
    """Return the answer to any other method."""
    return json.dumps({"ok": True, "result": _BOT if method == "getMe" else True}).encode()


# ------------------------------------------------------------------ the process


@dataclass(frozen=True, kw_only=True)
class Running:
    """A stub at work on `port` of 127.0.0.1."""

    port: int

    def report(self) -> dict[str, Any]:
        """Ask the stub what it saw; times in seconds."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/report") as answer:
            return dict(json.loads(answer.read()))


@contextmanager
def started(module: str = "stub", **options: object) -> Iterator[Running]:
    """Run `benchmarks.<module>` as a process."""
    command = [sys.executable, "-m", f"benchmarks.{module}", json.dumps(options)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                raise SystemExit(f"benchmarks.{module} did not start")
            yield Running(port=int(line))
        finally:
            process.terminate()


async def serve(wire: Callable[[], Wire]) -> None:
    """Say the port on standard output and serve until told to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(wire, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    seen = Counter()
    asyncio.run(serve(lambda: Lean(seen)))
