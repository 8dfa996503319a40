"""Every screen of the bot, walked through on emulated platforms, and judged in its language."""
