"""What readers see: the digests, the archive, the search, and their settings."""

from tests.acceptance.screens.stage import Stage
from tests.acceptance.screens.visitors import OnDiscord, OnTelegram, Visitor


async def reads(at: Stage, visitor: Visitor) -> None:
    """Ask for every kind of day, week and category, right and wrong."""
    said = at.paper.speech
    for text in (
        "/yesterday",
        "/today",
        f"/day {at.ago(2)}",
        "/day 2-30",
        f"/day {at.ago(-1)}",
        f"/day {at.ago(2)} {at.ago(3)}",
        f"/day {said.nonsense}",
        "/days",
        "/category",
        f"/category {said.nonsense}",
        f"/category {said.chips} {at.ago(1)}",
        f"/category {said.safety} {at.ago(1)}",
        f"/category {said.safety}",
        f"/week {at.ago(8)}",
        f"/week {said.safety} {at.ago(8)}",
        "/week 2020-W10",
        "/week 2020-W60",
        "/week 2031-W10",
        "/help",
    ):
        await visitor.asks(text)


async def searches(at: Stage, visitor: Visitor, rare: int) -> None:
    """Search, find, open, and come back for a story that was taken out meanwhile, so many days ago."""
    said, day = at.paper.speech, at.ago(rare)
    await visitor.asks("/search")
    await visitor.asks(f"/search {said.many}")
    await visitor.asks(f"/search {said.nonsense}")
    await visitor.asks(f"/search {said.common}")
    await at.publish(day, rarity=True)
    found = await visitor.asks(f"/search {said.rarity}")
    await at.publish(day)
    await visitor.presses(found)


async def sets(at: Stage, visitor: Visitor) -> None:
    """Subscribe, see every page of the settings, say what can't be set, leave, and be forgotten."""
    said = at.paper.speech
    await visitor.asks(f"/subscribe {said.chips} 08:00")
    screen = await visitor.asks("/settings")
    for page in ("set days", "set format", "set language", "set away"):
        shown = await visitor.presses(screen, page)
        screen = await visitor.presses(shown, "settings")
    await visitor.presses(screen, "settings silent")
    absences = (said.past_absence, said.timed_absence, said.endless_absence)
    for words in ("25:00", "UTC+99", said.both_kinds_of_days, *absences, said.nonsense):
        await visitor.asks(f"/settings {words}")
    await visitor.asks("/categories")
    await visitor.asks(f"/subscribe {said.nonsense}")
    await visitor.asks("/unsubscribe")
    await visitor.asks(f"/settings {said.absence}")
    asked = await visitor.asks("/forget")
    await visitor.presses(asked, f"forget sure {at.today}")


async def on_telegram_alone(at: Stage, visitor: OnTelegram) -> None:
    """See what only a chat of Telegram has: a greeting, plain words, commands nobody knows, pages for hour and zone."""
    said = at.paper.speech
    beside = ("/categories 07:30", f"/unsubscribe {said.nonsense}")
    for text in ("/start", "/subscribe", "/start", *beside, said.nonsense, "unsubscribe", "/item", f"/{'x' * 5}"):
        await visitor.asks(text)
    screen = await visitor.asks("/settings")
    for page in ("set at", "set zone"):
        shown = await visitor.presses(screen, page)
        screen = await visitor.presses(shown, "settings")


async def on_discord_alone(at: Stage, visitor: OnDiscord) -> None:
    """Fill in the forms that Discord has in place of those pages, and have fields completed."""
    screen = await visitor.asks("/settings")
    assert screen is not None
    for number, words in ((0, "07:30"), (1, "UTC+8"), (1, at.paper.speech.nonsense)):
        label = screen.buttons[0][number]
        form = await at.discord.presses(visitor.user, screen, label)
        await at.discord.submits(visitor.user, form, {"words": words})
    for command, option in (("settings", "wish"), ("settings", "zone"), ("day", "day"), ("week", "week")):
        offered = await at.discord.autocompletes(visitor.user, command, option=option, channel=visitor.channel)
        assert offered, option
