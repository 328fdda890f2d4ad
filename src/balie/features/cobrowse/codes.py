"""What visitors tell that is not kept as it comes: codes and addresses. Pure."""

import hashlib

from balie.lib.text import bare_url, origin


def address_of(address: str, site: str) -> str:
    """The page, without query; empty when it is not a page of the visitor's own site."""
    bare = bare_url(address)
    return bare if origin(bare) == site else ""


def digest_of(organisation: str, code: str) -> bytes:
    """What is stored of a code: 32 bytes. Six digits are soon tried, so each try costs about 20 ms and 8 MiB
    (RFC 7914); keep it off the event loop."""
    return hashlib.scrypt(code.encode(), salt=organisation.encode(), n=1 << 13, r=8, p=1, dklen=32)
