"""What is stored so that a store alone gives nothing readable: AES-256-GCM (NIST SP 800-38D), and keys that are sealed
by the desk's secret. Pure; where the secret lies is the caller's business. The library comes in with the first use: a
desk that seals nothing should not wait for it.

A sealed thing is a version byte, a nonce of 12 random bytes, and the ciphertext with its tag. A wrapped key begins with
the mark of the secret that wrapped it, so that a secret can be replaced while the one before still opens what it did.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_MARK_BYTES = 8


class SealError(Exception):
    """It does not open: another key, another context, or not as it was sealed."""


class NoSecretError(Exception):
    """There is no secret to seal with."""


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """``plain``, readable with ``key`` and in the same ``context`` only. 29 bytes longer."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """What was sealed. SealError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise SealError("this is not sealed as we do it")
    try:
        return AESGCM(key).decrypt(nonce, rest, context.encode())
    except InvalidTag:
        raise SealError("this does not open with this key, or is not as it was sealed") from None


class Keyring:
    """Wraps keys with the first of the desk's secrets and opens what any of them wrapped. Each has 32 bytes."""

    def __init__(self, secrets: Sequence[bytes] = ()) -> None:
        # A secret serves one end only, so the wrapping key is derived from it.
        self._keys = {_mark(one): hmac.digest(one, b"balie wrap 1", "sha256") for one in secrets}
        self._first = next(iter(self._keys), None)

    def __bool__(self) -> bool:
        """Whether there is a secret."""
        return self._first is not None

    def wrap(self, plain: bytes, context: str) -> bytes:
        """Sealed by the desk's secret. NoSecretError."""
        if self._first is None:
            raise NoSecretError
        return self._first + seal(self._keys[self._first], plain, context)

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """What was wrapped. SealError, also when the secret that wrapped it is not here."""
        key = self._keys.get(wrapped[:_MARK_BYTES])
        if key is None:
            raise SealError("the secret that sealed this is not the desk's, nor one it had before")
        return unseal(key, wrapped[_MARK_BYTES:], context)


def _mark(secret: bytes) -> bytes:
    """Tells secrets apart and nothing about them."""
    return hashlib.sha256(b"balie secret mark 1" + secret).digest()[:_MARK_BYTES]
