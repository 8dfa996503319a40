"""What a part looks like on Discord: an embed, with its buttons and menus beneath."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.models import Key, Part

Json = dict[str, object]

NEW_MESSAGE = "+"
"""Before a press: answer with a new message instead of changing the one it stands under."""
ASKS = "?"
"""Before a press that wants words typed behind it; the label of the field stands on the second line."""
MENU = "="
"""Before the press of a menu, which the chosen options follow."""

COLOUR = 0x3B6EE8
EPHEMERAL = 1 << 6
SUPPRESS_NOTIFICATIONS = 1 << 12
_ROW, _BUTTON, _SELECT, _TEXT, _LABEL = 1, 2, 3, 4, 18
_PRIMARY, _SECONDARY = 1, 2
_ROWS = _WIDTH = 5
_OPTIONS = 25
_LABEL_MOST, _OPTION_MOST, _TITLE_MOST, _ID_MOST, _TYPED_MOST = 80, 100, 45, 100, 100
NOBODY: Json = {"parse": []}


def message(part: Part, *, silent: bool = False) -> Json:
    """Return what a message of `part` holds, all of it, for an edit too; a `silent` one is for sending alone."""
    embed: Json = {"description": part.markup, "color": COLOUR}
    if footer := _footer(part):
        embed["footer"] = {"text": footer}
    flags: Json = {"flags": SUPPRESS_NOTIFICATIONS} if silent else {}
    return {"embeds": [embed], "components": components(part), "allowed_mentions": NOBODY, **flags}


def components(part: Part) -> list[Json]:
    """Return the rows beneath: a menu of the options, if there is one, and at most 5 rows of 5 buttons in all."""
    options = [key for row in part.keys for key in row if key.option and part.menu]
    rows = [kept for row in part.keys if (kept := [key for key in row if not (key.option and part.menu)])]
    room = _ROWS - bool(options)
    if len(rows) > room or any(len(row) > _WIDTH for row in rows):
        flat = iter([key for row in rows for key in row])
        rows = [row for _ in range(room) if (row := list(islice(flat, _WIDTH)))]
    menu = [_row([_menu(part.menu, options)])] if options else []
    seen: set[str] = set()
    return [*menu, *(_row([_button(key, seen) for key in row]) for row in rows)]


def form(data: str, asks: str, title: str) -> Json:
    """Return a form with one field; what is typed goes behind the press `data`."""
    field: Json = {"type": _TEXT, "custom_id": "words", "style": 1, "required": True, "max_length": _TYPED_MOST}
    label: Json = {"type": _LABEL, "label": asks[:_TITLE_MOST], "component": field}
    return {"custom_id": data, "title": title[:_TITLE_MOST] or asks[:_TITLE_MOST], "components": [label]}


def typed(components: Sequence[object]) -> Iterator[str]:
    """Yield what was typed into the fields of a form."""
    for part in components:
        if isinstance(part, dict):
            if isinstance(part.get("value"), str):
                yield part["value"]
            yield from typed([part.get("component"), *(part.get("components") or ())])


def _footer(part: Part) -> str:
    place = f"{part.number}/{part.of}" if part.of > 1 else ""
    day = (part.about.dated or part.about.day.isoformat()) if part.about else ""
    return " · ".join(filter(None, (day, place)))


def _row(inner: list[Json]) -> Json:
    return {"type": _ROW, "components": inner}


def _button(key: Key, seen: set[str]) -> Json:
    custom_id = f"{ASKS}{key.data}\n{key.asks}"[:_ID_MOST] if key.asks else key.data
    while custom_id in seen:  # Discord takes no two of the same; what is behind the line end is not read
        custom_id += "\n" if "\n" not in custom_id else " "
    seen.add(custom_id)
    style = _PRIMARY if key.on else _SECONDARY
    return {"type": _BUTTON, "style": style, "label": key.label[:_LABEL_MOST], "custom_id": custom_id}


def _menu(press: str, keys: Sequence[Key]) -> Json:
    options: list[Json] = [
        {"label": key.label[:_OPTION_MOST], "value": key.option, "default": key.on} for key in keys[:_OPTIONS]
    ]
    return {"type": _SELECT, "custom_id": MENU + press, "options": options, "min_values": 0, "max_values": len(options)}
