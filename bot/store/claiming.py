"""What may be sent now, taken out of the ledger with all that sending it needs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import (
    Connection,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from bot.models import Chat, ChatKind, Delivery, DeliveryState, Format, PartRecord, PartState, Week
from bot.store import codec
from bot.store.engine import Utc
from bot.store.statements import is_wanted
from bot.store.tables import chats, deliveries, delivery_parts, digests, revisions, subscriptions

_S, _D, _P = subscriptions.c, deliveries.c, delivery_parts.c
_BASE = deliveries.alias("base")
_OTHER = deliveries.alias("other")
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
IS_OPEN = text("deliveries.state IN ('planned', 'claimed')")
"""Word for word what ix_deliveries_open is about: without it SQLite looks through the whole ledger."""


def _claimable() -> Select[int]:
    """Return what finds the deliveries that may be tried now, those due first first.

    A week that would come in between its Sunday's own messages waits for them.
    """
    same_day = _OTHER.c.occasion == literal("day:") + cast(_D.day, String)
    own_digest = exists().where(_OTHER.c.subscription_id == _D.subscription_id, same_day, _OTHER.c.state.in_(_OPEN))
    ready = and_(
        _D.platform == bindparam("the_platform"),
        _D.state == literal(DeliveryState.PLANNED.value),
        _D.next_at <= bindparam("now", type_=Utc),
    )
    its_turn = or_(_D.revision_id.is_not(None), ~own_digest)
    return select(_D.id).where(ready, IS_OPEN, its_turn).order_by(_D.next_at, _D.id).limit(bindparam("most"))


def _followed() -> ScalarSelect[int]:
    """Return the newest revision of its day that messages are to follow: one that corrects, or that it is about.

    None when that was retracted, whatever was published since that corrects nothing.
    """
    one = revisions.c
    name = literal("correction:") + cast(_D.day, String) + literal(":") + cast(one.id, String)
    follows = or_(one.corrects, name == _D.occasion)
    return (
        select(func.max(one.id)).where(one.day == _D.day, one.state == literal("published"), follows).scalar_subquery()
    )


def _described() -> Select[*tuple[Any, ...]]:
    """Return what reads them with their chats and wishes."""
    return (
        select(
            *(
                _D.id,
                _D.day,
                _D.occasion,
                _D.base_id.label("base"),
                _D.revision_id,
                _D.categories,
                _D.format,
                _D.language,
            ),
            *(_D.edition, _D.attempts, _D.deadline),
            *(chats.c.platform, chats.c.address, chats.c.kind, chats.c.title, chats.c.credential),
            *(_S.topic, _S.mention, _S.silent, _S.tells_empty),
            is_wanted(_D).label("wanted"),
            digests.c.revision_id.label("published"),
            case((_D.base_id.is_not(None), _followed())).label("follows"),
            _BASE.c.state.label("base_state"),
        )
        .join(subscriptions, _S.id == _D.subscription_id)
        .join(chats, chats.c.id == _S.chat_id)
        .outerjoin(digests, digests.c.day == _D.day)
        .outerjoin(_BASE, _BASE.c.id == _D.base_id)
        .where(_D.id.in_(_claimable()))
        .order_by(_D.next_at, _D.id)
    )


_DESCRIBED: Final = _described()
_COLUMNS: Final = tuple(_DESCRIBED.selected_columns.keys())
_TAKE: Final = (
    update(deliveries)
    .where(_D.id.in_(_claimable()))
    .values(state=literal(DeliveryState.CLAIMED.value), claimed_by=bindparam("owner"), attempts=_D.attempts + 1)
)
_PARTS: Final = (
    select(_P.delivery_id, _P.number, _P.state, _P.attempts, _P.untold, _P.message_id, _P.shows)
    .where(_P.delivery_id.in_(bindparam("ids", expanding=True)))
    .order_by(_P.number)
)
_PUBLISHED_IN: Final = (
    select(digests.c.revision_id)
    .where(digests.c.day.between(bindparam("monday"), bindparam("sunday")), digests.c.revision_id.is_not(None))
    .order_by(digests.c.day)
)


def claim(connection: Connection, platform: str, owner: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Take up to `limit` deliveries that may be tried now (UTC), those due first first."""
    which = {"the_platform": platform, "now": now, "most": limit}
    # As dicts: a row of SQLAlchemy's takes longer to be asked for thirty columns than SQLite to find them.
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in connection.execute(_DESCRIBED, which)]
    if not rows:
        return ()
    connection.execute(_TAKE, {**which, "owner": owner})
    begun = set(_begun(rows))
    parts = _parts(connection, begun) if begun else {}
    sundays = {row["day"] for row in rows if row["revision_id"] is None}
    weeks = {sunday: _published_in(connection, Week.of(sunday)) for sunday in sundays}
    return tuple(_delivery(row, owner, parts, weeks) for row in rows)


def _begun(rows: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    """Yield the deliveries that may have parts: what is tried for the first time has none, as all of a morning's crowd.

    One that is sent again at an operator's wish counts its attempts anew, and has its edition.
    """
    for row in rows:
        if row["base"]:
            yield row["base"]
        if row["base"] or row["edition"] or row["attempts"]:
            yield row["id"]


def _published_in(connection: Connection, week: Week) -> tuple[int, ...]:
    """Return the revisions that are published of the days of `week`, in their order."""
    return tuple(connection.scalars(_PUBLISHED_IN, {"monday": week.monday, "sunday": week.sunday}))


def _parts(connection: Connection, ids: Iterable[int]) -> dict[int, dict[int, PartRecord]]:
    found: dict[int, dict[int, PartRecord]] = {}
    for row in connection.execute(_PARTS, {"ids": list(ids)}):
        found.setdefault(row.delivery_id, {})[row.number] = PartRecord(
            number=row.number,
            state=PartState(row.state),
            attempts=row.attempts,
            untold=row.untold,
            message_id=row.message_id,
            shows=row.shows,
        )
    return found


def _delivery(
    row: Mapping[str, Any],
    owner: str,
    parts: Mapping[int, dict[int, PartRecord]],
    weeks: Mapping[date, tuple[int, ...]],
) -> Delivery:
    number, base = row["id"], row["base"]
    return Delivery(
        id=number,
        claimed_by=owner,
        chat=_chat(row),
        day=row["day"],
        occasion=row["occasion"],
        base=base,
        cut_short=row["base_state"] == DeliveryState.EXPIRED,
        revision_id=row["revision_id"],
        revisions=weeks[row["day"]] if row["revision_id"] is None else (),
        published=row["published"],
        follows=row["follows"],
        categories=codec.slugs_from_text(row["categories"]),
        format=Format(row["format"]),
        language=row["language"],
        mention=codec.names_from_text(row["mention"]),
        silent=row["silent"],
        tells_empty=row["tells_empty"],
        edition=row["edition"],
        wanted=row["wanted"],
        attempts=row["attempts"] + 1,
        deadline=row["deadline"],
        parts=parts.get(base or number, {}),
        notices=parts.get(number, {}) if base else {},
    )


def _chat(row: Mapping[str, Any]) -> Chat:
    return Chat(
        platform=row["platform"],
        address=row["address"],
        topic=row["topic"],
        kind=ChatKind(row["kind"]),
        title=row["title"],
        credential=SecretStr(row["credential"]) if row["credential"] else None,
    )
