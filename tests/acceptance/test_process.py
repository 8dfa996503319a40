"""Starting, stopping, standing in each other's way: the process as its publisher sees it."""

import asyncio
import json
import socket
import time
from pathlib import Path

import aiohttp

from tests.acceptance import ledger
from tests.acceptance.application import READY, TOKEN, WEBHOOK_SECRET, Application, judge
from tests.acceptance.documents import document, here, parts_of
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.acceptance.talk import Talk
from tests.emulators.telegram import Fault, TelegramEmulator

CROWD = 60
MOMENT = 0.5
SETTINGS_AT_FAULT = 2
TRY_LATER = 3
"""The exit code that tells a supervisor that starting again is no use."""


async def test_stop__leaves_nothing_half_done_and_a_restart_doubles_nothing(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    place, application = here(), Application(tmp_path, emulator)
    source = document(place.today)
    people = [emulator.private(number) for number in range(1, CROWD + 1)]
    await subscribe(application, (Subscriber(chat=at_place(person), zone=place.zone) for person in people))
    emulator.inject(Fault.SLOW, delay=0.2, times=None, recorded=True)
    async with application:
        await application.load("today.md", source)
        await application.until(lambda: emulator.sent >= CROWD // 3, 15)
        begun = time.monotonic()
        code = await application.stop()
        took, sent, left = time.monotonic() - begun, emulator.sent, ledger.deliveries(application.database)
        assert code == 0
        assert sent < CROWD
        assert "claimed" not in left
        assert ledger.parts(application.database, "sending") == []
        emulator.calm()
        await application.start()
        await application.until(lambda: not ledger.unsettled(application.database), 15)
        expected = [parts_of(source)[0].markup]
        assert [[message.raw for message in person.messages] for person in people] == [expected] * CROWD
        status = json.loads((await application.command("status", "--json")).out)
        assert (status["well"], status["rows"][0]["sent"]) == (True, CROWD)
    print(f"\nSIGTERM after {sent} of {CROWD}: ended in {took:.2f} s, left {left}; none doubled by the restart")


async def test_stop__ends_in_time_though_nothing_is_answered_any_more(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    """Pushes hang, and an answer with another one behind it: each alone could take longer than we have."""
    place, application = here(), Application(tmp_path, emulator)
    people = [emulator.private(number) for number in range(1, CROWD + 1)]
    await subscribe(application, (Subscriber(chat=at_place(person), zone=place.zone) for person in people))
    async with application:
        emulator.inject(Fault.HANG, times=None)
        await application.load("today.md", document(place.today))
        await application.until(lambda: len(ledger.parts(application.database, "sending")) > CROWD // 3, 15)
        for command in ("/help", "/today"):
            await emulator.types(people[0], command)
        await asyncio.sleep(MOMENT)
        begun = time.monotonic()
        assert await application.stop() == 0
        took, left = time.monotonic() - begun, ledger.deliveries(application.database)
        assert left == {"planned": CROWD}
        assert ledger.parts(application.database, "sending") == []
    print(f"\nSIGTERM while everything hangs: ended in {took:.2f} s, left {left}")


async def test_second_instance__is_told_and_one_goes_on(tmp_path: Path, emulator: TelegramEmulator) -> None:
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        folder.mkdir()
    first, second = (Application(folder, emulator) for folder in folders)
    reader = Talk(emulator=emulator, user=7, place=emulator.private(7, language_code="en"))
    async with first:
        await second.launch()
        await emulator.wait_for(lambda: not (first.running and second.running), READY)
        ended, stays = (first, second) if second.running else (second, first)
        assert await ended.ended() == TRY_LATER
        assert "another instance listens with this token" in ended.log
        assert "What you can ask" in (await reader.says("/help")).text
        assert await stays.stop() == 0
        judge(stays.log)
    print(f"\nthe {'first' if ended is first else 'second'} instance said so and ended, the other answered")


async def test_wrong_token__ends_with_a_clear_message(tmp_path: Path, emulator: TelegramEmulator) -> None:
    wrong = "123456:Nobody-has-this-token"
    application = Application(tmp_path, emulator, telegram_token=wrong)
    await application.launch()
    assert await application.ended(READY) == SETTINGS_AT_FAULT
    judge(application.log)
    assert "DIGESTBOT_TELEGRAM_TOKEN: Telegram refuses it" in application.log
    assert "Nobody-has" not in application.log
    doctor = await application.command("doctor")
    assert doctor.code == 1
    assert "DIGESTBOT_TELEGRAM_TOKEN" in doctor.out
    assert "Nobody-has" not in doctor.out + doctor.err


async def test_wrong_settings__are_named_all_at_once(tmp_path: Path, emulator: TelegramEmulator) -> None:
    faults = {"zone": "Mars/Olympus", "send_at": "8 o'clock", "telegram_tokn": TOKEN, "log_level": "loud"}
    ended = await Application(tmp_path, emulator, **faults).command("run")
    assert ended.code == SETTINGS_AT_FAULT
    assert all(f"DIGESTBOT_{name.upper()}" in ended.err for name in faults)
    assert "did you mean DIGESTBOT_TELEGRAM_TOKEN?" in ended.err
    assert emulator.calls == []


async def test_webhook__answers_who_knows_the_secret(tmp_path: Path, emulator: TelegramEmulator) -> None:
    port = _free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    settings = {"webhook_url": url, "webhook_secret": WEBHOOK_SECRET, "webhook_port": str(port)}
    application = Application(tmp_path, emulator, **{f"telegram_{name}": value for name, value in settings.items()})
    reader = Talk(emulator=emulator, user=7, place=emulator.private(7, language_code="en"))
    async with application, aiohttp.ClientSession() as http:
        greeting = await reader.says("/start")
        await reader.presses(greeting, "Subscribe")
        forged = {"update_id": 1, "message": {**reader.place.typed[0], "text": "/unsubscribe"}}
        statuses = []
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "a guess"}):
            async with http.post(url, json=forged, headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses == [403, 403]
        assert "You are subscribed" in (await reader.says("/start")).text
    assert emulator.counts["getUpdates"] == 0
    print(f"\nwebhook: {emulator.sent} messages, forged updates got {statuses}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
