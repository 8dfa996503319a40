"""Digest documents for days that are today somewhere, in our own words, and what the bot should make of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.telegram import TelegramDialect
from bot import categories, editions, markdown
from bot.buttons import under_push
from bot.categories import default_taxonomy
from bot.contract import Dialect
from bot.delivery.printing import what_changed
from bot.models import Digest, Edition, Format, Part, Reply
from bot.render import Renderer, numbered

SUBJECTS = ("芯片技术", "产品应用", "开源生态", "企业动态", "技术前沿", "AI产业")
"""The categories that documents have items of; 安全伦理 and 政策监管 never occur."""
ZONES = (
    ("Pacific/Kiritimati", "Pacific/Auckland"),
    ("Asia/Shanghai", "Asia/Tokyo"),
    ("Pacific/Honolulu", "Pacific/Pago_Pago"),
)
"""Far ahead, between, far behind: the first and the last never have the same date."""
_LAST_MINUTES = timedelta(minutes=10)
_RENDERER = Renderer(Path(__file__).parents[2] / "templates")
_TAXONOMY = default_taxonomy()
_TELEGRAM = TelegramDialect()


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """A zone where today will last for the whole test."""

    zone: str
    today: date


def three_zones(now: datetime) -> tuple[Here, ...]:
    """Return a zone far ahead, one between and one far behind, none of them about to turn the day."""
    found = []
    for choices in ZONES:
        local = {zone: now.astimezone(ZoneInfo(zone)) for zone in choices}
        zone = next(zone for zone, clock in local.items() if (clock + _LAST_MINUTES).date() == clock.date())
        found.append(Here(zone=zone, today=local[zone].date()))
    return tuple(found)


def here() -> Here:
    """Return the zone of tests that need only one."""
    return three_zones(datetime.now(UTC))[1]


def document(
    day: date, *, subjects: Sequence[str] = SUBJECTS, sentences: int = 2, note: str = "", headline: str = ""
) -> bytes:
    """Return a digest with two items of each subject; about 25 sentences an item fill more than one message.

    The `note` stands in the lead, the `headline` behind the first item's.
    """
    items = "\n".join(
        _item(number, subjects[(number - 1) // 2], day, sentences) for number in range(1, len(subjects) * 2 + 1)
    )
    items = items.replace("第1条 <", f"第1条{headline} <", 1)
    listed = ", ".join(f'"{subject}"' for subject in subjects)
    return (
        f'---\ntitle: "{day:%Y.%m.%d} 每日速递"\ndate: {day}T06:40:00+08:00\ncategories: [{listed}]\n---\n\n'
        f"{day} 的要点都在这里。{note}\n\n---\n\n{items}\n---\n\n"
        f"今天的话就说到这里，{day} 的**编者**写于清晨。\n"
    ).encode()


def _item(number: int, subject: str, day: date, sentences: int) -> str:
    body = "".join(f"这是第{number}条的第{count}句话，写于{day}。" for count in range(1, sentences + 1))
    link = f"https://example.com/{day:%Y/%m/%d}/{number}?a=1&b=2"
    return f"{number}.  [**第{number}条 <{subject}> & “{day}”**]({link})\n\n    {body} #{subject}\n"


def slug(name: str) -> str:
    """Return the slug of a category of the taxonomy."""
    return next(category.slug for category in _TAXONOMY.categories if name in (category.zh, category.en))


def parts_of(
    source: bytes,
    *,
    dialect: Dialect = _TELEGRAM,
    subjects: Iterable[str] = (),
    format: Format = Format.FULL,  # noqa: A002
    mention: tuple[str, ...] = (),
    language: str = "zh-CN",
    before: date | None = None,
    corrected: bool = False,
) -> tuple[Part, ...]:
    """Return the messages that a chat with these wishes should be pushed, rendered apart from the application."""
    digest, edition = _cut(source, subjects, format)
    if not edition.items:
        return ()
    buttons = under_push(digest, _TAXONOMY.categories, before=before)
    parts = _RENDERER.edition(
        edition,
        dialect,
        language,
        categories=_TAXONOMY.categories,
        buttons=buttons,
        corrected=corrected,
    )
    if not mention:
        return parts
    reply = Reply(template="mention", values={"day": edition.day})
    call = _RENDERER.reply(reply, dialect, language, categories=())
    return numbered([*parts, *(replace(part, mention=mention) for part in call)])


def notice_of(
    old: bytes,
    new: bytes | None,
    *,
    dialect: Dialect,
    subjects: Iterable[str] = (),
    format: Format = Format.FULL,  # noqa: A002
    language: str = "zh-CN",
) -> tuple[Part, ...]:
    """Return what is said after `old`, where nothing can be edited, when `new` is published; None withdraws it."""
    wanted = tuple(subjects)
    _, before = _cut(old, wanted, format)
    withdrawn = Reply(template="withdrawn", values={"day": before.day})
    said = what_changed(before, _cut(new, wanted, format)[1]) if new else withdrawn
    return _RENDERER.reply(said, dialect, language, categories=_TAXONOMY.categories) if said else ()


def _cut(source: bytes, subjects: Iterable[str], format: Format) -> tuple[Digest, Edition]:  # noqa: A002
    digest = categories.sort(markdown.parse(source).digest, _TAXONOMY).digest
    return digest, editions.cut(digest, categories=frozenset(slug(name) for name in subjects), format=format)
