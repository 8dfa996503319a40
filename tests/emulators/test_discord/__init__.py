"""The emulator against discord.py's own client, and against bare HTTP where no client would go."""
