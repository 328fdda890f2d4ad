"""The hostile inputs of ``security/inputs/``: 115 in 13 groups, each group with what should come of it."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "security" / "inputs"
GROUPS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def unfolded(value: Any) -> str:
    """An input as text; long ones are written as what is repeated."""
    if isinstance(value, dict):
        text, times = value["repeat"]
        return str(text * times + value.get("end", ""))
    return str(value)


def inputs(*kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """The inputs of the groups of these kinds, each with a name that says where it stands."""
    return [
        (f"{group}: {one['name']}", {**one, "group": group})
        for group, said in GROUPS.items()
        if said["kind"] in kinds
        for one in said["inputs"]
    ]


def texts(*kinds: str) -> list[tuple[str, str]]:
    """The same as texts."""
    return [(name, unfolded(one["input"])) for name, one in inputs(*kinds)]
