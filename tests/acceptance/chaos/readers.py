"""The chats of a side, and everything that any of them may have been told."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.contract import Capability
from bot.delivery.printing import fingerprint
from bot.models import Part
from tests.acceptance.chaos.side import Face, Side
from tests.acceptance.documents import notice_of, parts_of
from tests.acceptance.seeding import Subscriber


@dataclass(kw_only=True)
class Readers:
    """What may be read on a side: the numbers of parts by what they show, what they show by their fingerprint.

    `sources` are the documents that were published, in order; `notices` are the parts that are none of a digest;
    `withdrawn` tells whether any of them ever was.
    """

    side: Side
    sources: list[bytes] = field(default_factory=list)
    numbers: dict[Face, int] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)
    notices: set[Face] = field(default_factory=set)
    withdrawn: bool = False
    _known: dict[tuple[object, ...], tuple[Face, ...]] = field(default_factory=dict)

    def edition(self, source: bytes, one: Subscriber, *, corrected: bool) -> tuple[Face, ...]:
        """Return what a document looks like to a subscriber, part by part, and keep it in mind."""
        key = source, one.subjects, one.format, one.mention, corrected
        if key not in self._known:
            parts = parts_of(
                source,
                dialect=self.side.dialect,
                subjects=one.subjects,
                format=one.format,
                mention=one.mention,
                corrected=corrected,
            )
            self._known[key] = self._keep(parts)
        return self._known[key]

    def notice(self, old: bytes, new: bytes, one: Subscriber) -> tuple[Face, ...]:
        """Return what a subscriber is told of a correction where nothing can be edited."""
        return self._notice(old, new, one)

    def withdrawal(self, one: Subscriber) -> tuple[Face, ...]:
        """Return what a subscriber is told when nothing is published any more and not all of it can be deleted."""
        return self._notice(self.sources[0], None, one)

    def learn(self, source: bytes) -> None:
        """Keep in mind what a document may look like to anybody, and what may be said of it."""
        self.sources.append(source)
        for one in self.side.subscribers:
            for corrected in (False, True):
                self.edition(source, one, corrected=corrected)
            self.withdrawal(one)
            if Capability.EDIT not in self.side.dialect.capabilities:
                for old in self.sources:
                    self.notice(old, source, one)

    def _notice(self, old: bytes, new: bytes | None, one: Subscriber) -> tuple[Face, ...]:
        key = old, new, one.subjects, one.format
        if key not in self._known:
            said = notice_of(old, new, dialect=self.side.dialect, subjects=one.subjects, format=one.format)
            self._known[key] = self._keep(said)
            self.notices.update(self._known[key])
        return self._known[key]

    def _keep(self, parts: Iterable[Part]) -> tuple[Face, ...]:
        said = {part.number: part for part in parts}
        for number, part in said.items():
            self.numbers[self.side.face(part)] = number
            self.faces[fingerprint(part)] = self.side.face(part)
        return tuple(map(self.side.face, said.values()))
