"""What the chats have when all is over: what is lost, what is doubled, and whether the ledger knows it right."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.models import Chat
from tests.acceptance import ledger
from tests.acceptance.chaos.readers import Readers
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.chaos.wanted import edits, wanted
from tests.acceptance.seeding import Subscriber

Spot = tuple[str, int]
"""A chat's address and the number of a part."""
STRANGE: Face = ("what nobody printed", ())


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
    found, known = Count(), _known(readers, database)
    for subscriber in readers.side.subscribers:
        _count_chat(found, readers, subscriber, source, known[subscriber.chat.address])
    _compare_ledger(found, readers, database)
    return found


def complete(readers: Readers, source: bytes | None, database: Path) -> bool:
    """Tell whether the ledger thinks that it is done: every chat with `source`, and no more where it can be edited."""
    known = _known(readers, database)
    return all(_is_whole(readers, one, source, known[one.chat.address]) for one in readers.side.subscribers)


def _known(readers: Readers, database: Path) -> dict[str, Counter[Face]]:
    """Return what each chat shows by the ledger."""
    known: dict[str, Counter[Face]] = {one.chat.address: Counter() for one in readers.side.subscribers}
    for part in ledger.parts(database, platform=readers.side.dialect.platform):
        if part.shows is not None:
            known[part.chat][readers.faces.get(part.shows, STRANGE)] += 1
    return known


def _is_whole(readers: Readers, subscriber: Subscriber, source: bytes | None, known: Counter[Face]) -> bool:
    goal = Counter(wanted(readers, subscriber, source, known, known))
    return known == goal if edits(readers) else not goal - known


def _count_chat(
    found: Count, readers: Readers, subscriber: Subscriber, source: bytes | None, known: Counter[Face]
) -> None:
    chat = subscriber.chat
    standing = readers.side.standing(chat)
    has = Counter(message.face for message in standing)
    goal = wanted(readers, subscriber, source, has, known)
    found.parts += len(goal)
    missing = [number for number, one in enumerate(goal, 1) if not has[one]]
    found.lost.update((chat.address, number) for number in missing)
    for message in _surplus(standing, Counter(goal) if edits(readers) else _told(readers, has, known)):
        if message.face in readers.numbers and (number := readers.numbers.get(message.first)):
            found.doubled[chat.address, number] += 1
        else:
            found.wrong.append(f"chat {chat.address} shows what no edition says: {message.face[0][:60]!r}")


def _told(readers: Readers, has: Counter[Face], known: Counter[Face]) -> Counter[Face]:
    """Return what was told, and what the ledger has replaced by something later: it stays where nothing can be edited.

    That is a notice, or what a chat had of a revision when a withdrawal and then the next revision came in between.
    """
    replaced = readers.notices | (readers.numbers.keys() if readers.withdrawn else set())
    return known | Counter({face: 1 for face in has if face in replaced})


def _surplus(standing: Sequence[Shown], wanted: Counter[Face]) -> Iterator[Shown]:
    """Yield the messages that stand without need, the newest first; what was told stays for good where it must."""
    needed = wanted.copy()
    for message in reversed(standing):
        if needed[message.face]:
            needed[message.face] -= 1
        else:
            yield message


def _compare_ledger(found: Count, readers: Readers, database: Path) -> None:
    """Every message the ledger knows must stand and say what the ledger thinks."""
    chats = {one.chat.address: one.chat for one in readers.side.subscribers}
    for part in ledger.parts(database, platform=readers.side.dialect.platform):
        if wrong := _judge(readers, chats[part.chat], part):
            found.wrong.append(f"chat {part.chat} part {part.number} {wrong}")
    for address, known in _known(readers, database).items():
        shown = Counter(message.face for message in readers.side.standing(chats[address]))
        found.wrong += [
            f"chat {address} does not show {face[0][:60]!r}, which the ledger has" for face in known - shown
        ]


def _judge(readers: Readers, chat: Chat, part: ledger.Line) -> str:
    if part.state == "sending":
        return "is sending for ever"
    if part.message_id is None:
        return ""
    message = readers.side.found(chat, part.message_id)
    if message is None:
        return f"has message {part.message_id} by the ledger, and it does not stand"
    if part.shows not in readers.faces or readers.faces[part.shows] != message.face:
        return "says something else than the ledger thinks"
    return ""
