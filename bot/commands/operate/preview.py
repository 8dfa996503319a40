"""`/preview`: a digest as it would be sent to this chat, and to it alone."""

from datetime import date

from bot.buttons import under_push
from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import read_day
from bot.editions import cut
from bot.models import Reply

_DRAFT = frozenset({"draft", "草稿"})


async def preview(ask: Ask) -> Reply:
    """Show the newest revision of today or of a day, be it a draft; `/preview draft` the draft loaded last."""
    if ask.words.casefold() in _DRAFT:
        draft = await ask.store.drafts.latest()
        return await _show(ask, draft.revision_id) if draft else Reply(template="no_draft")
    day = read_day(ask, ask.words)
    newest = await ask.store.digests.newest(day)
    return await _show(ask, newest.revision_id) if newest else await nothing_loaded(ask, day)


async def nothing_loaded(ask: Ask, day: date) -> Reply:
    """Say that there is nothing of `day`, published or not."""
    newest = await ask.store.digests.newest(day)
    return Reply(template="nothing_loaded", values={"day": day, "state": newest.state if newest else ""})


async def _show(ask: Ask, revision_id: int) -> Reply:
    """Go the way the broadcast goes: the same cut, the same buttons, and one more to mend the categories."""
    digest = await ask.store.digests.revision(revision_id)
    edition = cut(digest, categories=ask.chosen, format=ask.format)
    before, _ = await ask.store.digests.around(digest.day)
    mend = (key("sort_items", f"+categorise {digest.day}"),)
    buttons = (*under_push(digest, ask.categories, before=before), mend)
    if edition.items:
        return Reply(template="digest", edition=edition, buttons=buttons)
    categories = tuple(category.slug for category in ask.categories if category.slug in ask.chosen)
    values = {"day": digest.day, "categories": categories, "total": len(digest.items)}
    return Reply(template="nothing_that_day", values=values, buttons=buttons)
