"""Items of our own invention, and what a taxonomy of two animals makes of them."""

from datetime import date

from bot.categories import Sorted, Taxonomy, default_taxonomy, read_taxonomy, sort
from bot.models import Block, Digest, Item, Run

TWO = """\
categories:
  - slug: cats
    zh: 猫
    en: Cats
    aliases: [喵星人]
    terms:
      3: [猫, cat, 领养…猫]
      -4: [熊猫盾]
    exclude: [熊猫]
  - slug: dogs
    zh: 狗
    en: Dogs
    terms:
      3: [狗, dog]
      1: [宠物]
"""


def story(title: str, *paragraphs: str, section: str | None = None, tags: tuple[str, ...] = ()) -> Item:
    body = tuple(Block(runs=(Run(text=paragraph),)) for paragraph in paragraphs)
    return Item(number=1, title=title, body=body, section=section, tags=tags)


def digest_of(*items: Item, listed: tuple[str, ...] = ()) -> Digest:
    return Digest(day=date(2025, 10, 13), title="样刊", categories=listed, items=items)


def sorted_of(*items: Item, listed: tuple[str, ...] = (), taxonomy: Taxonomy | None = None) -> Sorted:
    return sort(digest_of(*items, listed=listed), taxonomy or default_taxonomy())


def labels_of(item: Item, *, listed: tuple[str, ...] = (), taxonomy: Taxonomy | None = None) -> tuple[str, ...]:
    return sorted_of(item, listed=listed, taxonomy=taxonomy).digest.items[0].categories


def two() -> Taxonomy:
    return read_taxonomy(TWO, name="two.yaml")
