"""What a chat should show when all is over."""

from collections import Counter
from collections.abc import Iterator

from bot.contract import Capability
from tests.acceptance.chaos.readers import Readers
from tests.acceptance.chaos.side import Face
from tests.acceptance.seeding import Subscriber

Faces = tuple[Face, ...]


def edits(readers: Readers) -> bool:
    """Tell whether messages follow corrections there."""
    return Capability.EDIT in readers.side.dialect.capabilities


def wanted(readers: Readers, one: Subscriber, source: bytes | None, has: Counter[Face], known: Counter[Face]) -> Faces:
    """Return what a subscriber that `has` these messages, of which the ledger has `known`, should have at least."""
    if not edits(readers):
        return _told(readers, one, source, has, known)
    if source is None:
        # What may be there without a number can't be deleted: a notice tells of it, where the ledger has one.
        return tuple(face for face in known if face in readers.notices)
    plain, marked = (readers.edition(source, one, corrected=mark) for mark in (False, True))
    return tuple(there if has[there] else other for other, there in zip(plain, marked, strict=True))


def _told(readers: Readers, one: Subscriber, source: bytes | None, has: Counter[Face], known: Counter[Face]) -> Faces:
    """Return what is there for good and the notice that makes it right, by the telling that misses least."""
    if source is None:
        brought = tuple(face for face in known if face not in readers.notices)
        return (*brought, *readers.withdrawal(one)) if brought else ()
    return min(_tellings(readers, one, source), key=lambda telling: (_counted(telling) - has).total())


def _tellings(readers: Readers, one: Subscriber, source: bytes) -> Iterator[Faces]:
    """Yield every way to be told: what is published, or what was, and then what changed."""
    for mark in (False, True):
        yield readers.edition(source, one, corrected=mark)
        for first in readers.sources:
            for old in readers.sources:
                if changed := readers.notice(old, source, one):
                    yield (*readers.edition(first, one, corrected=mark), *changed)


def _counted(faces: Faces) -> Counter[Face]:
    return Counter(faces)
