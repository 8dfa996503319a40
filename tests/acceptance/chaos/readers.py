"""The chats of a round, and every edition any of them may have been sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.delivery.printing import fingerprint
from bot.models import Part
from tests.acceptance.documents import SUBJECTS, Here, parts_of
from tests.acceptance.seeding import Subscriber
from tests.emulators.telegram import Message, TelegramEmulator

WISHES: tuple[tuple[str, ...], ...] = ((), (), (), SUBJECTS[:4], SUBJECTS[:1], ("政策监管",))
"""Everything, which takes several parts; something of it; nothing that occurs."""
FIRST = 1000

Face = tuple[str, tuple[tuple[str, ...], ...]]
"""What a message shows: its markup and the data of its buttons."""


@dataclass(frozen=True, kw_only=True)
class Readers:
    """The chats, and the parts by what they show and by their fingerprint."""

    subscribers: Sequence[Subscriber]
    numbers: dict[Face, int] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)
    _editions: dict[tuple[bytes, tuple[str, ...], bool], tuple[Face, ...]] = field(default_factory=dict)

    def edition(self, source: bytes, subjects: Iterable[str], *, corrected: bool) -> tuple[Face, ...]:
        """Return what a document looks like for a wish, part by part, and keep it in mind."""
        key = source, tuple(subjects), corrected
        if key not in self._editions:
            parts = parts_of(source, subjects=subjects, corrected=corrected)
            for part in parts:
                self.numbers[_face_of(part)] = part.number
                self.faces[fingerprint(part)] = _face_of(part)
            self._editions[key] = tuple(_face_of(part) for part in parts)
        return self._editions[key]

    def learn(self, source: bytes) -> None:
        """Keep in mind what a document may look like for anybody."""
        for subjects in set(WISHES):
            for corrected in (False, True):
                self.edition(source, subjects, corrected=corrected)


def gather(emulator: TelegramEmulator, here: Here, number: int) -> Readers:
    """Let people open their chats with the bot."""
    return Readers(
        subscribers=[
            Subscriber(place=emulator.private(FIRST + at), zone=here.zone, subjects=WISHES[at % len(WISHES)])
            for at in range(number)
        ]
    )


def face(message: Message) -> Face:
    """Return what a message shows."""
    rows = tuple(tuple(button["callback_data"] for button in row) for row in message.keyboard)
    return message.raw, rows


def first_face(message: Message) -> Face:
    """Return what a message showed before it was ever edited."""
    if not message.history:
        return face(message)
    first = message.history[0]
    rows = (first.reply_markup or {}).get("inline_keyboard", [])
    return first.raw, tuple(tuple(button["callback_data"] for button in row) for row in rows)


def _face_of(part: Part) -> Face:
    return part.markup, tuple(tuple(key.data for key in row) for row in part.keys)
