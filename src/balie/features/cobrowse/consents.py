"""The words that visitors agreed to, by version and language: every version that any consent may name, kept for whoever
looks into one later. ``{name}`` stands for the agent (in the first sentence after the title with the organisation),
``{n}`` for the days a recording is kept. A test holds the newest ones to what the visitor is shown."""

import json
from pathlib import Path
from typing import Any

from balie.desk.model import Noun

_KEPT: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("consents.json").read_text("utf-8")
)


class ConsentWords(Noun):
    """``words``: title, then sentence by sentence; none where this desk does not know the version."""

    version: str
    language: str | None
    words: list[str] | None


def words_of(version: str, language: str | None) -> ConsentWords:
    """What was shown under this version."""
    return ConsentWords(
        version=version, language=language, words=_KEPT.get(version, {}).get(language or "", None)
    )


def of_fact(body: dict[str, Any]) -> ConsentWords | None:
    """The consent that a fact tells; none where it tells none."""
    version = body.get("consentText")
    return words_of(version, body.get("language")) if isinstance(version, str) else None
