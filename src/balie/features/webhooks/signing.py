"""Secrets and signatures as Standard Webhooks 1.0 has them (standardwebhooks.com, spec/standard-webhooks.md)."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

from balie.lib.errors import Flaw, InvalidError

PREFIX = "whsec_"
_BYTES_MIN, _BYTES_MAX = 24, 64


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def checked_secret(secret: str) -> str:
    """``secret`` as it is. InvalidError when it is not ``whsec_`` and 24 to 64 bytes in base64."""
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not secret.startswith(PREFIX) or not _BYTES_MIN <= size <= _BYTES_MAX:
        detail = f"must be {PREFIX} and {_BYTES_MIN} to {_BYTES_MAX} bytes in base64"
        raise InvalidError(
            "The secret is not valid.", code="secret_invalid", errors=[Flaw("/secret", detail)]
        )
    return secret


def headers(secrets: Sequence[str], id: str, at_s: int, body: bytes) -> list[tuple[str, str]]:
    """The headers that let a receiver know us: one signature for each secret, the newest first. ``at_s``: seconds
    since 1970, of this attempt."""
    signed = b"%b.%d.%b" % (id.encode(), at_s, body)
    signatures = " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets)
    return [("webhook-id", id), ("webhook-timestamp", str(at_s)), ("webhook-signature", signatures)]


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
