"""Live equals reload (I4): whatever happens, who played the facts sees what a fresh snapshot shows.

A state machine drives random commands of every slice through the real desk, on each engine. After each step every open
console and browser is compared with the database, and the log is checked: numbered without gaps, chained, each message
once. Drafts, timers and webhooks go along: a draft is what its author saved last, a timer fires once, and a webhook is
told every fact it asked for once, under one key and in the order of its conversation.
"""

import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
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
from balie.desk import contacts, conversations, deliveries, drafts, log, roster, timers, visitors
from balie.desk.access import Access
from balie.desk.courier import Courier
from balie.desk.deliveries import Claimed, Outcome, Settled
from balie.desk.facts import AgentChanged, AgentStatusChanged, ConversationClosed, Fact, InboxChanged
from balie.desk.listeners import Listening
from balie.desk.log import Writer
from balie.desk.messages import Inbound, Receipt, checked_text
from balie.desk.model import Actor, Agent, Conversation, Inbox
from balie.desk.state import ConversationRow
from balie.desk.timers import Timer, Timers
from balie.edge.frames import VisitorConversation
from balie.engine.ports import Tx
from balie.features.replies import commands as reply_commands
from balie.features.replies import store as reply_store
from balie.features.replies.facts import CannedReply, ReplyRemoved, ReplySaved
from balie.features.webhooks import commands as webhook_commands
from balie.features.webhooks import signing
from balie.features.webhooks import store as webhook_store
from balie.features.webhooks.events import TYPES
from balie.features.webhooks.facts import Webhook, WebhookDisabled, WebhookRemoved, WebhookSaved
from balie.features.webhooks.listener import Events
from balie.lib import ids
from balie.lib.errors import BalieError, ConflictError, InvalidError, NotFoundError
from core import Template
from viewer import Browser, Console

T = TypeVar("T")


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
OVERSEERS = st.sampled_from(["sanne", "daan"])
CONSOLES = 9
"""Windows that may be open at once."""
RECEIVERS = ("sent", "sent", "retry", "refused", "lost")


