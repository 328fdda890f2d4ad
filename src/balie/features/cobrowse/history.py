"""The facts of looks, read again from the log."""

from typing import Any

import msgspec

from balie.desk import facts
from balie.desk.log import FACT_COLUMNS, Appended, appended_of
from balie.engine.ports import Tx
from balie.features.cobrowse.facts import LookBody


class _Named(msgspec.Struct):
    look: str = ""


_look_of = msgspec.json.Decoder(_Named).decode


def kinds() -> list[str]:
    """Every kind of fact about a look."""
    return [name for name, kind in facts.KINDS.items() if issubclass(kind.body, LookBody)]


def of_conversation(tx: Tx, organisation: str, conversation: str) -> list[Appended]:
    """In order. Rights are the caller's business."""
    names = kinds()
    rows = tx.all(
        f"select {FACT_COLUMNS} from fact where organisation = ? and stream = ?"
        f" and kind in ({', '.join('?' * len(names))}) order by seq",
        [organisation, conversation, *names],
    )
    return [appended_of(row) for row in rows]


def of_look(tx: Tx, organisation: str, conversation: str, look: str) -> list[Appended]:
    return [one for one in of_conversation(tx, organisation, conversation) if look_of(one) == look]


def look_of(fact: Appended) -> str:
    """Which look a fact is about."""
    return _look_of(fact.raw).look


def body_of(fact: Appended) -> dict[str, Any]:
    """The body as it crosses the wire; empty where it was erased."""
    found: dict[str, Any] = msgspec.json.decode(fact.raw)
    return found
