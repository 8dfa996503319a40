"""Plan, claim, render, send, settle: how a digest reaches every chat that is due, once."""

from bot.delivery.alarms import Outlet, Rules, Watch, is_overdue
from bot.delivery.broadcast import Broadcast
from bot.delivery.planning import Planner
from bot.delivery.printing import Cut, Manuscript, Order, Printer, compose, manuscript, print_out
from bot.delivery.reach import Reach, foretell, reach_of
from bot.delivery.sending import Sending
from bot.delivery.week import WeekOrder, compose_week

__all__ = [
    "Broadcast",
    "Cut",
    "Manuscript",
    "Order",
    "Outlet",
    "Planner",
    "Printer",
    "Reach",
    "Rules",
    "Sending",
    "Watch",
    "WeekOrder",
    "compose",
    "compose_week",
    "foretell",
    "is_overdue",
    "manuscript",
    "print_out",
    "reach_of",
]
