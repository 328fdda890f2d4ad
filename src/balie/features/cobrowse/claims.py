"""What the tickets of this slice stand for."""

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


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """A look on its way from a page of ``source`` to one of ``target``, in the same visitor's hands."""

    look: str
    organisation: str
    inbox: str
    contact: str
    source: str
    target: str


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """The same, arrived: it waits for the visitor's word. ``site``: where."""

    look: str
    organisation: str
    inbox: str
    contact: str
    site: str
