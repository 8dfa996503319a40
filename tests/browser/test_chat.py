"""A newcomer in the chat: subscribes, presses buttons, moves the clock, and sees the push arrive."""

import pytest
from playwright.async_api import expect

from tests.browser.site import PHONE, Site, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCRIPT = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


async def test_newcomer__is_greeted_subscribes_and_sees_the_push(playground: Site) -> None:
    page = await playground.open()
    room = page.locator(".room").first
    await expect(room.locator(".line:not(.mine)")).to_have_count(1)
    await room.get_by_role("button", name="订阅", exact=False).first.click()
    await expect(room.locator(".line").last).to_contain_text("订阅")
    await page.get_by_role("button", name="下一个早晨", exact=False).click()
    pushed = room.locator(".pushed")
    await expect(pushed).to_have_count(1, timeout=30_000)
    await expect(pushed).to_contain_text("全球AI新闻速递")
    await shoot(page, "chat")


async def test_rooms__each_has_its_own_categories(playground: Site) -> None:
    page = await playground.open(language="en", size=(1280, 760))
    await say(page, "/subscribe frontier 08:00")
    await page.get_by_role("button", name="Another chat").click()
    await say(page, "/subscribe products 08:00", room=1)
    await expect(page.locator(".room").nth(1).locator(".line").last).to_contain_text("Products")
    await page.get_by_role("button", name="Next morning").click()
    await expect(page.locator(".pushed")).to_have_count(2, timeout=30_000)
    frontier, products = (page.locator(".room").nth(place).locator(".pushed") for place in (0, 1))
    await expect(frontier).to_contain_text("Frontier technology")
    await expect(products).to_contain_text("Products")
    await shoot(page, "chat-two-rooms")


async def test_rooms__as_many_as_a_page_has_all_hear_and_speak(playground: Site) -> None:
    page = await playground.open(language="en")
    another = page.get_by_role("button", name="Another chat")
    for number in range(2, 13):
        await another.click()
        await expect(page.locator(".room").nth(number - 1).locator(".line:not(.mine)")).to_have_count(1)
    await expect(another).to_be_disabled()
    await say(page, "/help", room=0)
    await expect(page.locator(".room").first.locator(".line")).to_have_count(4)
    await page.locator(".room").nth(1).get_by_role("button", name="Close").click()
    await say(page, "/help", room=10)
    await expect(page.locator(".room").nth(10).locator(".line")).to_have_count(4)


async def test_button__changes_its_message_in_place(playground: Site) -> None:
    page = await playground.open(language="en")
    room = page.locator(".room").first
    await say(page, "/categories")
    answer = room.locator(".line").last
    await answer.get_by_role("button", name="Chips").click()
    await expect(answer.get_by_role("button", name="✓ Chips")).to_be_visible()
    await expect(answer).to_contain_text("edited")
    await expect(room.locator(".line")).to_have_count(4)


async def test_commands__are_offered_while_typing_and_taken_by_keyboard(playground: Site) -> None:
    page = await playground.open(language="en")
    field = page.get_by_role("combobox")
    await field.press_sequentially("/da")
    await expect(page.get_by_role("option")).to_have_count(2)
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(field).to_have_value("/days ")
    await field.press("Enter")
    await expect(page.locator(".line").last).to_contain_text("All digests")


async def test_reload__keeps_the_conversation(playground: Site) -> None:
    page = await playground.open()
    await say(page, "/help")
    await expect(page.locator(".line")).to_have_count(4)
    await page.reload()
    await expect(page.locator(".line")).to_have_count(4)


async def test_script__in_what_is_said_does_not_run(playground: Site) -> None:
    page = await playground.open()
    title = await page.title()
    await say(page, SCRIPT)
    await expect(page.locator(".line.mine").last).to_have_text(SCRIPT)
    await expect(page.locator(".bubble img, .bubble script")).to_have_count(0)
    assert await page.title() == title


async def test_phone__is_greeted_without_any_scrolling_of_the_window(playground: Site) -> None:
    page = await playground.open(size=PHONE)
    await expect(page.locator(".line:not(.mine)")).to_have_count(1)
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert await page.evaluate("() => scrollY") == 0
    await shoot(page, "chat-phone")
