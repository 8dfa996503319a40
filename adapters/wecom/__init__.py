"""WeCom: group robots, which only speak; each is known by the key of its webhook."""

from adapters.wecom.adapter import WecomAdapter, said
from adapters.wecom.dialect import WecomDialect

__all__ = ["WecomAdapter", "WecomDialect", "said"]
