"""The bytes of a document -> its text, with LF line ends and no control characters."""

import codecs
import re

from bot.markdown.chinese import is_chinese
from bot.markdown.problems import Problems

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_LINE_END = re.compile(r"\r\n?")
_ODD_SPACE = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAVE = "save the file as UTF-8"
_ASCII = 0x7F


def decode(source: bytes, problems: Problems) -> str | None:
    """Return the text of `source`, or None after noting the error that it is no text in an encoding we know.

    Tries the byte order mark, UTF-8 and then GB18030, strictly; anything but UTF-8 is a warning. Nearly all that is in
    Big5, Shift-JIS or EUC-KR is GB18030 too, by its bytes: it is refused by what it says.
    """
    text = _marked(source, problems)
    if text is None and not problems.failed:
        text = _unmarked(source, problems)
    return None if text is None else _clean(text, problems)


def _marked(source: bytes, problems: Problems) -> str | None:
    for mark, codec, name in _MARKS:
        if not source.startswith(mark):
            continue
        try:
            text = source.decode(codec).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            _damaged(source, error, name or "UTF-8", problems)
            return None
        if name:
            problems.warn(1, f"saved as {name}", _SAVE)
        return text
    return None


def _unmarked(source: bytes, problems: Problems) -> str | None:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(source):
            _damaged(source, error, "UTF-8", problems)
            return None
    try:
        text = source.decode("gb18030")
    except UnicodeDecodeError as error:
        _damaged(source, error, "UTF-8 or GB18030", problems)
        return None
    if not is_chinese(text):
        line = source.count(b"\n", 0, next(place for place, byte in enumerate(source) if byte > _ASCII)) + 1
        problems.fail(line, "neither UTF-8 nor Chinese in GB18030; is it Big5, Shift-JIS or EUC-KR?", _SAVE)
        return None
    problems.warn(1, "saved as GB18030", _SAVE)
    return text


def _mostly_utf8(source: bytes) -> bool:
    """Tell a UTF-8 text with a few broken bytes from one that never was UTF-8: GB18030 would read it as gibberish."""
    text = source.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) > 4 * broken


def _damaged(source: bytes, error: UnicodeDecodeError, name: str, problems: Problems) -> None:
    line = source.count(b"\n", 0, error.start) + 1
    problems.fail(line, f"byte {error.start} is not {name} text", _SAVE)


def _clean(text: str, problems: Problems) -> str:
    text = _ODD_SPACE.sub(" ", _LINE_END.sub("\n", text))
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        name = "NUL bytes" if found.group() == "\0" else "control characters"
        problems.warn(line, f"{name} in the text; they are left out", "take them away")
        text = _CONTROL.sub("", text)
    return _SURROGATE.sub("\ufffd", text)
