"""What a blob may be called, in every store: a random id, so that a name can lead nowhere else."""

import re

_KEY = re.compile(r"[a-z0-9_]{8,80}")


def place_of(key: str) -> str:
    """Folder and name; the last two characters pick the folder. ValueError for a key that is none of ours."""
    if _KEY.fullmatch(key) is None:
        raise ValueError("a blob key is 8 to 80 of a-z, 0-9 and _")
    return f"{key[-2:]}/{key}"
