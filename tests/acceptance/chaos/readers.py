"""The chats of a side, and every edition any of them may have been sent."""

from dataclasses import dataclass, field

from bot.delivery.printing import fingerprint
from tests.acceptance.chaos.side import Face, Side
from tests.acceptance.documents import parts_of
from tests.acceptance.seeding import Subscriber


@dataclass(frozen=True, kw_only=True)
class Readers:
    """What may be read on a side: the numbers of parts by what they show, what they show by their fingerprint."""

    side: Side
    numbers: dict[Face, int] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)
    _editions: dict[tuple[object, ...], tuple[Face, ...]] = field(default_factory=dict)

    def edition(self, source: bytes, one: Subscriber, *, corrected: bool) -> tuple[Face, ...]:
        """Return what a document looks like to a subscriber, part by part, and keep it in mind."""
        key = source, one.subjects, one.format, one.mention, corrected
        if key not in self._editions:
            self._editions[key] = self._print(source, one, corrected=corrected)
        return self._editions[key]

    def learn(self, source: bytes) -> None:
        """Keep in mind what a document may look like to anybody."""
        for one in self.side.subscribers:
            for corrected in (False, True):
                self.edition(source, one, corrected=corrected)

    def _print(self, source: bytes, one: Subscriber, *, corrected: bool) -> tuple[Face, ...]:
        parts = parts_of(
            source,
            dialect=self.side.dialect,
            subjects=one.subjects,
            format=one.format,
            mention=one.mention,
            corrected=corrected,
        )
        for part in parts:
            self.numbers[self.side.face(part)] = part.number
            self.faces[fingerprint(part)] = self.side.face(part)
        return tuple(map(self.side.face, parts))
