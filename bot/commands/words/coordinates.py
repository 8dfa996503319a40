"""The time zone of a point on Earth."""

import re

from tzfpy import get_tz

_POINT = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]+)?)[\s,]+(-?[0-9]{1,3}(?:\.[0-9]+)?)")
_NORTH_MOST, _EAST_MOST = 90, 180


def zone_at(point: str) -> str | None:
    """Return the IANA zone at `LATITUDE LONGITUDE`, in degrees; at sea one like `Etc/GMT-8`. None for other words.

    Borders are simplified, by some hundred metres.
    """
    match = _POINT.fullmatch(point.strip())
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > _NORTH_MOST or abs(longitude) > _EAST_MOST:
        return None
    return get_tz(longitude, latitude) or None
