"""Run the emulator alone: `python -m tests.emulators.discord --port N` prints its url and serves until ended."""

import argparse
import asyncio
import signal

from tests.emulators.discord.control import ControlledEmulator


async def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.emulators.discord", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--token", default="discord-test-token")
    options.add_argument("--forget", action="store_true", help="keep counts, but no messages: nothing can be edited")
    given = options.parse_args()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with ControlledEmulator(given.token, port=given.port, remember=not given.forget) as discord:
        print(discord.url, flush=True)
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(main())
