"""Receiving messages: once each, in order, in the right conversation, whatever comes side by side."""

import pytest

from balie.desk import conversations, log
from balie.desk.facts import MessageAdded
from balie.desk.messages import TEXT_LIMIT, checked_text
from balie.desk.model import Actor
from balie.lib import ids
from balie.lib.errors import InvalidError
from core import Core, stored


def test_the_first_message_opens_a_conversation_and_the_next_ones_follow_without_a_gap(core: Core) -> None:
    visit = core.visit()
    receipts = [core.says(visit, text) for text in ("een", "twee", "drie")]
    assert [one.seq for one in receipts] == [2, 3, 4]
    assert len({one.conversation for one in receipts}) == 1
    assert [seq for seq, _ in core.log_of(receipts[0].conversation)] == [1, 2, 3, 4]


def test_four_first_messages_in_one_batch_open_one_conversation_and_keep_their_order(core: Core) -> None:
    visit = core.visit()
    texts = ["een", "twee", "drie", "vier"]
    receipts = [stored(one) for one in core.receive(*[core.inbound(visit, text) for text in texts])]
    assert len({one.conversation for one in receipts}) == 1
    assert [one.seq for one in receipts] == [2, 3, 4, 5]
    assert core.texts(receipts[0].conversation) == texts
    assert core.count("contact") == 1


def test_first_messages_of_many_visitors_in_one_batch_do_not_mix(core: Core) -> None:
    visits = [core.visit() for _ in range(20)]
    receipts = core.receive(*[core.inbound(visit, f"{n}") for _ in "ab" for n, visit in enumerate(visits)])
    homes = [stored(one).conversation for one in receipts]
    assert homes[:20] == homes[20:]
    assert len(set(homes)) == 20
    assert [core.texts(home) for home in homes[:20]] == [[f"{n}", f"{n}"] for n in range(20)]
    numbers = core.read(
        lambda tx: [row[0] for row in tx.all("select number from conversation order by number")]
    )
    assert numbers == list(range(1, 21))


def test_a_repeat_gets_the_answer_of_the_first_one_and_stores_nothing(core: Core) -> None:
    visit, cid = core.visit(), ids.new_cid()
    first = core.says(visit, "Hallo", cid=cid)
    again = core.says(visit, "Hallo", cid=cid)
    assert again == first
    assert core.texts(first.conversation) == ["Hallo"]


def test_the_same_message_twice_in_one_batch_is_stored_once(core: Core) -> None:
    visit, cid = core.visit(), ids.new_cid()
    items = [
        core.inbound(visit, text, cid=one) for text, one in (("a", cid), ("b", ids.new_cid()), ("a", cid))
    ]
    first, other, again = (stored(one) for one in core.receive(*items))
    assert again == first
    assert (first.seq, other.seq) == (2, 3)
    assert core.texts(first.conversation) == ["a", "b"]


def test_a_repeat_with_another_text_keeps_the_first_and_says_so(core: Core) -> None:
    visit, cid = core.visit(), ids.new_cid()
    first = core.says(visit, "Hallo", cid=cid)
    again = core.says(visit, "Iets anders", cid=cid)
    assert (again.seq, again.mismatch, first.mismatch) == (first.seq, True, False)
    assert core.texts(first.conversation) == ["Hallo"]
    batch = core.receive(*[core.inbound(visit, text, cid=c) for c in [ids.new_cid()] for text in ("x", "y")])
    assert [stored(one).mismatch for one in batch] == [False, True]


def test_two_senders_may_use_the_same_cid(core: Core) -> None:
    one, other, cid = core.visit(), core.visit(), ids.new_cid()
    assert core.says(one, "a", cid=cid).conversation != core.says(other, "b", cid=cid).conversation


def test_a_resend_after_closing_neither_reopens_nor_opens_another(core: Core) -> None:
    sanne, visit, cid = core.access(core.cast.stroom, "sanne"), core.visit(), ids.new_cid()
    first = core.says(visit, "Hallo", cid=cid)
    core.do(lambda writer: conversations.close(writer, sanne, first.conversation))
    core.clock.advance(100 * 86_400)
    before = core.log_of(first.conversation)
    assert core.says(visit, "Hallo", cid=cid) == first
    assert core.log_of(first.conversation) == before
    assert core.count("conversation") == 1


@pytest.mark.parametrize(("hours", "reopens"), [(0, True), (23.9, True), (24.1, False)])
def test_a_message_reopens_for_a_day_after_closing_and_then_opens_a_new_one(
    core: Core, hours: float, reopens: bool
) -> None:
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    first = core.says(visit, "Hallo")
    core.do(lambda writer: conversations.close(writer, sanne, first.conversation))
    core.clock.advance(hours * 3600)
    again = core.says(visit, "Nog iets", conversation=first.conversation)
    assert (again.conversation == first.conversation) is reopens
    kinds = [kind for _, kind in core.log_of(first.conversation)]
    assert ("conversation_reopened" in kinds) is reopens
    assert core.row(again.conversation).status == "open"


