"""A digest document -> Digest, with its problems by line. Pure: bytes in, values out."""

from bot.markdown.document import LARGEST, Parsed, lines_of, parse

__all__ = ["LARGEST", "Parsed", "lines_of", "parse"]
