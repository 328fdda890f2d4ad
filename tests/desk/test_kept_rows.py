"""The writer remembers conversations between its transactions; what was undone must not stay in its memory."""

import msgspec
import pytest

from balie.desk.facts import MessageAdded
from balie.desk.log import Writer
from balie.engine.ports import Tx
from balie.lib import ids
from core import Core


def test_a_write_that_is_undone_leaves_no_trace_in_the_next(core: Core) -> None:
    visit = core.visit()
    home = core.says(visit, "Eerste").conversation
    actor = core.inbound(visit, "x").actor

    def fails(tx: Tx) -> None:
        with Writer(tx, core.clock.now()) as writer:
            row = writer.find(home)
            assert row is not None
            writer.record(row, actor, "message_added", MessageAdded(cid=ids.new_cid(), text="Nooit gezegd"))
            writer.flush()
            raise RuntimeError("after the flush")

    before = core.row(home)
    with pytest.raises(RuntimeError):
        core.write(fails)
    assert core.says(visit, "Tweede").seq == before.seq + 1
    assert core.texts(home) == ["Eerste", "Tweede"]
    assert core.row(home).desk_unread == 2


def test_one_that_fails_in_a_batch_takes_none_of_the_others_along(core: Core) -> None:
    visit, other = core.visit(), core.visit()
    home = core.says(visit, "Eerste").conversation
    homeless = msgspec.structs.replace(core.inbound(other, "Een antwoord op niets"), visitor=None)
    first, refused, last = core.receive(core.inbound(visit, "Tweede"), homeless, core.inbound(visit, "Derde"))
    assert (first.seq, last.seq) == (3, 4)
    assert isinstance(refused, Exception)
    assert core.texts(home) == ["Eerste", "Tweede", "Derde"]


def test_a_conversation_read_again_is_the_one_remembered(core: Core) -> None:
    visit = core.visit()
    home = core.says(visit, "Een").conversation
    for text in ("Twee", "Drie"):
        core.says(visit, text)

    def both(tx: Tx) -> tuple[object, object]:
        remembered = Writer(tx, 0).find(home)
        tx.kept.clear()
        return remembered, Writer(tx, 0).find(home)

    remembered, stored = core.write(both)
    assert _plain(remembered) == _plain(stored)


def _plain(row: object) -> dict[str, object]:
    """All but the preview, which is JSON in one and a noun in the other."""
    return {name: getattr(row, name) for name in row.__struct_fields__ if name != "last"}  # type: ignore[attr-defined]
