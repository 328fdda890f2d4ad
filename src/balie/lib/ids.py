"""Time-sorted ids with a kind prefix, such as ``cnv_06f2k9…``: a UUIDv7 (RFC 9562) in lower-case Crockford base32."""

import os
import re
import time

ORGANISATION = "org"
INBOX = "inb"
AGENT = "agt"
TEAM = "tea"
CONTACT = "con"
VISITOR = "vis"
CONVERSATION = "cnv"
REPLY = "rpl"
SESSION = "ses"
DELIVERY = "dlv"
WEBHOOK = "whk"
LOOK = "lok"
CALENDAR = "cal"

PREFIXES = {
    ORGANISATION: "organisation",
    INBOX: "inbox",
    AGENT: "agent",
    TEAM: "team",
    CONTACT: "contact",
    VISITOR: "visitor",
    CONVERSATION: "conversation",
    REPLY: "canned reply",
    SESSION: "socket session",
    DELIVERY: "delivery",
    WEBHOOK: "webhook endpoint",
    LOOK: "look",
    CALENDAR: "calendar",
}

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_CID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ID = re.compile(rf"(?:{'|'.join(PREFIXES)})_[0-9a-hjkmnp-tv-z]{{26}}")


def new_id(kind: str) -> str:
    """A new id of ``kind`` (one of PREFIXES); ids made later sort later, to the millisecond."""
    return f"{kind}_{_base32(_uuid7())}"


def new_cid() -> str:
    """A bare UUIDv7, as a sender's device makes for each message."""
    h = f"{_uuid7():032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def is_cid(text: str) -> bool:
    """Whether ``text`` is a UUIDv7 in its canonical lower-case form."""
    return _CID.fullmatch(text) is not None


def is_id(text: str, kind: str | None = None) -> bool:
    """Whether ``text`` has the shape of an id, of ``kind`` where given. Says nothing of existence."""
    return _ID.fullmatch(text) is not None and (kind is None or text.startswith(kind + "_"))


# 76 random-or-fixed bits below the version: 12 rand_a, 2 variant, 62 rand_b.
_RANDOM = ((1 << 12) - 1) << 64 | (1 << 62) - 1
_VARIANT = 0b10 << 62


def _uuid7() -> int:
    return (
        (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | int.from_bytes(os.urandom(10)) & _RANDOM | _VARIANT
    )


def _base32(number: int) -> str:
    return "".join(
        [
            _PAIRS[number >> 120],
            *(_PAIRS[number >> shift & 1023] for shift in range(110, -1, -10)),
        ]
    )
