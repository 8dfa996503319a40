"""Measurements in processes of their own, so that processor time and memory are those of one thing alone."""

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from bot import runtime

ROOT = Path(__file__).parent.parent
_MARK = "result: "
_AS_THEY_COME = {("contenders", name) for name in ("sockets", "bare", "aiogram", "telegram")}
"""What runs on Python's own event loop; everything else is ours, and runs on the one that the bot runs on."""


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
    result = runner(module, function)(_awaited(measure, json.loads(arguments)))
    print(_MARK + json.dumps(result), flush=True)


def runner(module: str, function: str) -> Callable[[Coroutine[Any, Any, object]], object]:
    """Return what runs that measurement's coroutine to its end."""
    return asyncio.run if (module, function) in _AS_THEY_COME else runtime.run


async def _awaited(measure: Callable[..., Awaitable[object]], arguments: dict[str, object]) -> object:
    return await measure(**arguments)


if __name__ == "__main__":
    main()
