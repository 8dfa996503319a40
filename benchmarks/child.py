"""Measurements in processes of their own, so that processor time and memory are those of one thing alone."""

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot import runtime

ROOT = Path(__file__).parent.parent
_MARK = "result: "
OURS = ("ours", "adapter")
"""What runs on the event loop that the bot runs on; the others run on Python's, as they come."""


def run(module: str, function: str, **arguments: object) -> dict[str, Any]:
    """Call the coroutine `benchmarks.<module>.<function>` in a new process and return the mapping it returns."""
    command = [sys.executable, "-m", "benchmarks.child", module, function, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith(_MARK):
            return dict(json.loads(line.removeprefix(_MARK)))
    raise SystemExit(f"benchmarks.{module}.{function} failed with status {done.returncode}")


def main() -> None:
    """Do what `run` asks for."""
    module, function, arguments = sys.argv[1:]
    measure: Callable[..., Awaitable[object]] = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    loop = runtime.run if function in OURS else asyncio.run
    result = loop(_awaited(measure, json.loads(arguments)))
    print(_MARK + json.dumps(result), flush=True)


async def _awaited(measure: Callable[..., Awaitable[object]], arguments: dict[str, object]) -> object:
    return await measure(**arguments)


if __name__ == "__main__":
    main()
