"""The time zone a reader names: an IANA name, a city, an offset."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from bot.commands.words.text import even
from bot.errors import BadCommand

_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-])?\s*([0-9]{1,2})(?::?([0-9]{2}))?|([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_CHINESE_OFFSET = re.compile(r"(东|西)\s*(十[一二]|[一二三四五六七八九十]|[0-9]{1,2})\s*区")
_ORDER = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)} | {"十一": 11, "十二": 12}
_EAST_MOST, _WEST_MOST = 14, 12

_NAMES = {
    "Asia/Shanghai": "北京时间 北京 上海 深圳 广州 杭州 成都 重庆 武汉 南京 西安 苏州 天津 中国 大陆 beijing shenzhen "
    "guangzhou hangzhou chengdu china",
    "Asia/Urumqi": "乌鲁木齐 新疆",
    "Asia/Hong_Kong": "香港 hongkong",
    "Asia/Macau": "澳门 macao",
    "Asia/Taipei": "台北 台湾 taiwan",
    "Asia/Tokyo": "东京 大阪 日本 osaka kyoto jst japan",
    "Asia/Seoul": "首尔 韩国 korea kst",
    "Asia/Singapore": "singapore 新加坡 狮城 sg",
    "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 malaysia",
    "Asia/Bangkok": "曼谷 泰国 thailand",
    "Asia/Jakarta": "雅加达",
    "Asia/Manila": "马尼拉 菲律宾",
    "Asia/Ho_Chi_Minh": "胡志明市 河内 越南 hanoi saigon vietnam",
    "Asia/Kolkata": "新德里 孟买 班加罗尔 印度 delhi new-delhi mumbai bangalore bengaluru chennai india ist",
    "Asia/Dubai": "迪拜 阿联酋 uae abu-dhabi",
    "Europe/Moscow": "莫斯科",
    "Europe/Istanbul": "伊斯坦布尔 土耳其",
    "Europe/Berlin": "柏林 慕尼黑 法兰克福 德国 munich frankfurt hamburg germany",
    "Europe/Paris": "巴黎 法国 france",
    "Europe/London": "伦敦 英国 uk england britain edinburgh manchester",
    "Europe/Madrid": "马德里 西班牙 barcelona spain",
    "Europe/Rome": "罗马 意大利 milan italy",
    "Europe/Amsterdam": "阿姆斯特丹 荷兰 netherlands",
    "Europe/Zurich": "苏黎世 瑞士 geneva switzerland",
    "Europe/Stockholm": "斯德哥尔摩 瑞典 sweden",
    "America/New_York": "纽约 波士顿 华盛顿 美东 nyc boston washington miami atlanta est edt eastern",
    "America/Toronto": "多伦多 montreal ottawa",
    "America/Chicago": "芝加哥 美中 houston dallas austin",
    "America/Denver": "丹佛",
    "America/Los_Angeles": "洛杉矶 旧金山 西雅图 硅谷 美西 san-francisco sf seattle "
    "san-diego silicon-valley pst pdt pacific",
    "America/Vancouver": "温哥华",
    "America/Mexico_City": "墨西哥城",
    "America/Sao_Paulo": "圣保罗 巴西 brazil",
    "Australia/Sydney": "悉尼 canberra",
    "Australia/Melbourne": "墨尔本",
    "Pacific/Auckland": "奥克兰 新西兰 wellington",
    "UTC": "utc gmt z zulu 世界时 格林尼治",
}
_BROKEN_OFFSETS = {
    "-9:30": "Pacific/Marquesas",
    "-3:30": "America/St_Johns",
    "-2:30": "America/St_Johns",
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+8:45": "Australia/Eucla",
    "+9:30": "Australia/Darwin",
    "+10:30": "Australia/Adelaide",
    "+12:45": "Pacific/Chatham",
    "+13:45": "Pacific/Chatham",
}
"""Who lives at them, the most where several zones do; in winter or in summer, as clocks show it."""


def read_zone(phrase: str) -> str | None:
    """Return the IANA zone `phrase` names: `asia/tokyo`, `东京`, `new york`, `UTC+8`, `+8`; None when it names none.

    Raises BadCommand for an offset that no zone has (`UTC+15`).
    """
    text = re.sub(r"(?<=.)\s*(?:时间|time)$", "", even(phrase))
    if match := _OFFSET.fullmatch(text):
        sign, hours, minutes = match[1] or match[4] or "+", match[2] or match[5], match[3] or match[6] or "0"
        return _at_offset(sign, int(hours), int(minutes), phrase)
    if match := _CHINESE_OFFSET.fullmatch(text):
        return _at_offset("+" if match[1] == "东" else "-", _ORDER.get(match[2]) or int(match[2]), 0, phrase)
    return _index().get(_key(text))


def _at_offset(sign: str, hours: int, minutes: int, phrase: str) -> str:
    if minutes:
        zone = _BROKEN_OFFSETS.get(f"{sign}{hours}:{minutes:02}")
        if zone is None:
            raise BadCommand("bad_zone", typed=phrase)
        return zone
    if hours == 0:
        return "UTC"
    if hours > (_EAST_MOST if sign == "+" else _WEST_MOST):
        raise BadCommand("bad_zone", typed=phrase)
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"  # POSIX counts westwards


@cache
def _index() -> dict[str, str]:
    """Return the zone of every name we know, the reader's words before the cities and full names of IANA."""
    index = {_key(word): zone for zone, words in _NAMES.items() for word in words.split()}
    zones = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
    for zone in zones:
        index.setdefault(_key(zone), zone)
    for zone in sorted(zones, key=lambda zone: (not zone.startswith("Europe/"), zone)):
        if zone.startswith(_AREAS):
            index.setdefault(_key(zone.rpartition("/")[2]), zone)
    return index


def _key(name: str) -> str:
    """Return `name` as names are compared, without accents (`São Paulo`)."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)).casefold()
    return re.sub(r"[\s_-]+", "-", bare) if "/" not in bare else re.sub(r"\s+", "_", bare)
