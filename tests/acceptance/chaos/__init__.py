"""Broadcasts that are killed, stopped, corrected and spoilt on the way, and a count of what the chats have then."""
