"""`python -m benchmarks [names]`: measure and print tables."""

import argparse
from collections.abc import Callable, Iterable, Mapping

from rich.console import Console
from rich.table import Table

from benchmarks import accuracy, archive, broadcast, planning, speed

Measure = Callable[[argparse.Namespace], Iterable[Table]]

BENCHMARKS: Mapping[str, Measure] = {
    "accuracy": lambda _options: accuracy.tables(),
    "archive": lambda options: archive.tables(digests=options.digests),
    "speed": lambda options: speed.tables(messages=options.messages, rounds=options.rounds),
    "broadcast": lambda options: broadcast.tables(chats=options.chats),
    "planning": lambda options: planning.tables(subscriptions=options.subscriptions, due=options.subscriptions // 20),
}


def main() -> None:
    """Run the benchmarks that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; without any: all")
    parser.add_argument("--digests", type=int, default=4100, help="size of the archive; each has about ten items")
    parser.add_argument("--messages", type=int, default=6000, help="messages of each contender and round of `speed`")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of `speed`")
    parser.add_argument("--chats", type=int, default=1500, help="chats of `broadcast`")
    parser.add_argument("--subscriptions", type=int, default=1_000_000, help="subscriptions of `planning`")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; choose of {', '.join(BENCHMARKS)}")
    console = Console(width=None if Console().is_terminal else 120)
    for name in options.names or BENCHMARKS:
        with Console(stderr=True).status(f"{name} …"):
            for table in BENCHMARKS[name](options):
                console.print(table)
                console.print()


if __name__ == "__main__":
    main()
