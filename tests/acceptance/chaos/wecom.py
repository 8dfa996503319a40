"""WeCom's side: robots, of whose messages none can be changed, and nothing tells a double."""

from collections.abc import Sequence
from hashlib import sha256

from pydantic import SecretStr

from adapters.wecom import WecomDialect
from bot.contract import Dialect
from bot.models import Chat, ChatKind, Format, Part
from tests.acceptance.chaos.plan import WISHES, Plan, Weather
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.chaos.weather import CHANCE
from tests.acceptance.seeding import Subscriber
from tests.emulators.wecom import Fault, Message, Rule, WecomEmulator

CALLED = ("@all",)
_ROUGH = (Fault.BAD_GATEWAY, Fault.HANG_UP)


class WecomSide:
    """The robots of groups."""

    def __init__(self, emulator: WecomEmulator, subscribers: Sequence[Subscriber]) -> None:
        self.dialect: Dialect = WecomDialect()
        self.settings = {"wecom_api_url": emulator.url}
        self._emulator = emulator
        self._untold: Sequence[Rule] = ()
        self.subscribers = subscribers
        self.keys: Sequence[str] = [_key(one.chat) for one in subscribers]

    @property
    def sent(self) -> int:
        return self._emulator.sent

    @property
    def violations(self) -> Sequence[str]:
        return self._emulator.violations

    @property
    def unknowns(self) -> int:
        return sum(rule.hits for rule in self._untold)

    def may_double(self, chat: Chat) -> bool:  # noqa: ARG002 - any may
        return True

    def face(self, part: Part) -> Face:
        cards = [f"{card.title}\n{card.description}\n{card.url}" for card in part.cards]
        return part.markup or "\n".join(cards), (part.mention,)

    def standing(self, chat: Chat) -> Sequence[Shown]:
        robot = self._emulator.robots.get(_key(chat))
        return [_shown(message) for message in robot.messages] if robot else []

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        raise LookupError(f"WeCom gives no ids, and {chat.address} has {message_id}")

    def brew(self, plan: Plan) -> None:
        emulator = self._emulator
        emulator.enforce()
        emulator.faults.seed = plan.seed
        emulator.faults.__post_init__()
        if plan.slow:
            for recorded in (False, True):
                emulator.inject(Fault.SLOW, jitter=plan.slow, times=None, recorded=recorded)
        if plan.weather is Weather.STRICT:
            emulator.inject(Fault.AT_ONCE, chance=0.2, times=None)
        if plan.weather is Weather.DEAF:
            emulator.inject(Fault.HANG, chance=CHANCE, times=None)
            self._untold = [emulator.inject(Fault.HANG, chance=CHANCE, times=None, recorded=True)]
        if plan.weather is Weather.ROUGH:
            for fault in (Fault.BUSY, *_ROUGH):
                emulator.inject(fault, chance=CHANCE * 2, times=None)
            self._untold = [emulator.inject(fault, chance=CHANCE * 2, times=None, recorded=True) for fault in _ROUGH]

    def calm(self) -> None:
        self._emulator.faults.rules.clear()


def robots(emulator: WecomEmulator, zone: str, number: int) -> Sequence[Subscriber]:
    """Put so many robots into groups.

    Each has a message or two to say, so that its 20 a minute are never what a round waits for.
    """
    return [
        Subscriber(
            chat=group(emulator.robot(f"00000000-robot-{at:06}-of-chaos").key),
            zone=zone,
            subjects=WISHES[at % len(WISHES)],
            format=Format.HEADLINES if at % 3 else Format.BRIEF,
            mention=() if at % 4 else CALLED,
        )
        for at in range(number)
    ]


def group(key: str) -> Chat:
    """Return the group of a robot as the bot knows it."""
    address = f"r-{sha256(key.encode()).hexdigest()[:8]}"
    return Chat(platform="wecom", address=address, kind=ChatKind.GROUP, credential=SecretStr(key))


def _key(chat: Chat) -> str:
    assert chat.credential
    return chat.credential.get_secret_value()


def _shown(message: Message) -> Shown:
    cards = [f"{card['title']}\n{card['description']}\n{card['url']}" for card in message.articles]
    face = message.content or "\n".join(cards), (message.mentioned,)
    return Shown(face=face, first=face)
