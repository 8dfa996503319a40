"""A digest document -> Digest, with its problems by line. Pure: bytes in, values out."""

from bot.markdown.document import LARGEST, Parsed, parse

__all__ = ["LARGEST", "Parsed", "parse"]
