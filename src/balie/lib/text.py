"""What people type: which texts are accepted, and how they are cleaned."""

import re
from urllib.parse import urlsplit

# C0 and C1 controls except tab and line feed, lone surrogates, and the bidirectional overrides that can make a text
# read as something else (Trojan Source, CVE-2021-42574).
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_EDGES = re.compile(r"^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$")


def clean(text: str) -> str:
    """``text`` with line ends as ``\\n``, without control characters, and trimmed of empty edges."""
    if text.isprintable():  # no controls, no surrogates, no format characters, no white space but U+0020
        return text.strip(" ")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _EDGES.sub("", _FORBIDDEN.sub("", text))


def one_line(text: str, limit: int) -> str:
    """``text`` cleaned, on one line, cut at ``limit`` code points: for names and titles."""
    return " ".join(clean(text).split())[:limit]


def bare_url(url: str, limit: int = 2_000) -> str:
    """An http(s) address without query, fragment and credentials; empty for anything else."""
    try:
        parts = urlsplit(clean(url))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}{parts.path}"[:limit]


def origin(url: str) -> str:
    """The origin (scheme, host, port) of an address, as browsers write it; empty when it has none."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        default = 443 if parts.scheme == "https" else 80
        port = f":{parts.port}" if parts.port and parts.port != default else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host.lower()}{port}"
