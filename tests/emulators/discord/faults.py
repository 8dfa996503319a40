"""What can go wrong on purpose, by the same rules as on Telegram, with Discord's own calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.emulators.telegram.faults import Fault, Faults
from tests.emulators.telegram.faults import Rule as AnyRule

SENDS = ("send_message", "start_thread", "edit_message")
CREATES = ("send_message", "start_thread")
ANSWERS = ("callback", "followup", "edit_answer")


@dataclass(kw_only=True, slots=True)
class Rule(AnyRule):
    """A fault; `methods` are of SENDS or ANSWERS (or any route's name), `chat` is a channel.

    A FLOOD has a `scope`: user, global or shared. BAD_MARKUP is a 400 with 50035.
    """

    methods: Sequence[str] = SENDS
    retry_after: float = 1.0  # type: ignore[assignment]
    scope: str = "user"


__all__ = ["ANSWERS", "CREATES", "SENDS", "Fault", "Faults", "Rule"]
