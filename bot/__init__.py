"""digestbot: one curated digest a day, to every chat that asked for it, exactly once."""

__version__ = "0.1.0"
