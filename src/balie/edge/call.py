"""What the edge knows of one HTTP call, kept beside the ASGI scope from the first byte to the log line."""

from typing import Any

import msgspec

_KEY = "balie.call"


class Call(msgspec.Struct):
    """``client`` is the address of the caller as far as trusted proxies tell it; ``path`` the one asked for, as
    mounted apps see only their part."""

    request_id: str
    client: str
    path: str
    agent: str = ""


def begin_call(scope: Any, call: Call) -> None:
    scope[_KEY] = call


def call_of(scope: Any) -> Call:
    call: Call | None = scope.get(_KEY)
    return call or Call("", "", scope["path"])
