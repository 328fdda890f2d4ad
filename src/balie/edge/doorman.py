"""Which visitors come in: the token of a call, and its Origin against the inbox's allowed sites (threat S10)."""

from typing import Any

from litestar.connection import ASGIConnection

from balie.desk import roster, visitors
from balie.desk.model import Inbox
from balie.engine.ports import Tx
from balie.lib.errors import ForbiddenError, InvalidError, NotFoundError, NotSignedInError
from balie.lib.text import origin as origin_of


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

    def is_own(self, origin: str) -> bool:
        """Whether a page of ``origin`` is the desk's own, such as the console."""
        return origin in self._own

    def check(self, inbox: Inbox, origin: str) -> None:
        """ForbiddenError unless the inbox allows this origin."""
        if not origin or (origin not in inbox.allowed_origins and origin not in self._own):
            raise ForbiddenError(
                f"The site {origin or 'of this page'} is not among the allowed sites of this inbox.",
                code="origin_not_allowed",
            )

    def visitor(self, tx: Tx, now: int, token: str, origin: str) -> visitors.Visitor:
        """The visitor of the token, from a site that the inbox still allows."""
        found = visitors.find(tx, now, token, origin)
        self.check(roster.inbox_by_id(tx, found.organisation, found.inbox), origin)
        return found

    def credentials(self, call: ASGIConnection[Any, Any, Any, Any]) -> tuple[str, str]:
        """The visitor's token and the site of a call. NotSignedInError without a token."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedInError("Send the visitor's token as Authorization: Bearer.", code="token_missing")
        if len(token) > 200:
            raise InvalidError("This is no visitor's token.", code="token_invalid")
        return token, self._site(call)

    def _site(self, call: ASGIConnection[Any, Any, Any, Any]) -> str:
        named = call.headers.get("origin")
        if named is None and call.headers.get("sec-fetch-site") == "same-origin":
            # Browsers name no Origin when a page reads from its own; this header no script can set.
            own = f"//{call.headers.get('host', '')}"
            return next((one for one in sorted(self._own) if one.endswith(own)), "")
        return origin_of(named or "")
