"""What WeCom answers when it says no, with HTTP 200; bodies as people have recorded them, addresses made up."""

import itertools
from typing import Any

_CALL = itertools.count(1731)
_MORE = "more info at https://open.work.weixin.qq.com/devtool/query?e="


class Refused(Exception):
    """A call is answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The body; its hint and address differ from call to call."""
        call = next(_CALL)
        trailer = f"hint: [{call}58{call}], from ip: 192.0.2.{call % 250}, {_MORE}{self.code}"
        return {"errcode": self.code, "errmsg": f"{self.message}, {trailer}"}


def unknown_robot() -> Refused:
    return Refused(93000, "invalid webhook url")


def too_long(where: str, limit: int) -> Refused:
    return Refused(40058, f"{where} exceed max length {limit}. invalid Request Parameter")


def too_often() -> Refused:
    return Refused(45009, "api freq out of limit")


def at_once() -> Refused:
    return Refused(45033, "api concurrent out of limit")


def invalid_type() -> Refused:
    return Refused(40008, "invalid message type")
