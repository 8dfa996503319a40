"""How a form somebody fills in stands in the payload of its submission."""

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord.refusal import Json

_ROW, _SELECT, _TEXT_INPUT, _TEXT, _LABEL = 1, 3, 4, 10, 18


def submitted(modal: Json, given: Mapping[str, Any]) -> list[Json]:
    """Return the components of a submission; what is not `given` (by custom id or label) keeps its default.

    Raises LookupError for a field the form has not, or a value Discord's client would not let anybody send.
    """
    taken: set[str] = set()
    components: list[Json] = []
    for number, part in enumerate(modal["components"]):
        if part["type"] == _ROW:
            inner = [_filled(field, field.get("label", ""), given, taken) for field in part["components"]]
            components.append({"type": _ROW, "id": number, "components": inner})
        elif part["type"] == _LABEL:
            inside = _filled(part["component"], part["label"], given, taken)
            components.append({"type": _LABEL, "id": number, "component": inside})
        elif part["type"] == _TEXT:
            components.append({"type": _TEXT, "id": number})
    if unknown := set(given) - taken:
        raise LookupError(f"the form has no {sorted(unknown)}")
    return components


def _filled(field: Json, label: str, given: Mapping[str, Any], taken: set[str]) -> Json:
    name = next((key for key in (field["custom_id"], label) if key in given), "")
    if name:
        taken.add(name)
    entry: Json = {"type": field["type"], "id": len(taken) + 100, "custom_id": field["custom_id"]}
    if field["type"] == _TEXT_INPUT:
        return {**entry, "value": _text(field, label, given.get(name, field.get("value") or ""))}
    return {**entry, "values": _values(field, label, given.get(name))}


def _text(field: Json, label: str, text: str) -> str:
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    allowed_empty = not text and not field.get("required", True)
    if not allowed_empty and not least <= len(text) <= (field.get("max_length") or 4000):
        raise LookupError(f"field {label!r} does not take {len(text)} characters")
    return text


def _values(field: Json, label: str, values: list[str] | None) -> list[str]:
    options = [option["value"] for option in field.get("options") or []]
    if values is None:
        return [option["value"] for option in field.get("options") or [] if option.get("default")]
    if field["type"] == _SELECT and set(values) - set(options):
        raise LookupError(f"field {label!r} offers {options}")
    return values
