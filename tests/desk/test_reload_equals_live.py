"""Live equals reload (I4): whatever happens, who played the facts sees what a fresh snapshot shows.

A state machine drives random commands through the real desk on SQLite. After each step every open console and
browser is compared with the database, and the log is checked: numbered without gaps, chained, each message once.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

import cast
from balie.channels.web.hello import snapshot_of
from balie.desk import contacts, conversations, log
from balie.desk.access import Access
from balie.desk.messages import Inbound, Receipt, checked_text
from balie.desk.model import Actor, Conversation
from balie.desk.state import ConversationRow
from balie.edge.frames import VisitorConversation
from balie.engine.ports import Tx
from balie.lib.errors import BalieError, InvalidError, NotFoundError
from core import Template
from viewer import Browser, Console


def checkable(text: str) -> bool:
    try:
        return bool(checked_text(text))
    except BalieError:
        return False


TEXTS = st.one_of(
    st.sampled_from(["Hallo", "a  b\n\tc", "€ " * 80, "𝄞" * 141, "<script>alert(1)</script>"]),
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs", "So")), min_size=1, max_size=200
    ),
).filter(checkable)
AGENTS = st.sampled_from(["sanne", "daan", "fatima", "tom"])


class Office(RuleBasedStateMachine):
    """Three visitors of one office, one of the other; every agent has a console open."""

    template: Template
    visitors = Bundle("visitors")
    conversations = Bundle("conversations")
    sent = Bundle("sent")

    @initialize()
    def open_the_office(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.core = core = self.template.copy(Path(self.folder.name))
        self.acked: dict[tuple[str, str], Receipt] = {}
        stroom, gracht = core.cast.stroom, core.cast.gracht
        self.access = {name: core.access(stroom, name) for name in stroom.agents}
        self.eva = core.access(gracht, "eva")
        self.consoles = [self.console(one) for one in [*self.access.values(), self.eva]]
        self.browsers: dict[str, Browser] = {}

    def teardown(self) -> None:
        if hasattr(self, "core"):
            self.core.close()
            self.folder.cleanup()

    def console(self, access: Access) -> tuple[Access, Console]:
        core = self.core
        inboxes = None
        if not access.oversees:
            office = (
                core.cast.stroom
                if access.organisation == core.cast.stroom.organisation.id
                else core.cast.gracht
            )
            inboxes = frozenset({office.site.id} | ({office.engineers.id} if access.name == "Tom" else set()))
        console = Console(access.organisation, access.agent, inboxes)
        rows, position = core.read(
            lambda tx: (conversations.open_conversations(tx, access), log.position(tx))
        )
        console.start(rows, position)
        core.feed.add_agent(console)
        return access, console

    @rule(target=visitors, where=st.sampled_from(["site", "site", "engineers", "other"]))
    def a_visitor_comes(self, where: str) -> cast.Visit:
        office = self.core.cast.gracht if where == "other" else self.core.cast.stroom
        visit = self.core.visit(office, inbox=office.engineers if where == "engineers" else office.site)
        browser = Browser(visit.organisation, visit.visitor, visit.inbox, None)
        self.core.feed.add_visitor(browser)
        self.browsers[visit.visitor] = browser
        return visit

    @rule(target=sent, visit=visitors, text=TEXTS)
    def a_visitor_says(self, visit: cast.Visit, text: str) -> Inbound:
        item = self.core.inbound(visit, checked_text(text))
        self.hand_in(item)
        return item

    @rule(visits=st.lists(visitors, min_size=2, max_size=8), text=TEXTS)
    def many_say_something_at_the_same_time(self, visits: list[cast.Visit], text: str) -> None:
        self.hand_in(
            *[self.core.inbound(visit, f"{n} {checked_text(text)}") for n, visit in enumerate(visits)]
        )

    @rule(items=st.lists(sent, min_size=1, max_size=4), change=st.booleans())
    def messages_come_again(self, items: list[Inbound], change: bool) -> None:
        for item in items:
            if change:
                item.text += " changed"
        self.hand_in(*items)

    @rule(target=conversations, item=sent)
    def an_agent_looks_at(self, item: Inbound) -> Any:
        receipt = self.acked.get((item.sender, item.external_id))
        return receipt.conversation if receipt else multiple()

    @rule(target=sent, name=AGENTS, conversation=conversations, text=TEXTS, note=st.booleans())
    def an_agent_says(self, name: str, conversation: str, text: str, note: bool) -> Inbound:
        access, console = next(pair for pair in self.consoles if pair[0] == self.access[name])
        item = self.core.reply(access, conversation, checked_text(text), note=note)
        item.inboxes = console.inboxes
        self.hand_in(item)
        return item

    @rule(name=AGENTS, conversation=conversations, target_name=st.one_of(st.none(), AGENTS))
    def an_agent_assigns(self, name: str, conversation: str, target_name: str | None) -> None:
        agent = self.access[target_name].agent if target_name else None
        self.do(lambda writer: conversations.assign(writer, self.access[name], conversation, agent))

    @rule(name=AGENTS, conversation=conversations)
    def an_agent_closes(self, name: str, conversation: str) -> None:
        self.do(lambda writer: conversations.close(writer, self.access[name], conversation))

    @rule(name=AGENTS, conversation=conversations)
    def an_agent_reopens(self, name: str, conversation: str) -> None:
        self.do(lambda writer: conversations.reopen(writer, self.access[name], conversation))

    @rule(conversation=conversations, name=AGENTS, up_to=st.integers(-1, 40), read=st.booleans())
    def the_desk_reads(self, conversation: str, name: str, up_to: int, read: bool) -> None:
        access = self.access[name]

        def mark(writer: log.Writer) -> None:
            row = conversations.reach(writer, access, conversation)
            conversations.mark(writer, row, "desk", access.actor, up_to, read=read)

        self.do(mark)

    @rule(conversation=conversations, up_to=st.integers(-1, 40), read=st.booleans())
    def the_visitor_reads(self, conversation: str, up_to: int, read: bool) -> None:
        def mark(writer: log.Writer) -> None:
            row = writer.find(conversation)
            assert row is not None
            actor = Actor(kind="contact", id=row.contact, name="")
            conversations.mark(writer, row, "visitor", actor, up_to, read=read)

        self.do(mark)

    @rule(conversation=conversations, name=st.text(max_size=130), phone=st.sampled_from(["", "0612345678"]))
    def an_agent_corrects_the_contact(self, conversation: str, name: str, phone: str) -> None:
        access = self.access["sanne"]

        def change(writer: log.Writer) -> None:
            row = conversations.reach(writer, access, conversation)
            contacts.change(writer, access.organisation, access.actor, row.contact, name=name, phone=phone)

        self.do(change)

    @rule(conversation=conversations)
    def another_organisation_tries(self, conversation: str) -> None:
        before = self.core.row(conversation)
        if before.organisation == self.eva.organisation:
            return
        result = self.core.receive(self.core.reply(self.eva, conversation, "mine now"))[0]
        assert getattr(result, "code", "") == "conversation_unknown"
        closed = self.do(lambda writer: conversations.close(writer, self.eva, conversation))
        reopened = self.do(lambda writer: conversations.reopen(writer, self.eva, conversation))
        assert isinstance(closed, NotFoundError)
        assert isinstance(reopened, NotFoundError)
        assert self.core.row(conversation) == before

    @rule(hours=st.sampled_from([0.001, 1, 23, 25]))
    def time_passes(self, hours: float) -> None:
        self.core.clock.advance(hours * 3600)

    # Doing

    def hand_in(self, *items: Inbound) -> None:
        for item, result in zip(items, self.core.receive(*items), strict=True):
            key = (item.sender, item.external_id)
            if isinstance(result, Receipt):
                first = self.acked.setdefault(key, result)
                assert (first.conversation, first.seq) == (result.conversation, result.seq), (
                    "every ack names one seq"
                )
            else:
                assert isinstance(result, BalieError), result
                assert key not in self.acked

    def do(self, command: Any) -> Any:
        try:
            return self.core.do(command)
        except (NotFoundError, InvalidError) as error:
            return error

    # What must hold after every step

    @invariant()
    def every_console_shows_what_a_reload_would_show(self) -> None:
        for access, console in getattr(self, "consoles", ()):
            fresh = self.core.read(rows_of(access))
            assert console.shown() == {one.id: one for one in fresh}

    @invariant()
    def every_browser_shows_what_a_reload_would_show(self) -> None:
        for browser in getattr(self, "browsers", {}).values():
            assert browser.shown() == self.core.read(snapshot_for(browser))
            assert b"note_added" not in browser.bytes

    @invariant()
    def the_log_is_numbered_chained_and_holds_each_message_once(self) -> None:
        if not hasattr(self, "core"):
            return

        def check(tx: Any) -> None:
            for stream, count, last in tx.all("select stream, count(*), max(seq) from fact group by stream"):
                assert count == last
                assert log.verify(tx, stream) == 0
            said = tx.all("select body, actor_kind from fact where kind in ('message_added', 'note_added')")
            cids = {(json.loads(row[0])["cid"], row[1]) for row in said}
            assert len(cids) == len(said)
            stored = {(row[0], row[1]) for row in tx.all("select sender, external_id from message")}
            assert stored == set(self.acked)
            assert len(cids) == len(stored)

        self.core.read(check)


def rows_of(access: Access) -> Callable[[Tx], list[Conversation]]:
    return lambda tx: [
        *conversations.open_conversations(tx, access),
        *conversations.view(tx, access, "closed", 1_000),
    ]


def snapshot_for(browser: Browser) -> Callable[[Tx], list[VisitorConversation]]:
    def read(tx: Tx) -> list[VisitorConversation]:
        rows: list[ConversationRow] = conversations.of_visitor(
            tx, browser.visitor, browser.inbox, limit=1_000
        )
        return [snapshot_of(tx, row) for row in rows]

    return read


def test_live_equals_reload_whatever_happens(office: Template) -> None:
    class Machine(Office):
        pass

    Machine.template = office
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
