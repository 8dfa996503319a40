"""Which messages and modals Discord takes: their sizes, and how components nest."""

import re
from typing import Any

from tests.emulators.discord.message import BUTTON, COMPONENTS_V2, SELECTS, walk
from tests.emulators.discord.refusal import Json, Refused, Tree, empty_message

CONTENT, EMBEDS, EMBEDS_SUM, V2_PARTS, V2_TEXT, NONCE = 2000, 10, 6000, 40, 4000, 25
_ROW, _TEXT_INPUT, _LABEL = 1, 4, 18
_EMBED = {("title",): 256, ("description",): 4096, ("footer", "text"): 2048, ("author", "name"): 256}
_LINK = 5
Path = tuple[str | int, ...]


def check_message(payload: Json) -> None:
    """Raise Refused unless Discord would take this as a message's whole content."""
    tree = Tree()
    tree.most(("content",), payload.get("content") or "", CONTENT)
    tree.most(("nonce",), str(payload.get("nonce") or ""), NONCE)
    _check_embeds(tree, payload.get("embeds") or [])
    components = payload.get("components") or []
    if int(payload.get("flags") or 0) & COMPONENTS_V2:
        _check_layout(tree, payload, components)
    else:
        _check_rows(tree, components)
    _check_controls(tree, components)
    tree.check()
    if not any(payload.get(what) for what in ("content", "embeds", "components", "attachments")):
        raise empty_message()
    if not (payload.get("content") or "x").strip() and not payload.get("embeds"):
        raise empty_message()


def _check_embeds(tree: Tree, embeds: list[Json]) -> None:
    tree.most(("embeds",), embeds, EMBEDS)
    total = 0
    for number, embed in enumerate(embeds):
        for path, most in _EMBED.items():
            text = _at(embed, path)
            total += len(text.strip())
            tree.most(("embeds", number, *path), text, most)
        fields = embed.get("fields") or []
        tree.most(("embeds", number, "fields"), fields, 25)
        for index, entry in enumerate(fields):
            for what, most in (("name", 256), ("value", 1024)):
                total += len(entry.get(what, "").strip())
                tree.most(("embeds", number, "fields", index, what), entry.get(what, ""), most, least=1)
        for path in (("url",), ("image", "url"), ("thumbnail", "url"), ("author", "url")):
            _check_url(tree, ("embeds", number, *path), _at(embed, path))
    if total > EMBEDS_SUM:
        tree.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBEDS_SUM}")


def _at(embed: Json, path: tuple[str, ...]) -> str:
    value: Any = embed
    for step in path:
        value = (value or {}).get(step)
    return value or ""


def _check_url(tree: Tree, path: Path, url: str) -> None:
    if url and not re.fullmatch(r"(https?|attachment)://[^\s]+", url):
        tree.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    tree.most(path, url, 2048)


def _check_layout(tree: Tree, payload: Json, components: list[Json]) -> None:
    """Components V2: nothing beside them, 40 in all, 4000 characters in all."""
    for what in ("content", "embeds", "poll"):
        if payload.get(what):
            message = f"The '{what}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            tree.add((what,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    every = list(walk(components))
    if len(every) > V2_PARTS:
        tree.add(("components",), "BASE_TYPE_MAX_LENGTH", f"Must be {V2_PARTS} or fewer in length.")
    if sum(len(part.get("content") or "") for part in every) > V2_TEXT:
        message = f"The total text of all components must be {V2_TEXT} or fewer in length."
        tree.add(("components",), "COMPONENT_MAX_TOTAL_TEXT_EXCEEDED", message)


def _check_rows(tree: Tree, rows: list[Json]) -> None:
    tree.most(("components",), rows, 5)
    for number, row in enumerate(rows):
        inner = row.get("components") or []
        if row.get("type") != _ROW:
            tree.add(("components", number), "UNION_TYPE_CHOICES", "Value of field type must be one of (1,).")
        width = sum(5 if part.get("type") in SELECTS else 1 for part in inner)
        if not 1 <= width <= 5:
            path = ("components", number, "components")
            tree.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")


def _check_controls(tree: Tree, components: list[Json]) -> None:
    """Buttons and menus, wherever they stand."""
    seen: set[str] = set()
    for path, part in _placed(components, ("components",)):
        custom_id = part.get("custom_id")
        if part.get("type") == BUTTON:
            _check_button(tree, path, part)
        elif part.get("type") in SELECTS:
            tree.most((*path, "custom_id"), custom_id or "", 100, least=1)
            tree.most((*path, "placeholder"), part.get("placeholder") or "", 150)
            if part["type"] == SELECTS[0]:
                _check_options(tree, path, part)
        if custom_id in seen:
            tree.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen |= {custom_id} if custom_id else set()