class Office(RuleBasedStateMachine):
    """Three visitors of one office, one of the other; every agent has a console open."""

    template: Template
    visitors = Bundle("visitors")
    conversations = Bundle("conversations")
    sent = Bundle("sent")
    replies = Bundle("replies")
    webhooks = Bundle("webhooks")

    @initialize()
    def open_the_office(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.core = core = self.template.copy(Path(self.folder.name))
        self.acked: dict[tuple[str, str], Receipt] = {}
        stroom, gracht = core.cast.stroom, core.cast.gracht
        self.access = {name: core.access(stroom, name) for name in stroom.agents}
        self.eva = core.access(gracht, "eva")
        self.consoles = [self.console(one) for one in [*self.access.values(), self.eva]]
        self.browsers: list[Browser] = []
        self.shared = {console: Shared(fresh) for console, fresh in self.with_reloads(desk_of)}
        self.drafts: dict[tuple[str, str, str], str] = {}
        self.set: dict[str, Timer] = {}
        self.steady: dict[str, tuple[list[str], int]] = {}
        """Webhooks that nobody changed: the events they asked for, and from which position on."""
        self.replayed: set[str] = set()
        """Those whose dead deliveries somebody tried again: they come behind what was sent meanwhile."""
        self.post = Post()
        self.listening = Listening(core.db, core.clock, "webhooks", Events())
        self.courier = Courier(core.db, core.clock, {webhook_store.CHANNEL: self.post})

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
        self.browsers.append(browser)
        return visit

    @rule(visit=visitors, name=st.text(max_size=130))
    def a_visitor_gives_a_name(self, visit: cast.Visit, name: str) -> None:
        self.core.write(lambda tx: visitors.claim(tx, visit.visitor, name=name, email=None, language="en"))

    @rule(visit=visitors)
    def a_visitor_opens_another_tab(self, visit: cast.Visit) -> None:
        browser = Browser(visit.organisation, visit.visitor, visit.inbox, self.core.contact(visit) or None)

        def load(tx: Tx) -> None:
            for row in conversations.of_visitor(tx, visit.visitor, visit.inbox, limit=1_000):
                browser.rows[row.id] = row
                browser.log[row.id] = snapshot_of(tx, row).log

        self.core.read(load)
        self.core.feed.add_visitor(browser)
        self.browsers.append(browser)

    @rule(visit=visitors)
    def a_visitor_closes_a_tab(self, visit: cast.Visit) -> None:
        browser = next((one for one in self.browsers if one.visitor == visit.visitor), None)
        if browser is not None:
            self.core.feed.remove_visitor(browser)
            self.browsers.remove(browser)

    @rule(name=AGENTS)
    def an_agent_comes_back(self, name: str) -> None:
        if len(self.consoles) < CONSOLES:
            self.consoles.append(self.console(self.access[name]))

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

    # What the whole desk shares

    @rule(name=AGENTS, status=st.sampled_from(["online", "away"]))
    def an_agent_changes_status(self, name: str, status: Any) -> None:
        self.do(lambda writer: roster.set_status(writer, self.access[name], status))

    @rule(name=AGENTS, called=st.text(max_size=130))
    def an_agent_is_renamed(self, name: str, called: str) -> None:
        access = self.access["sanne"]
        self.do(
            lambda writer: roster.change_agent(
                writer, access.organisation, access.actor, self.access[name].agent, name=called
            )
        )

    @rule(called=st.text(max_size=40), language=st.sampled_from(["nl", "en"]), engineers=st.booleans())
    def an_inbox_changes(self, called: str, language: Any, engineers: bool) -> None:
        office = self.core.cast.stroom
        inbox = office.engineers if engineers else office.site
        self.do(
            lambda writer: roster.change_inbox(
                writer, self.access["daan"], inbox.id, name=called, language=language
            )
        )

    @rule(target=replies, shortcut=st.sampled_from(["dag", "tot", "ziens"]), text=TEXTS)
    def a_reply_is_added(self, shortcut: str, text: str) -> Any:
        reply = CannedReply(id=ids.new_id(ids.REPLY), shortcut=shortcut, title="", text=text, language="nl")
        added = self.do(lambda writer: reply_commands.add(writer, self.access["sanne"], reply))
        return multiple() if isinstance(added, BalieError) else reply

    @rule(reply=replies, shortcut=st.sampled_from(["dag", "tot", "ziens"]), remove=st.booleans())
    def a_reply_changes(self, reply: CannedReply, shortcut: str, remove: bool) -> None:
        access = self.access["daan"]
        changed = CannedReply(id=reply.id, shortcut=shortcut, title="", text="anders", language="nl")
        if remove:
            self.do(lambda writer: reply_commands.remove(writer, access, reply.id))
        else:
            self.do(lambda writer: reply_commands.replace(writer, access, changed))

    # What only its author sees

    @rule(
        name=AGENTS,
        conversation=conversations,
        kind=st.sampled_from(["message", "note"]),
        text=st.text(max_size=40),
    )
    def an_agent_types(self, name: str, conversation: str, kind: Any, text: str) -> None:
        access = self.access[name]
        key = (access.agent, conversation, kind)
        self.core.write(lambda tx: drafts.save(tx, access, conversation, kind, text, self.core.clock.now()))
        self.drafts.pop(key, None)
        if text.strip():
            self.drafts[key] = text

    # What happens by itself

    @rule(conversation=conversations, key=st.sampled_from(["a", "b", "c"]), hours=st.sampled_from([0, 1, 24]))
    def a_timer_is_set(self, conversation: str, key: str, hours: int) -> None:
        home = self.core.row(conversation).organisation
        due_at = self.core.clock.now() + hours * 3_600_000
        timer = Timer(organisation=home, kind="close", key=key, due_at=due_at, payload=conversation)
        self.core.write(lambda tx: timers.put(tx, timer))
        self.set[home + key] = timer

    @rule(key=st.sampled_from(["a", "b", "c"]))
    def a_timer_is_cancelled(self, key: str) -> None:
        home = self.core.cast.stroom.organisation.id
        was_set = self.core.write(lambda tx: timers.cancel(tx, home, "close", key))
        assert was_set == (self.set.pop(home + key, None) is not None)

    @rule()
    def timers_fire(self) -> None:
        now = self.core.clock.now()
        due = {name: timer for name, timer in self.set.items() if timer.due_at <= now}

        def close(writer: Writer, timer: Timer) -> None:
            fired.append(timer)
            row = writer.find(timer.payload)
            assert row is not None
            if row.status == "open":
                body = ConversationClosed()
                writer.record(row, roster.system(timer.organisation), "conversation_closed", body)

        fired: list[Timer] = []
        self.core.run(Timers(self.core.db, self.core.clock, {"close": close}).run())
        assert sorted(fired, key=str) == sorted(due.values(), key=str)
        self.set = {name: timer for name, timer in self.set.items() if name not in due}

    @rule(
        target=webhooks,
        name=OVERSEERS,
        events=st.lists(st.sampled_from(sorted(TYPES.values())), min_size=1, unique=True),
    )
    def a_webhook_is_added(self, name: str, events: Any) -> Any:
        now = self.core.clock.now()
        hook = Webhook(
            id=ids.new_id(ids.WEBHOOK), url="https://hier.example/", description="", events=events, active=True,
            off_reason="", created_at=now, changed_at=now, old_secret_until=None, failing_since=None,
        )  # fmt: skip
        self.steady[hook.id] = (events, self.core.read(log.position))
        self.do(lambda writer: webhook_commands.add(writer, self.access[name], hook, signing.new_secret()))
        return hook.id

    @rule(hook=webhooks, change=st.sampled_from(["off", "on", "events", "secret", "test", "again", "gone"]))
    def a_webhook_changes(self, hook: str, change: str) -> None:
        access = self.access["sanne"]

        def work(writer: Writer) -> None:
            before = webhook_commands.found(writer, access, hook)
            if change == "secret":
                webhook_commands.rotate(writer, access, hook, signing.new_secret())
            elif change == "test":
                webhook_commands.send_test(writer, access, hook)
            elif change == "again":
                deliveries.replay_dead(writer.tx, access.organisation, hook, 0, writer.now)
            elif change == "gone":
                webhook_commands.remove(writer, access, hook)
            else:
                events = ["note.added"] if change == "events" else before.events
                wanted = msgspec.structs.replace(before, active=change != "off", events=events)
                webhook_commands.replace(writer, access, wanted)

        self.do(work)
        if change == "again":
            self.replayed.add(hook)
        if change in ("off", "on", "events", "gone"):
            self.steady.pop(hook, None)

    @rule()
    def webhooks_read_the_log(self) -> None:
        self.core.run(self.listening.run())

    @rule(answers=st.lists(st.sampled_from(RECEIVERS), min_size=1, max_size=4))
    def the_courier_goes_round(self, answers: list[str]) -> None:
        """A *lost* answer: the receiver has it, and the desk dies before it can say so."""
        self.post.answers = list(answers)
        self.core.run(self.courier.run())
        self.core.run(self.courier.settle_all())
        self.post.answers = []

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
        except (NotFoundError, InvalidError, ConflictError) as error:
            return error

    def with_reloads(self, load: Callable[[Access], Callable[[Tx], T]]) -> list[tuple[Console, T]]:
        """Every console with what ``load`` finds for its agent now."""
        consoles = getattr(self, "consoles", [])
        if not consoles:
            return []
        return self.core.read(lambda tx: [(console, load(access)(tx)) for access, console in consoles])

    # What must hold after every step

    @invariant()
    def every_console_shows_what_a_reload_would_show(self) -> None:
        for console, fresh in self.with_reloads(rows_of):
            assert console.shown() == {one.id: one for one in fresh}

    @invariant()
    def every_browser_shows_what_a_reload_would_show(self) -> None:
        for browser in getattr(self, "browsers", ()):
            assert browser.shown() == self.core.read(snapshot_for(browser))
            assert b"note_added" not in browser.bytes

    @invariant()
    def every_console_knows_the_desk_as_a_reload_would_show_it(self) -> None:
        for console, fresh in self.with_reloads(desk_of):
            if console in self.shared:
                self.shared[console].hear_all(console.facts)
                assert self.shared[console].known == fresh

    @invariant()
    def drafts_are_what_their_authors_saved_last(self) -> None:
        if hasattr(self, "drafts"):
            everybody = self.access.values()
            kept = self.core.read(lambda tx: [(one, drafts.of_agent(tx, one)) for one in everybody])
            found = {
                (access.agent, draft.conversation, draft.kind): draft.text
                for access, own in kept
                for draft in own
            }
            assert found == self.drafts

    @invariant()
    def webhooks_get_each_fact_once_in_order(self) -> None:
        if not hasattr(self, "post"):
            return
        for order in self.post.lanes.values():
            assert order == sorted(set(order)), (
                "each delivery once in effect, in the order of its conversation"
            )
        home = self.core.cast.stroom.organisation.id

        def check(tx: Tx) -> None:
            for hook, (events, since) in self.steady.items():
                rows = tx.all(
                    "select source from delivery where channel = ? and target = ? and topic <> ?",
                    [webhook_store.CHANNEL, hook, webhook_commands.TEST],
                )
                made = [row[0] for row in rows]
                read = tx.one("select position from listener where name = 'webhooks'")
                facts = tx.all(
                    "select stream, seq, kind from fact where organisation = ? and position > ? and position <= ?",
                    [home, since, read[0] if read else 0],
                )
                asked = {f"{stream}:{seq}" for stream, seq, kind in facts if TYPES.get(kind) in events}
                assert len(made) == len(set(made))
                assert set(made) == asked

        self.core.read(check)

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


class Post:
    """The sender of the webhooks' channel, and a receiver that drops the keys it had. ``lanes``: endpoint and
    conversation → the numbers of the deliveries in the order in which they took effect."""

    repeatable = True

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.lanes: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._keys: set[str] = set()

    async def send(self, one: Claimed) -> Outcome:
        answer = self.answers.pop() if self.answers else "sent"
        if answer in ("sent", "lost") and one.key not in self._keys:
            self._keys.add(one.key)
            self.lanes[one.target, one.order_key].append(one.number)
        if answer == "lost":
            raise asyncio.CancelledError
        return Outcome(result=answer, reason="" if answer == "sent" else "a bad mood")  # type: ignore[arg-type]

    def settled(self, writer: Writer, one: Claimed, outcome: Outcome, settled: Settled) -> None:
        """Nothing of its own to note."""


class Shared:
    """What a console knows of its desk beside the conversations: the people with their status, the inboxes, the saved
    replies and the webhooks, by id."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self._heard = 0

    def hear_all(self, facts: list[Fact]) -> None:
        fresh, self._heard = facts[self._heard :], len(facts)
        for fact in fresh:
            self._hear(fact)

    def _hear(self, fact: Fact) -> None:
        match fact.kind:
            case "agent_changed":
                agent = msgspec.json.decode(fact.body, type=AgentChanged).agent
                self.known[agent.id] = agent
            case "agent_status_changed":
                status = msgspec.json.decode(fact.body, type=AgentStatusChanged).status
                self.known[fact.stream] = msgspec.structs.replace(self.known[fact.stream], status=status)
            case "inbox_changed":
                inbox = msgspec.json.decode(fact.body, type=InboxChanged).inbox
                if inbox.id in self.known:
                    self.known[inbox.id] = inbox
            case "reply_saved":
                reply = msgspec.json.decode(fact.body, type=ReplySaved).reply
                self.known[reply.id] = reply
            case "reply_removed":
                del self.known[msgspec.json.decode(fact.body, type=ReplyRemoved).id]
            case "webhook_saved":
                saved = msgspec.json.decode(fact.body, type=WebhookSaved)
                self.known[saved.id] = (saved.description, saved.active)
            case "webhook_disabled":
                off = msgspec.json.decode(fact.body, type=WebhookDisabled)
                self.known[off.id] = (off.description, False)
            case "webhook_removed":
                del self.known[msgspec.json.decode(fact.body, type=WebhookRemoved).id]


def desk_of(access: Access) -> Callable[[Tx], dict[str, Any]]:
    """What ``Shared`` knows, from the database."""

    def read(tx: Tx) -> dict[str, Any]:
        people: list[Agent] = roster.agents(tx, access.organisation)
        inboxes: list[Inbox] = roster.inboxes(tx, access)
        return {
            **{one.id: one for one in [*people, *inboxes, *reply_store.replies(tx, access)]},
            **{one.id: (one.description, one.active) for one in webhook_store.webhooks(tx, access)},
        }

    return read


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
            max_examples=10 if office.engine == "sqlite" else 4,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
