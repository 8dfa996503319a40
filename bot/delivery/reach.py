"""Whom a correction reaches: how many chats, on which platforms, and what it does there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.contract import Capability, Dialect
from bot.models import Digest
from bot.store import Store, fingerprint


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How many chats have messages that follow a new revision, by platform.

    Those of `edited` are changed in place; chats of `noticed`, where that can't be done, get a correction.
    """

    edited: Mapping[str, int] = field(default_factory=dict)
    noticed: Mapping[str, int] = field(default_factory=dict)

    @property
    def everywhere(self) -> Mapping[str, int]:
        """All of them."""
        return {**self.edited, **self.noticed}

    def __bool__(self) -> bool:
        return bool(self.edited or self.noticed)


async def reach_of(store: Store, dialects: Mapping[str, Dialect], day: date, *, sent_since: datetime) -> Reach:
    """Return whom a new revision of `day`, or its withdrawal, reaches: what was sent after `sent_since` (UTC)."""
    there = await store.corrections.reach(day, sent_since=sent_since)
    editing = {name for name in there if Capability.EDIT in dialects[name].capabilities}
    return Reach(
        edited={name: number for name, number in there.items() if name in editing},
        noticed={name: number for name, number in there.items() if name not in editing},
    )


async def foretell(
    store: Store, dialects: Mapping[str, Dialect], digest: Digest, source: bytes, *, sent_since: datetime
) -> Reach:
    """Return whom loading `source`, which holds `digest`, reaches: nobody, unless it changes what is published."""
    newest = await store.digests.newest(digest.day)
    if newest is None or (newest.published and newest.sha256 == fingerprint(source)):
        return Reach()
    return await reach_of(store, dialects, digest.day, sent_since=sent_since)
