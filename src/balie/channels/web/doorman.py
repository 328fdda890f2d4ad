"""Which site may talk to which inbox: the Origin of every call against the inbox's allowed sites (threat S10)."""

from sys import intern

import msgspec

from balie.desk import roster
from balie.desk.model import Inbox
from balie.engine.ports import Tx
from balie.lib.errors import ForbiddenError, NotFoundError


class VisitorClaims(msgspec.Struct, frozen=True):
    """What a visitor's socket ticket stands for."""

    visitor: str
    organisation: str
    inbox: str
    origin: str

    def shared(self) -> "VisitorClaims":
        """The same; what thousands of open sessions have in common is kept once."""
        return VisitorClaims(self.visitor, intern(self.organisation), intern(self.inbox), intern(self.origin))


class Doorman:
    """``own_origins`` are the desk's own addresses: the demo website is served from there."""

    def __init__(self, own_origins: frozenset[str]) -> None:
        self._own = own_origins

    def admit(self, tx: Tx, key: str, origin: str) -> tuple[Inbox, str]:
        """The inbox of a public key and its organisation, when a page of ``origin`` may use it."""
        found = roster.inbox_by_key(tx, key)
        if found is None:
            raise NotFoundError("There is no inbox with this key.", code="inbox_unknown")
        self.check(found[0], origin)
        return found

    def check(self, inbox: Inbox, origin: str) -> None:
        """ForbiddenError unless the inbox allows this origin."""
        if not origin or (origin not in inbox.allowed_origins and origin not in self._own):
            raise ForbiddenError(
                f"The site {origin or 'of this page'} is not among the allowed sites of this inbox.",
                code="origin_not_allowed",
            )
