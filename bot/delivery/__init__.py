"""Plan, claim, render, send, settle: how a digest reaches every chat that is due, once."""

from bot.delivery.alarms import Outlet, Rules, Watch
from bot.delivery.broadcast import Broadcast
from bot.delivery.planning import Planner
from bot.delivery.printing import Order, Printer, compose
from bot.delivery.sending import Sending
from bot.delivery.week import WeekOrder, compose_week

__all__ = [
    "Broadcast",
    "Order",
    "Outlet",
    "Planner",
    "Printer",
    "Rules",
    "Sending",
    "Watch",
    "WeekOrder",
    "compose",
    "compose_week",
]
