"""Numbers about numbers: quantiles, spread, memory; and how they are written."""

import resource
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

_STATUS = Path("/proc/self/status")


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of `values` don't exceed."""
    return next(value for rank, value in enumerate(sorted(values), start=1) if rank / len(values) >= share)


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """Return how far the values lie apart, as a share of their median: the noise of repeated runs."""
    if len(values) < 2 or not median(values):
        return "one run"
    return f"±{(max(values) - min(values)) / 2 / median(values):.0%}"


def peak_mib() -> float:
    """Return the most memory this process ever had, in MiB. Not what its parent had before, as `getrusage` may."""
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _maxrss_per_mib()


def now_mib() -> float:
    """Return the memory this process has now, in MiB (its peak where the system does not tell)."""
    return _status("VmRSS") or peak_mib()


def _status(name: str) -> float:
    if not _STATUS.exists():
        return 0.0
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _maxrss_per_mib() -> int:
    return 2**20 if sys.platform == "darwin" else 2**10
