"""How Telegram reads text and keyboards; text is read by its own parser, through TDLib."""

import json
import re
from typing import Any, NamedTuple

import tdjson

from tests.emulators.telegram.blemishes import blemishes
from tests.emulators.telegram.places import Json
from tests.emulators.telegram.refusal import bad_request

RAW_BYTES = 32768
UTF16_UNITS = 4096
DATA_BYTES = 64
BUTTONS = 100

_ACTIONS = ("callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "web_app")
_NAMES = {
    "PreCode": "pre", "TextUrl": "text_link", "BlockQuote": "blockquote", "MentionName": "text_mention",
    "ExpandableBlockQuote": "expandable_blockquote", "EmailAddress": "email",
}  # fmt: skip
_MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}


def utf16(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Reading(NamedTuple):
    text: str
    entities: list[Json]
    spoilt: tuple[str, ...]


class Reader:
    """Telegram's own reading of texts. What was read before is remembered: a broadcast repeats itself."""

    def __init__(self, remembered: int = 4096) -> None:
        self._known: dict[tuple[str, str], _Reading] = {}
        self._remembered = remembered
        _execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})

    def read(self, raw: str, mode: str) -> tuple[str, list[Json]]:
        """Return what is shown of `raw`, and its entities. Raises Refused as Telegram does."""
        reading = self._remembering(raw, mode)
        return reading.text, reading.entities

    def spoilt(self, raw: str, mode: str) -> tuple[str, ...]:
        """Return what of `raw` Telegram takes and spoils without a word. Raises Refused."""
        return self._remembering(raw, mode).spoilt

    def _remembering(self, raw: str, mode: str) -> _Reading:
        key = (raw, mode)
        if key not in self._known:
            if len(self._known) >= self._remembered:
                self._known.clear()
            self._known[key] = self._read(raw, mode.lower())
        return self._known[key]

    def _read(self, raw: str, mode: str) -> _Reading:
        if not raw:
            raise bad_request("message text is empty")
        if len(raw.encode("utf-8", "surrogatepass")) > RAW_BYTES:
            raise bad_request("text is too long")
        text, entities = _parsed(raw, mode) if mode else (raw, [])
        text, entities = _trimmed(text, entities)
        if not text:
            raise bad_request("text must be non-empty")
        spoilt = blemishes(raw, lambda link: bool(_parsed(link, mode)[1])) if mode == "html" else ()
        return _Reading(text, entities, tuple(spoilt))

    def found(self, text: str) -> list[Json]:
        """The entities Telegram finds in what a person types: commands, links, mentions."""
        answer = _execute({"@type": "getTextEntities", "text": text})
        return [_entity(entity) for entity in answer["entities"]]


def check_length(text: str) -> None:
    """Raise Refused when what is shown of a message is too long."""
    if len(text) > UTF16_UNITS // 2 and utf16(text) > UTF16_UNITS:
        raise bad_request("message is too long")


def check_keyboard(markup: Json | None) -> None:
    """Raise Refused when a button can't be."""
    if not markup or "inline_keyboard" not in markup:
        return
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    actions = [action for action in _ACTIONS if action in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is wanted")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://[^\s/?#]+", button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _parsed(raw: str, mode: str) -> tuple[str, list[Json]]:
    if mode not in _MODES:
        raise bad_request("unsupported parse_mode")
    answer = _execute({"@type": "parseTextEntities", "text": raw, "parse_mode": _MODES[mode]})
    if answer["@type"] == "error":
        message = answer["message"]
        raise bad_request(message[0].lower() + message[1:])
    return answer["text"], [_entity(entity) for entity in answer["entities"]]


def _execute(query: Json) -> Json:
    answer: Json = json.loads(tdjson.td_execute(json.dumps(query).encode()) or b"{}")
    return answer


def _entity(entity: Json) -> Json:
    kind: dict[str, Any] = entity["type"]
    name = kind["@type"].removeprefix("textEntityType")
    named = _NAMES.get(name) or re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    rest = {key: value for key, value in kind.items() if key != "@type" and value != ""}
    return {"type": named, "offset": entity["offset"], "length": entity["length"], **rest}


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Take white space off both ends, as Telegram does, the entities following."""
    cut = len(text) - len(text.lstrip())
    shown = text.strip()
    if len(shown) == len(text):
        return text, entities
    length, kept = utf16(shown), []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return shown, kept
