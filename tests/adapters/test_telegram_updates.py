"""What an update means: commands typed and pressed, and the bot's standing in a chat."""

from typing import Any

import pytest

from adapters.telegram.inline import Inline
from adapters.telegram.updates import Handle, translate
from bot.contract import ChatEvent, EventKind
from bot.models import Actor, ChatKind, Command
from tests.adapters.telegram_setting import group, private

USER = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": "zh-hans"}
ADA = Actor(address="7", name="Ada L")
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada", "last_name": "L"}
GROUP = {"id": -100, "type": "supergroup", "title": "Readers", "is_forum": True}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}


def heard(**update: Any) -> Command | ChatEvent | Inline | None:
    return translate({"update_id": 1, **update}, "digest_bot")


def typed(text: str, chat: dict[str, Any] = PRIVATE, **rest: Any) -> Command | ChatEvent | Inline | None:
    message = {"message_id": 5, "date": 1760000000, "chat": chat, "from": USER, "text": text, **rest}
    return heard(message=message)


def pressed(data: str | None, **rest: Any) -> Command | ChatEvent | Inline | None:
    under = {"message_id": 9, "date": 1760000000, "chat": PRIVATE, "text": "x"}
    query = {"id": "q", "from": USER, "chat_instance": "1", "message": under, "data": data} | rest
    return heard(callback_query={name: value for name, value in query.items() if value is not None})


def standing(chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> Command | ChatEvent | Inline | None:
    bot = {"id": 1, "is_bot": True, "first_name": "D"}
    change = {"chat": chat, "from": USER, "date": 1760000000}
    return heard(
        my_chat_member={**change, "old_chat_member": {"user": bot, **old}, "new_chat_member": {"user": bot, **new}}
    )


# ------------------------------------------------------------------ typed


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("/day 10-12", "day", "10-12"),
        ("/day@digest_bot 10-12", "day", "10-12"),
        ("/Day@Digest_Bot   10月12日  ", "day", "10月12日"),
        ("/start cat_chips", "start", "cat_chips"),
        ("/subscribe 07:30\nAsia/Tokyo", "subscribe", "07:30\nAsia/Tokyo"),
        ("/today", "today", ""),
        ("芯片", "", "芯片"),
        ("/ no command", "", "/ no command"),
    ],
)
def test_typed__splits_name_and_words(text: str, name: str, words: str) -> None:
    command = typed(text)

    assert isinstance(command, Command)
    assert (command.name, command.words) == (name, words)


def test_typed__carries_who_where_and_language() -> None:
    assert typed("/today") == Command(
        name="today", actor=ADA, chat=private(), locale="zh-hans", handle=Handle(message_id=5)
    )


@pytest.mark.parametrize("text", ["/day@other_bot", "good morning", "/ x"])
def test_typed__in_a_group_what_is_not_for_the_bot_is_ignored(text: str) -> None:
    assert typed(text, GROUP) is None


@pytest.mark.parametrize(
    ("text", "chat", "addressed"),
    [("/ban x", GROUP, False), ("/ban@Digest_Bot x", GROUP, True), ("/ban x", PRIVATE, True), ("hello", PRIVATE, True)],
)
def test_typed__tells_whether_it_is_surely_for_the_bot(text: str, chat: dict[str, Any], addressed: bool) -> None:  # noqa: FBT001
    command = typed(text, chat)
    assert isinstance(command, Command)
    assert command.addressed is addressed


def test_typed__without_text_is_ignored() -> None:
    assert typed("  ") is None


def test_typed__in_a_topic_stays_there() -> None:
    command = typed("/today", GROUP, message_thread_id=42, is_topic_message=True)

    assert isinstance(command, Command)
    assert (command.chat, command.chat.kind, command.chat.title) == (group(topic="42"), ChatKind.GROUP, "Readers")


def test_typed__in_a_chain_of_replies_is_no_topic() -> None:
    command = typed("/today", {**GROUP, "is_forum": False}, message_thread_id=42)

    assert isinstance(command, Command)
    assert command.chat == group()


def test_typed__by_an_anonymous_admin_is_the_chat_itself() -> None:
    ghost = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    command = typed("/subscribe", GROUP, sender_chat=GROUP, **{"from": ghost})

    assert isinstance(command, Command)
    assert command.actor == Actor(address="-100", name="Readers")


def test_typed__by_a_channel_is_that_channel() -> None:
    command = typed("/subscribe", GROUP, sender_chat=CHANNEL)

    assert isinstance(command, Command)
    assert command.actor.address == "-200"


