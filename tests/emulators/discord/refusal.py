"""What Discord answers when it says no; codes and wording as in its documentation."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call is answered with an error; `code` is Discord's own beside the HTTP status."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def json(self) -> Json:
        body: Json = {"message": self.message, "code": self.code}
        return {**body, "errors": self.errors} if self.errors else body


class Flooded(Refused):
    """429. `scope` is user, global or shared; `retry_after` in seconds."""

    def __init__(self, retry_after: float, scope: str = "user") -> None:
        super().__init__(429, 0, "You are being rate limited.")
        self.retry_after, self.scope = retry_after, scope

    def json(self) -> Json:
        return {"message": self.message, "retry_after": self.retry_after, "global": self.scope == "global"}


class Tree:
    """The faults of a form, each under the path of its field."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        at = self.errors
        for step in path:
            at = at.setdefault(str(step), {})
        at.setdefault("_errors", []).append({"code": code, "message": message})

    def most(self, path: tuple[str | int, ...], value: Any, most: int, *, least: int = 0) -> None:
        """Note a text or list that is too long, or shorter than `least`. Text is counted without outer whitespace."""
        size = len(value.strip() if isinstance(value, str) else value or ())
        if least and not least <= size <= most:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif size > most:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def check(self) -> None:
        """Raise Refused when anything was noted."""
        if self.errors:
            raise invalid(self.errors)


def invalid(errors: Json) -> Refused:
    return Refused(400, 50035, "Invalid Form Body", errors)


def unknown(what: str) -> Refused:
    """404 for a channel, guild, message, webhook, user, member, interaction or tag."""
    codes = {
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "User": 10013,
        "Webhook": 10015,
        "interaction": 10062,
        "tag": 10087,
    }
    return Refused(404, codes[what], f"Unknown {what}")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def empty_message() -> Refused:
    return Refused(400, 50006, "Cannot send an empty message")
