"""Who gets to hear what: after each commit the feed hands the facts to the sessions whose rights allow them, and
carries signals between sessions. The bus tells other nodes that there is something new."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Protocol

import msgspec

from balie.desk.contacts import BecameContact
from balie.desk.facts import ContactChanged
from balie.desk.log import Appended
from balie.desk.tail import Tail
from balie.engine.ports import Bus, Database

FACTS = "facts"
SIGNALS = "signals"


class News:
    """Facts of one commit, in their order, for all agents who may read the same inboxes. ``frames`` holds them as they
    go over the socket, encoded once by whoever needs them first."""

    __slots__ = ("entries", "frames", "kinds")

    def __init__(self, entries: list[Appended]) -> None:
        self.entries = entries
        self.kinds = {entry.kind for entry in entries}
        self.frames: bytes | None = None


class Reader(Protocol):
    """A session as the feed sees it. It must not block and not raise when it is told something."""

    def signal(self, frame: bytes) -> None: ...


class AgentReader(Reader, Protocol):
    """``inboxes``: the ones the agent may read; none means all of the organisation."""

    def take_all(self, news: News) -> None:
        """Facts of a commit that this agent may read."""
        ...

    @property
    def organisation(self) -> str: ...

    @property
    def agent(self) -> str: ...

    @property
    def inboxes(self) -> frozenset[str] | None: ...


class VisitorReader(Reader, Protocol):
    def take(self, entry: Appended) -> None: ...

    @property
    def organisation(self) -> str: ...

    @property
    def visitor(self) -> str: ...

    @property
    def inbox(self) -> str: ...

    contact: str | None

    def became(self, contact: str) -> None:
        """The visitor is a contact from now on: take the id over."""
        ...

    def renamed(self, name: str) -> None:
        """The contact has another name now."""
        ...

    def desk_changed(self) -> None:
        """Whether somebody is there may have changed."""
        ...


class Signal(msgspec.Struct, array_like=True):
    """A signal on its way over the bus: to the agents of an inbox, or to the browsers of a contact."""

    organisation: str
    inbox: str | None
    contact: str | None
    frame: bytes
    skip: str = ""
    """The session it came from."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Signal).decode
_decode_contact = msgspec.json.Decoder(ContactChanged).decode