def test_an_agents_reply_reopens_and_a_note_does_not(core: Core) -> None:
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    home = core.says(visit, "Hallo").conversation
    core.do(lambda writer: conversations.close(writer, sanne, home))
    core.answers(sanne, home, "Terugbellen?", note=True)
    assert core.row(home).status == "closed"
    core.answers(sanne, home, "Toch nog dit")
    assert core.row(home).status == "open"


def test_a_closed_conversation_that_is_given_to_somebody_opens_again(core: Core) -> None:
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    home = core.says(visit, "Hallo").conversation
    for _ in range(2):  # the second time it is hers already
        core.do(lambda writer: conversations.assign(writer, sanne, home, sanne.agent))
        assert core.row(home).status == "open"
        core.do(lambda writer: conversations.close(writer, sanne, home))
    core.do(lambda writer: conversations.assign(writer, sanne, home, None))
    assert core.row(home).status == "closed"


def test_a_read_mark_in_one_command_with_a_message_counts_that_message(core: Core) -> None:
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    home = core.says(visit, "Hallo").conversation
    marieke = Actor(kind="contact", id=core.contact(visit), name="Marieke Visser")

    def answered_and_read(writer: log.Writer) -> None:
        row = conversations.reach(writer, sanne, home)
        body = MessageAdded(cid=ids.new_cid(), text="Goedemiddag")
        first = writer.record(row, sanne.actor, "message_added", body)
        writer.record(row, sanne.actor, "message_added", body)
        conversations.mark(writer, row, "visitor", marieke, first, read=True)

    core.do(answered_and_read)
    assert core.row(home).visitor_unread == 1


def test_nobody_writes_in_someone_elses_conversation(core: Core) -> None:
    home = core.says(core.visit(), "Hallo").conversation
    other = core.visit()
    own = core.says(other, "Ik ook").conversation
    tom, eva = core.access(core.cast.stroom, "tom"), core.access(core.cast.gracht, "eva")
    before = core.log_of(home)
    landed = core.receive(
        core.inbound(other, "Ik lees mee", conversation=home),
        core.inbound(core.visit(core.cast.gracht), "Van elders", conversation=home),
        core.inbound(other, "Bestaat niet", conversation=ids.new_id(ids.CONVERSATION)),
    )
    assert [stored(landed[0]).conversation, stored(landed[2]).conversation] == [own, own]
    assert stored(landed[1]).conversation not in (own, home)
    refused = core.receive(
        core.reply(eva, home, "Van een ander bedrijf"),
        core.reply(tom, ids.new_id(ids.CONVERSATION), "Bestaat niet"),
    )
    assert [getattr(one, "code", one) for one in refused] == [
        "conversation_unknown",
        "conversation_unknown",
    ]
    assert core.log_of(home) == before


def test_an_agent_without_the_inbox_cannot_answer_in_it(core: Core) -> None:
    office = core.cast.stroom
    home = core.says(core.visit(inbox=office.engineers), "Storing").conversation
    item = core.reply(core.access(office, "fatima"), home, "Hoi")
    item.inboxes = frozenset({office.site.id})
    assert getattr(core.receive(item)[0], "code", "") == "conversation_unknown"
    assert core.texts(home) == ["Storing"]


def test_one_refused_message_does_not_take_its_neighbours_along(core: Core) -> None:
    visit, eva = core.visit(), core.access(core.cast.gracht, "eva")
    home = core.says(visit, "een").conversation
    results = core.receive(
        core.inbound(visit, "twee", conversation=home),
        core.reply(eva, home, "ik ook"),
        core.inbound(visit, "drie", conversation=home),
    )
    assert [type(one).__name__ for one in results] == ["Receipt", "NotFoundError", "Receipt"]
    assert core.texts(home) == ["een", "twee", "drie"]


def test_an_impossible_message_in_a_batch_fails_alone(core: Core) -> None:
    """Not a refusal but a crash of the command: a text that no encoder takes."""
    visits = [core.visit() for _ in range(3)]
    items = [core.inbound(visit, "goed") for visit in visits]
    items[1].text = "\ud800"
    results = core.receive(*items)
    assert [type(one).__name__ for one in results] == ["Receipt", "UnicodeEncodeError", "Receipt"]
    assert core.count("message") == 2
    assert core.count("conversation") == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t\u200b", "text_empty"),
        ("\x00\x07\x1b", "text_empty"),
        ("x" * (TEXT_LIMIT + 1), "text_too_long"),
    ],
)
def test_a_text_that_cannot_be_a_message_is_named(text: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        checked_text(text)
    assert caught.value.code == code


def test_the_longest_text_goes_through_whole(core: Core) -> None:
    text = "😀" * TEXT_LIMIT
    home = core.says(core.visit(), checked_text(text)).conversation
    assert core.texts(home) == [text]


@pytest.mark.parametrize(
    "cid", ["", "x", "01A2002C-643F-73A5-BE33-5943097864A1", "01a2002c-643f-43a5-be33-5943097864a1"]
)
def test_a_cid_is_a_uuid_of_version_7_in_lower_case(cid: str) -> None:
    assert not ids.is_cid(cid)
    assert ids.is_cid(ids.new_cid())
