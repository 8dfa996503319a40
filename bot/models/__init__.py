"""The values that travel through the bot: frozen, keyword-only, free of I/O."""

from bot.models.conversation import Actor, Button, Command, Reply
from bot.models.delivery import Delivery, DeliveryState, PartRecord, PartState
from bot.models.digest import Block, BlockKind, Category, Digest, Edition, Format, Item, Problem, Run
from bot.models.message import About, Card, Key, Line, Part, Receipt
from bot.models.subscription import (
    EVERY_DAY,
    Chat,
    ChatKind,
    Days,
    Slot,
    Subscription,
    SubscriptionState,
    Weekdays,
    Workdays,
)
from bot.models.week import Chapter, Story, Week, WeekEdition

__all__ = [
    "EVERY_DAY",
    "About",
    "Actor",
    "Block",
    "BlockKind",
    "Button",
    "Card",
    "Category",
    "Chapter",
    "Chat",
    "ChatKind",
    "Command",
    "Days",
    "Delivery",
    "DeliveryState",
    "Digest",
    "Edition",
    "Format",
    "Item",
    "Key",
    "Line",
    "Part",
    "PartRecord",
    "PartState",
    "Problem",
    "Receipt",
    "Reply",
    "Run",
    "Slot",
    "Story",
    "Subscription",
    "SubscriptionState",
    "Week",
    "WeekEdition",
    "Weekdays",
    "Workdays",
]
