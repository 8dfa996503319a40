"""Play many rounds: `python -m tests.acceptance.chaos --rounds 200 --seed 1` prints a line each and a total."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.chaos.plan import draw
from tests.acceptance.chaos.round import Outcome, play

AT_ONCE = 4
"""Rounds side by side: they wait more than they work."""


async def rounds(seeds: Sequence[int], folder: Path, at_once: int = AT_ONCE) -> list[Outcome]:
    """Play the rounds of `seeds`, printing each as it ends."""
    room, seeding = asyncio.Semaphore(at_once), asyncio.Lock()

    async def one(seed: int) -> Outcome:
        async with room:
            place = folder / str(seed)
            place.mkdir()
            outcome = await play(draw(seed), place, seeding)
            print(outcome, flush=True)
            return outcome

    return await asyncio.gather(*map(one, seeds))


def total(outcomes: Sequence[Outcome]) -> str:
    """Return the sum of all rounds in a line."""
    kills, terms = sum(one.kills for one in outcomes), sum(one.terms for one in outcomes)
    in_flight = sum(one.in_flight.total() for one in outcomes)
    unknowns = sum(one.unknowns for one in outcomes)
    return (
        f"{len(outcomes)} rounds, {kills} kills, {terms} stops, {sum(one.sent for one in outcomes)} messages sent for "
        f"{sum(one.count.parts for one in outcomes)} parts wanted at the end: "
        f"lost {sum(one.count.lost.total() for one in outcomes)}, "
        f"doubled {sum(one.count.doubled.total() for one in outcomes)} of at most {in_flight + unknowns} "
        f"({in_flight} in flight at kills, {unknowns} never answered); "
        f"{sum(bool(one.faults) for one in outcomes)} rounds at fault"
    )


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
