"""What a ticket of the mirror's socket stands for."""

from typing import Literal

import msgspec

SOCKET = "/v1/socket/mirror"


class MirrorClaims(msgspec.Struct, frozen=True, kw_only=True):
    """One side of one look. ``who``: the agent, with the ``session`` (digest of the sign-in, in hex) that the socket
    ends with; or the visitor, with the ``origin`` of the page and the ``number`` of the ticket: the newest leads."""

    look: str
    organisation: str
    side: Literal["agent", "visitor"]
    who: str
    session: str = ""
    origin: str = ""
    number: int = 0
