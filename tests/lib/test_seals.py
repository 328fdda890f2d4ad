"""What is sealed opens with its key and in its place, and in no other way."""

import pytest

from balie.lib.seals import Keyring, NoSecretError, SealError, new_key, seal, unseal

PLAIN = b"what nobody else may read" * 40


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    key = new_key()
    sealed = seal(key, PLAIN, "here")
    assert unseal(key, sealed, "here") == PLAIN
    assert PLAIN[:8] not in sealed
    assert seal(key, PLAIN, "here") != sealed
    assert unseal(key, seal(key, b"", "here"), "here") == b""


def test_another_key_another_place_or_one_flipped_bit_opens_nothing() -> None:
    key = new_key()
    sealed = seal(key, PLAIN, "here")
    with pytest.raises(SealError):
        unseal(new_key(), sealed, "here")
    with pytest.raises(SealError):
        unseal(key, sealed, "there")
    for at in (0, 1, 12, 13, len(sealed) - 1):
        flipped = bytearray(sealed)
        flipped[at] ^= 1
        with pytest.raises(SealError):
            unseal(key, bytes(flipped), "here")
    for cut in (b"", sealed[:1], sealed[:13], sealed[:-1]):
        with pytest.raises(SealError):
            unseal(key, cut, "here")


def test_a_secret_that_was_replaced_still_opens_what_it_wrapped() -> None:
    old, new, key = new_key(), new_key(), new_key()
    wrapped = Keyring([old]).wrap(key, "here")
    both = Keyring([new, old])
    assert both.unwrap(wrapped, "here") == key
    again = both.wrap(key, "here")
    assert Keyring([new]).unwrap(again, "here") == key
    with pytest.raises(SealError):
        Keyring([new]).unwrap(wrapped, "here")
    with pytest.raises(SealError):
        both.unwrap(wrapped, "there")
    assert key not in wrapped
    assert old not in wrapped


def test_without_a_secret_nothing_is_sealed() -> None:
    assert not Keyring()
    with pytest.raises(NoSecretError):
        Keyring().wrap(new_key(), "here")
