"""A chat in the browser: rooms that a page looks into and speaks from."""

from adapters.web.adapter import WebAdapter
from adapters.web.dialect import WebDialect

__all__ = ["WebAdapter", "WebDialect"]
