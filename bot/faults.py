"""What pydantic finds wrong with a value, in our words."""

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "bool_parsing": "write true or false",
    "date_from_datetime_parsing": "write a day such as 2025-10-20",
    "date_parsing": "write a day such as 2025-10-20",
    "enum": "write {expected}",
    "extra_forbidden": "there is no such name",
    "float_parsing": "write a number",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} at least",
    "int_parsing": "write a whole number",
    "json_invalid": "this is no JSON: {error}",
    "less_than_equal": "it must be {le} at most",
    "literal_error": "write {expected}",
    "missing": "it is missing",
    "model_type": "write an object: {{…}}",
    "string_too_long": "it must have {max_length} characters at most",
    "string_too_short": "it must have {min_length} characters at least",
    "string_type": "write text",
    "time_parsing": "write a time as HH:MM such as 08:00",
    "too_short": "it must have {min_length} characters at least",
    "tuple_type": "write a list: […]",
    "url_parsing": "write a whole address such as https://example.com",
    "value_error": "{error}",
}


def in_words(fault: Mapping[str, Any]) -> str:
    """Return what one of a ValidationError's `errors()` means, and what to write instead."""
    words = _WORDS.get(fault["type"])
    return words.format(**fault.get("ctx", {})) if words else str(fault["msg"])
