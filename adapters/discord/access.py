"""Where we may write, and where a change has let us write again: Discord's rules, over discord.py's objects."""

from collections.abc import Iterable, Iterator

import discord

Room = discord.abc.GuildChannel | discord.Thread

_WRITE = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)
_IN_THREADS = discord.Permissions(view_channel=True, send_messages_in_threads=True, embed_links=True)


def allowed(
    channel: discord.abc.GuildChannel, member: discord.Member, roles: Iterable[discord.Role] | None = None
) -> discord.Permissions:
    """Return what `member` may do in `channel`, in its threads too, were `roles` the ones they have.

    The library's own answer knows but the roles as they are now, and we ask what was before one changed.
    """
    held = member.roles if roles is None else list(roles)
    granted = discord.Permissions.none()
    for role in held:
        granted |= role.permissions
    if granted.administrator:
        return discord.Permissions.all()
    everyone = [role for role in held if role.is_default()]
    for those in (everyone, [role for role in held if not role.is_default()], [member]):
        granted = _overwritten(channel, granted, those)
    return granted


def opened(channel: discord.abc.GuildChannel, before: discord.Permissions) -> Iterator[Room]:
    """Return of `channel` and its threads where we may write now, and could not as long as `before` was allowed."""
    now = allowed(channel, channel.guild.me)
    for room in (channel, *getattr(channel, "threads", ())):
        if any(need <= now and not need <= before for need in _needs(room)):
            yield room


def _overwritten(
    channel: discord.abc.GuildChannel,
    granted: discord.Permissions,
    those: Iterable[discord.Role | discord.Member],
) -> discord.Permissions:
    """Return what is left and added by what the channel says of `those`: allowing goes before denying."""
    allow = deny = discord.Permissions.none()
    for one in those:
        allows, denies = channel.overwrites_for(one).pair()
        allow, deny = allow | allows, deny | denies
    return (granted & ~deny) | allow


def _needs(room: Room) -> tuple[discord.Permissions, ...]:
    """Return what it takes to write there; in a forum to begin a post, and to go on in it."""
    if isinstance(room, discord.Thread):
        return () if isinstance(room.parent, discord.ForumChannel) else (_IN_THREADS,)
    return (_WRITE, _WRITE | _IN_THREADS) if isinstance(room, discord.ForumChannel) else (_WRITE,)
