"""Discord's rate limits: a bucket for each route and channel, and one for all."""

import time
from dataclasses import dataclass, field
from zlib import crc32

from tests.emulators.discord.refusal import Flooded

_FREE = ("callback", "followup", "get_answer", "edit_answer", "delete_answer")
_ROOMS = ("send_message", "start_thread", "edit_message", "delete_message", "crosspost")


@dataclass(slots=True)
class Bucket:
    """At most `most` in a window of `seconds` that begins with the first."""

    most: int
    seconds: float
    used: int = 0
    until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next one is let in; 0 now."""
        if now >= self.until:
            self.used, self.until = 0, now + self.seconds
        return 0.0 if self.used < self.most else self.until - now


@dataclass(kw_only=True, slots=True)
class Limits:
    """The limits in force. A bucket belongs to one route in one channel; answers to interactions are outside `all`."""

    per_second: int = 50
    per_bucket: int = 5
    bucket_seconds: float = 5.0
    _all: Bucket = field(init=False)
    _buckets: dict[tuple[str, int], Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = Bucket(self.per_second, 1.0)

    def admit(self, name: str, channel: int | None) -> dict[str, str]:
        """Count a call and return the headers of its bucket. Raises Flooded."""
        now = time.monotonic()
        overall = 0.0 if name in _FREE or not self.per_second else self._all.wait(now)
        if overall > 0:
            raise Flooded(overall, "global")
        self._all.used += name not in _FREE
        if name not in _ROOMS or channel is None or not self.per_bucket:
            return {}
        bucket = self._buckets.setdefault((name, channel), Bucket(self.per_bucket, self.bucket_seconds))
        if (wait := bucket.wait(now)) > 0:
            raise Flooded(wait)
        bucket.used += 1
        return _headers(name, bucket, now)


def _headers(name: str, bucket: Bucket, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(bucket.most),
        "X-RateLimit-Remaining": str(bucket.most - bucket.used),
        "X-RateLimit-Reset": f"{time.time() + bucket.until - now:.3f}",
        "X-RateLimit-Reset-After": f"{bucket.until - now:.3f}",
        "X-RateLimit-Bucket": f"{crc32(name.encode()):08x}",
    }
