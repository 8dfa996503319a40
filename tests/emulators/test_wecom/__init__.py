"""The emulator against bare HTTP."""