def _placed(parts: list[Json], path: Path) -> list[tuple[Path, Json]]:
    found: list[tuple[Path, Json]] = []
    for number, part in enumerate(parts):
        here = (*path, number)
        found.append((here, part))
        found += _placed(part.get("components") or [], (*here, "components"))
        for key in ("component", "accessory"):
            if inner := part.get(key):
                found.append(((*here, key), inner))
    return found


def _check_button(tree: Tree, path: Path, button: Json) -> None:
    tree.most((*path, "label"), button.get("label") or "", 80)
    if not button.get("label") and not button.get("emoji"):
        tree.add(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")
    if button.get("style") == _LINK:
        tree.most((*path, "url"), button.get("url") or "", 512, least=1)
        _check_url(tree, (*path, "url"), button.get("url") or "")
    else:
        tree.most((*path, "custom_id"), button.get("custom_id") or "", 100, least=1)


def _check_options(tree: Tree, path: Path, menu: Json) -> None:
    options = menu.get("options") or []
    tree.most((*path, "options"), options, 25, least=1)
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not 0 <= least <= most <= max(len(options), 1):
        tree.add((*path, "max_values"), "NUMBER_TYPE_MAX", f"Value should be {least} to {len(options)}.")
    values = [option.get("value") for option in options]
    for number, option in enumerate(options):
        for what in ("label", "value"):
            tree.most((*path, "options", number, what), option.get(what) or "", 100, least=1)
        tree.most((*path, "options", number, "description"), option.get("description") or "", 100)
        if values.index(option.get("value")) != number:
            where = (*path, "options", number, "value")
            tree.add(where, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
    if sum(bool(option.get("default")) for option in options) > most:
        tree.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")


def check_modal(modal: Json) -> None:
    """Raise Refused unless Discord would show this form."""
    tree = Tree()
    tree.most(("data", "custom_id"), modal.get("custom_id") or "", 100, least=1)
    tree.most(("data", "title"), modal.get("title") or "", 45, least=1)
    tree.most(("data", "components"), modal.get("components") or [], 5, least=1)
    for path, part in _placed(modal.get("components") or [], ("data", "components")):
        if part.get("type") == _TEXT_INPUT:
            tree.most((*path, "custom_id"), part.get("custom_id") or "", 100, least=1)
            tree.most((*path, "placeholder"), part.get("placeholder") or "", 100)
            tree.most((*path, "value"), part.get("value") or "", part.get("max_length") or 4000)
        if part.get("type") == _LABEL or part.get("label"):
            tree.most((*path, "label"), part.get("label") or "", 45, least=1)
            tree.most((*path, "description"), part.get("description") or "", 100)
        if part.get("type") == SELECTS[0]:
            _check_options(tree, path, part)
    tree.check()


def check_choices(choices: list[Json]) -> None:
    """Raise Refused unless Discord would suggest these."""
    tree = Tree()
    tree.most(("data", "choices"), choices, 25)
    for number, choice in enumerate(choices):
        path = ("data", "choices", number)
        tree.most((*path, "name"), choice.get("name") or "", 100, least=1)
        if isinstance(choice.get("value"), str):
            tree.most((*path, "value"), choice["value"], 100, least=1)
    tree.check()


def pings(payload: Json) -> bool:
    """Whether this would call people who did not ask for it."""
    allowed = payload.get("allowed_mentions")
    quiet = allowed is not None and not any(allowed.get(what) for what in ("parse", "users", "roles"))
    return not quiet and bool(re.search(r"@everyone|@here|<@&?!?\d+>", payload.get("content") or ""))


def check_name(name: str) -> None:
    """Raise Refused unless a thread or forum post may bear this name."""
    tree = Tree()
    tree.most(("name",), name, 100, least=1)
    tree.check()


def check_tags(wanted: list[int], known: set[int], *, required: bool) -> None:
    """Raise Refused unless a forum post may bear these tags."""
    if required and not wanted:
        raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
    if set(wanted) - known:
        raise Refused(404, 10087, "Unknown tag")
    tree = Tree()
    tree.most(("applied_tags",), wanted, 5)
    tree.check()