# ------------------------------------------------------------------ located


def located(chat: dict[str, Any]) -> object:
    place = {"latitude": 35.676213, "longitude": -139.65}
    return heard(message={"message_id": 5, "date": 1760000000, "chat": chat, "from": USER, "location": place})


def test_location__in_private_says_where_the_reader_is() -> None:
    assert located(PRIVATE) == Command(
        name="here", words="35.6762 -139.6500", actor=ADA, chat=private(), locale="zh-hans", handle=Handle(message_id=5)
    )


def test_location__in_a_group_is_for_the_others() -> None:
    assert located(GROUP) is None


def test_channel_post__is_ignored() -> None:
    assert heard(channel_post={"message_id": 1, "date": 1, "chat": CHANNEL, "text": "/today"}) is None


# ------------------------------------------------------------------ pressed


def test_pressed__asks_for_a_change_in_place() -> None:
    assert pressed("day 2025-10-11") == Command(
        name="day",
        words="2025-10-11",
        actor=ADA,
        chat=private(),
        locale="zh-hans",
        handle=Handle(message_id=9, press="q"),
        in_place=True,
    )


def test_pressed__with_plus_asks_for_a_new_message() -> None:
    command = pressed("+day 2025-10-11")

    assert isinstance(command, Command)
    assert (command.name, command.words, command.in_place) == ("day", "2025-10-11", False)


def test_pressed__under_an_inaccessible_message_still_asks() -> None:
    command = pressed("today", message={"message_id": 9, "date": 0, "chat": GROUP})

    assert isinstance(command, Command)
    assert (command.chat, command.handle) == (group(), Handle(message_id=9, press="q"))


@pytest.mark.parametrize("rest", [{"message": None}, {"data": None}])
def test_pressed__without_message_or_data_is_nothing(rest: dict[str, Any]) -> None:
    assert pressed(**{"data": "today", **rest}) is None


# ------------------------------------------------------------------ the bot's standing


MEMBER = {"status": "member"}
ADMIN = {"status": "administrator", "can_post_messages": True}
POSTLESS = {"status": "administrator", "can_post_messages": False}
MUTED = {"status": "restricted", "is_member": True, "can_send_messages": False}
LIMITED = {"status": "restricted", "is_member": True, "can_send_messages": True}
BANNED = {"status": "kicked", "until_date": 0}
LEFT = {"status": "left"}


@pytest.mark.parametrize(
    ("chat", "old", "new", "kind"),
    [
        (PRIVATE, MEMBER, BANNED, EventKind.BLOCKED),
        (PRIVATE, BANNED, MEMBER, EventKind.BACK),
        (GROUP, LEFT, MEMBER, EventKind.JOINED),
        (GROUP, BANNED, ADMIN, EventKind.JOINED),
        (GROUP, MEMBER, LEFT, EventKind.KICKED),
        (GROUP, ADMIN, BANNED, EventKind.KICKED),
        (GROUP, MUTED, BANNED, EventKind.KICKED),
        (GROUP, MUTED, {"status": "restricted", "is_member": False}, EventKind.KICKED),
        (GROUP, MUTED, MEMBER, EventKind.BACK),
        (GROUP, MUTED, LIMITED, EventKind.BACK),
        (CHANNEL, LEFT, ADMIN, EventKind.JOINED),
        (CHANNEL, ADMIN, LEFT, EventKind.KICKED),
        (CHANNEL, POSTLESS, ADMIN, EventKind.BACK),
    ],
)
def test_standing__becomes_an_event(
    chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any], kind: EventKind
) -> None:
    event = standing(chat, old, new)

    assert isinstance(event, ChatEvent)
    assert (event.kind, event.chat.address, event.actor) == (kind, str(chat["id"]), ADA)


@pytest.mark.parametrize(("old", "new"), [(MEMBER, MUTED), (MEMBER, ADMIN), (BANNED, LEFT), (LIMITED, MEMBER)])
def test_standing__that_changes_nothing_for_us_is_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert standing(GROUP, old, new) is None


def test_migration__names_the_new_address() -> None:
    event = heard(
        message={
            "message_id": 5,
            "date": 1,
            "chat": {"id": -5, "type": "group", "title": "Readers"},
            "from": USER,
            "migrate_to_chat_id": -1005,
        }
    )

    assert event == ChatEvent(kind=EventKind.MIGRATED, chat=group(-5), moved_to=group(-1005))
