"""A process of its own that starts on a store when it is told to, takes the account, works, and says how it went."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from subprocess import PIPE, Popen

from bot.errors import StoreError
from bot.store import Store
from tests.fakes import chat, subscription

ACCOUNT = "telegram"
_READY = "ready"


class Newcomer:
    """The process, seen from a test; while an answer is awaited nothing else happens here."""

    def __init__(self, process: Popen[str]) -> None:
        self._process = process

    def tell(self, word: str) -> None:
        assert self._process.stdin
        print(word, file=self._process.stdin, flush=True)

    def answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def start(self) -> str:
        """Open the store and take the account; `started`, or why not."""
        self.tell("start")
        return self.answer()

    def work(self) -> str:
        """Write a subscription, renew the lease, and tell the days it sees."""
        self.tell("work")
        return self.answer()

    def stop(self) -> str:
        self.tell("stop")
        return self.answer()


@contextmanager
def newcomer(url: str, now: datetime) -> Iterator[Newcomer]:
    """Give a process that has read all it needs and waits for its word."""
    command = [sys.executable, "-m", "tests.unit.newcomer", url, now.isoformat()]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        found = Newcomer(process)
        assert found.answer() == _READY
        yield found
        assert process.stdin
        process.stdin.close()


async def _opened(url: str, now: datetime) -> Store | str:
    try:
        store = await Store.open(url)
    except StoreError as error:
        return str(error)
    await store.leases.hold(ACCOUNT, now)
    return store


async def _worked(store: Store, now: datetime) -> str:
    try:
        await store.subscriptions.put(subscription(chat(7)))
        await store.leases.hold(ACCOUNT, now)
        return " ".join(str(line.day) for line in await store.digests.days())
    except StoreError as error:
        return str(error)


async def _obey(url: str, now: datetime) -> None:
    store: Store | str = ""
    print(_READY, flush=True)
    for word in sys.stdin:
        answer = "stopped"
        if word == "start\n":
            store = await _opened(url, now)
            answer = store if isinstance(store, str) else "started"
        elif isinstance(store, Store) and word == "work\n":
            answer = await _worked(store, now)
        elif isinstance(store, Store):
            await store.leases.release(ACCOUNT, now)
            await store.close()
        print(answer, flush=True)


if __name__ == "__main__":
    asyncio.run(_obey(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