class Feed:
    """The sessions of this node, found by organisation and by contact."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._bus = bus
        self._agents: dict[str, set[AgentReader]] = defaultdict(set)
        self._contacts: dict[str, set[VisitorReader]] = defaultdict(set)
        self._visitors: dict[str, set[VisitorReader]] = defaultdict(set)
        self._sites: dict[str, set[VisitorReader]] = defaultdict(set)
        self._listeners: list[tuple[frozenset[str], Callable[[], None]]] = []
        self._tail = None if database.alone else Tail(database, self._hand_out, self._meet)
        database.on_commit(self._committed)
        bus.subscribe(FACTS, self._hinted)
        bus.subscribe(SIGNALS, self._signalled)

    async def start(self) -> None:
        """Hear of what other nodes write, from here on."""
        if self._tail is not None:
            await self._tail.start()

    async def stop(self) -> None:
        if self._tail is not None:
            await self._tail.stop()

    def on_kinds(self, kinds: frozenset[str], listener: Callable[[], None]) -> None:
        """Call ``listener`` on this node after a commit with facts of these kinds, on whichever node that was. It must
        not block and not raise."""
        self._listeners.append((kinds, listener))

    # Sessions come and go

    def add_agent(self, reader: AgentReader) -> None:
        self._agents[reader.organisation].add(reader)

    def remove_agent(self, reader: AgentReader) -> None:
        _discard(self._agents, reader.organisation, reader)

    def add_visitor(self, reader: VisitorReader) -> None:
        self._visitors[reader.visitor].add(reader)
        self._sites[reader.organisation].add(reader)
        if reader.contact is not None:
            self._contacts[reader.contact].add(reader)

    def remove_visitor(self, reader: VisitorReader) -> None:
        _discard(self._visitors, reader.visitor, reader)
        _discard(self._sites, reader.organisation, reader)
        if reader.contact is not None:
            _discard(self._contacts, reader.contact, reader)

    # Who is there

    def agents(self, organisation: str, inbox: str | None = None) -> list[AgentReader]:
        """The agents' sessions here, those that may read ``inbox`` where given."""
        return [
            reader
            for reader in self._agents.get(organisation, ())
            if inbox is None or reader.inboxes is None or inbox in reader.inboxes
        ]

    def browsers(self, contact: str) -> list[VisitorReader]:
        """The contact's open browsers here."""
        return list(self._contacts.get(contact, ()))

    def contacts(self, organisation: str, inboxes: frozenset[str] | None, limit: int) -> list[str]:
        """The contacts whose browsers are open here in these inboxes (none: all), at most ``limit``."""
        found = dict.fromkeys(
            reader.contact
            for reader in self._sites.get(organisation, ())
            if reader.contact is not None and (inboxes is None or reader.inbox in inboxes)
        )
        return list(islice(found, limit))

    def tabs(self, visitor: str) -> int:
        """How many sockets this one browser has here."""
        return len(self._visitors.get(visitor, ()))

    # Facts

    def has_passed(self, position: int) -> bool:
        """Whether facts behind ``position`` were handed out already: who joins now with what it read there missed
        them. Right after a commit of the only writer that is never so."""
        return self._tail is not None and self._tail.at > position

    def _committed(self, items: list[Any]) -> None:
        position = 0
        entries: list[Appended] = []
        for item in items:
            if isinstance(item, Appended):
                position = item.position
                entries.append(item)
            elif isinstance(item, BecameContact):
                # The visitor's browsers hear what comes after this, and nothing of what came before.
                self._pass_on(entries)
                entries = []
                self._meet(item.visitor, item.contact)
        self._pass_on(entries)
        if position:
            self._bus.publish(FACTS, str(position).encode())

    def _pass_on(self, entries: list[Appended]) -> None:
        if self._tail is None:
            self._hand_out(entries)
        else:
            self._tail.committed(entries)

    def _hinted(self, hint: bytes) -> None:
        if self._tail is not None:
            self._tail.hinted(int(hint))

    def _meet(self, visitor: str, contact: str) -> None:
        """The visitor's browsers hear of the contact's facts from now on."""
        for reader in tuple(self._visitors.get(visitor, ())):
            if reader.contact is None:
                self._contacts[contact].add(reader)
                reader.became(contact)

    def _hand_out(self, entries: list[Appended]) -> None:
        by_organisation: dict[str, list[Appended]] = {}
        for entry in entries:
            if entry.kind == "contact_changed":
                contact = _decode_contact(entry.raw).contact
                for browser in self.browsers(contact.id):
                    browser.renamed(contact.name)
            by_organisation.setdefault(entry.organisation, []).append(entry)
            browsers = self._contacts.get(entry.contact) if entry.contact is not None else None
            if browsers:
                for browser in tuple(browsers):
                    if browser.inbox == entry.inbox:
                        browser.take(entry)
        for kinds, listener in self._listeners:
            if any(entry.kind in kinds for entry in entries):
                listener()
        for organisation, theirs in by_organisation.items():
            self._tell(tuple(self._agents.get(organisation, ())), theirs)

    def _tell(self, agents: Sequence[AgentReader], entries: list[Appended]) -> None:
        news: dict[frozenset[str] | None, News] = {}
        for agent in agents:
            inboxes = agent.inboxes
            if inboxes not in news:
                news[inboxes] = News(
                    [one for one in entries if one.inbox is None or inboxes is None or one.inbox in inboxes]
                )
            if news[inboxes].entries:
                agent.take_all(news[inboxes])

    # Signals

    def desk_changed(self, organisation: str) -> None:
        """An agent came, went or changed status: the visitors here may want to know."""
        for reader in tuple(self._sites.get(organisation, ())):
            reader.desk_changed()

    def tell_agents_here(self, organisation: str, inbox: str | None, frame: bytes) -> None:
        """A signal that each node makes of its own: to the agents of this one who may read ``inbox``."""
        for reader in self.agents(organisation, inbox):
            reader.signal(frame)

    def tell_agents(self, organisation: str, inbox: str | None, frame: bytes, skip: str = "") -> None:
        """A signal to the agents who may read ``inbox`` (all of the organisation where none)."""
        signal_agents(self._bus, organisation, inbox, frame, skip)

    def tell_contact(self, organisation: str, inbox: str, contact: str, frame: bytes, skip: str = "") -> None:
        """A signal to the browsers of a contact."""
        self._bus.publish(SIGNALS, _encode(Signal(organisation, inbox, contact, frame, skip)))

    def _signalled(self, hint: bytes) -> None:
        signal = _decode(hint)
        readers: list[Any]
        if signal.contact is not None:
            readers = [reader for reader in self.browsers(signal.contact) if reader.inbox == signal.inbox]
        else:
            readers = list(self.agents(signal.organisation, signal.inbox))
        for reader in readers:
            if getattr(reader, "id", "") != signal.skip:
                reader.signal(signal.frame)


def signal_agents(bus: Bus, organisation: str, inbox: str | None, frame: bytes, skip: str = "") -> None:
    """As ``Feed.tell_agents``, for those who have no feed."""
    bus.publish(SIGNALS, _encode(Signal(organisation, inbox, None, frame, skip)))


def _discard(index: dict[str, set[Any]], key: str, reader: object) -> None:
    readers = index.get(key)
    if readers is not None:
        readers.discard(reader)
        if not readers:
            del index[key]
