"""What visitors send about their looks, and what they are answered."""

from typing import Annotated, Any, Literal

import msgspec

from balie.desk.model import Language, Noun
from balie.edge.bodies import Input
from balie.features.cobrowse.facts import ControlKind, Deed, Look, PausedBy

TextVersion = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z._-]{1,40}$(?!\n)")]


class AnswerInput(Input):
    """``consentText``: the version of the text that was shown, such as `2026-11`; needed to accept, as is the language.
    ``address``: the page."""

    accept: bool
    language: Language | None = None
    consent_text: TextVersion | None = None
    address: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class RecordingInput(Input):
    """As ``AnswerInput``, for being recorded."""

    granted: bool
    language: Language | None = None
    consent_text: TextVersion | None = None


class PlaceInput(Input):
    """``tab`` tells tabs of one browser apart; the rest as in AnswerInput."""

    tab: Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
    language: Language
    consent_text: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z._-]{1,40}$(?!\n)")]
    address: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class PauseInput(Input):
    by: PausedBy


class EndInput(Input):
    reason: Literal[
        "visitor",
        "escape",
        "signed_out",
        "recorder_failed",
        "page_too_large",
        "policy_never",
        "restart_impossible",
    ]


class GrantInput(Input):
    kind: ControlKind
    granted: bool


class ActionInput(Input):
    """``label``: what the element is called, never a value; of a `visit` the page's address without query.
    ``outcome``: `done`, or why not."""

    action: Deed
    label: Annotated[str, msgspec.Meta(max_length=500)]
    outcome: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}$(?!\n)")]


class TicketInput(Input):
    """``tab`` tells tabs of one browser apart."""

    tab: Annotated[str, msgspec.Meta(max_length=36)] = ""


class VisitorLook(Noun):
    """``code`` is told once, when it is made."""

    look: Look | None


class OfferedLook(Noun):
    look: Look
    code: str
    expires_at: int


class VisitorTicket(Noun):
    """Opens one mirror socket within 30 s; it takes over from an older one. ``epoch``: where the recorder counts on.
    ``sisters``: sites that the look may go on at."""

    ticket: str
    epoch: int
    policy: dict[str, Any]
    policy_version: int
    policy_hash: str
    sisters: list[str]


class VisitorPolicy(Noun):
    version: int
    hash: str
    policy: dict[str, Any]
