"""Play many rounds: `python -m tests.acceptance.chaos --rounds 200 --seed 1` prints each and a total."""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.chaos.outcome import Outcome, total
from tests.acceptance.chaos.plan import draw
from tests.acceptance.chaos.round import play

AT_ONCE = 4
"""Rounds side by side: they wait more than they work."""
KEPT = Path("build/chaos")
"""Where the folders of rounds at fault stay, with the bot's log and its database."""


async def rounds(seeds: Sequence[int], folder: Path, at_once: int = AT_ONCE) -> list[Outcome]:
    """Play the rounds of `seeds`, printing each as it ends."""
    room, seeding = asyncio.Semaphore(at_once), asyncio.Lock()

    async def one(seed: int) -> Outcome:
        async with room:
            place = folder / str(seed)
            place.mkdir()
            outcome = await play(draw(seed), place, seeding)
            print(outcome, flush=True)
            if outcome.faults:
                print(f"    kept: {shutil.copytree(place, KEPT / str(seed), dirs_exist_ok=True)}", flush=True)
            return outcome

    return await asyncio.gather(*map(one, seeds))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.acceptance.chaos", description=__doc__)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the first round")  # noqa: S311
    options.add_argument("--at-once", type=int, default=AT_ONCE)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = range(given.seed, given.seed + given.rounds)
        outcomes = asyncio.run(rounds(seeds, Path(folder), given.at_once))
    print(total(outcomes))
    sys.exit(any(one.faults for one in outcomes))


if __name__ == "__main__":
    main()
