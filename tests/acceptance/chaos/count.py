"""What the chats have when all is over: what is lost, what is doubled, and whether the ledger knows it right."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.chaos.readers import Face, Readers, face, first_face
from tests.acceptance.seeding import Subscriber
from tests.emulators.telegram import Message, Place

Spot = tuple[int, int]
"""A chat and the number of a part."""


@dataclass(kw_only=True, slots=True)
class Count:
    """Parts that are missing and parts too many, by chat and number; `wrong` is what should never be, in words."""

    parts: int = 0
    lost: Counter[Spot] = field(default_factory=Counter)
    doubled: Counter[Spot] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.parts} parts, lost {self.lost.total()}, doubled {self.doubled.total()}"


def count(readers: Readers, source: bytes | None, database: Path) -> Count:
    """Compare what every chat shows with `source`, the published digest, or with nothing; and with the ledger."""
    found = Count()
    for subscriber in readers.subscribers:
        _count_chat(found, readers, subscriber, source)
    _compare_ledger(found, readers, database)
    return found


def complete(readers: Readers, source: bytes | None, database: Path) -> bool:
    """Tell whether the ledger thinks that it is done: nothing open, every chat with `source` and no more."""
    if ledger.unsettled(database):
        return False
    has: dict[int, list[Face]] = {}
    for part in ledger.parts(database):
        if part.message_id is not None and part.shows is not None:
            has.setdefault(int(part.chat), []).append(readers.faces[part.shows])
    return all(_is_whole(readers, one, source, has.get(one.place.id, [])) for one in readers.subscribers)


def _is_whole(readers: Readers, subscriber: Subscriber, source: bytes | None, has: list[Face]) -> bool:
    return sorted(has) == sorted(_wanted(readers, subscriber, source, Counter(has)))


def _count_chat(found: Count, readers: Readers, subscriber: Subscriber, source: bytes | None) -> None:
    place = subscriber.place
    has = Counter(face(message) for message in place.standing)
    wanted = _wanted(readers, subscriber, source, has)
    found.parts += len(wanted)
    missing = [number for number, one in enumerate(wanted, 1) if not has[one]]
    found.lost.update((place.id, number) for number in missing)
    found.doubled.update((place.id, number) for number in _surplus(found, readers, place, wanted))


def _wanted(readers: Readers, subscriber: Subscriber, source: bytes | None, has: Counter[Face]) -> tuple[Face, ...]:
    """Return the edition a chat should have, each part marked as corrected or not, whichever it has."""
    if source is None:
        return ()
    plain, marked = (readers.edition(source, subscriber.subjects, corrected=one) for one in (False, True))
    return tuple(there if has[there] else other for other, there in zip(plain, marked, strict=True))


def _surplus(found: Count, readers: Readers, place: Place, wanted: tuple[Face, ...]) -> list[int]:
    """Return the numbers of the parts that stand without need; one for each that is wanted is needed."""
    needed = Counter(wanted)
    surplus = []
    for message in reversed(place.standing):
        if needed[face(message)]:
            needed[face(message)] -= 1
        elif number := _number(readers, message):
            surplus.append(number)
        else:
            found.wrong.append(f"chat {place.id} shows what no edition says: {message.text[:60]!r}")
    return surplus


def _number(readers: Readers, message: Message) -> int | None:
    return readers.numbers.get(first_face(message)) if face(message) in readers.numbers else None


def _compare_ledger(found: Count, readers: Readers, database: Path) -> None:
    """Every message the ledger knows must stand and say what the ledger thinks; nothing may be open."""
    if open_ones := ledger.unsettled(database):
        found.wrong.append(f"{open_ones} deliveries are open")
    places = {subscriber.place.id: subscriber.place for subscriber in readers.subscribers}
    for part in ledger.parts(database):
        where = f"chat {part.chat} part {part.number}"
        if part.state == "sending":
            found.wrong.append(f"{where} is sending for ever")
        if part.message_id is None:
            continue
        message = places[int(part.chat)].by_number.get(int(part.message_id))
        if message is None or message.deleted:
            found.wrong.append(f"{where}: the ledger has message {part.message_id}, the chat has not")
        elif part.shows not in readers.faces or readers.faces[part.shows] != face(message):
            found.wrong.append(f"{where}: the ledger thinks that it says something else")
