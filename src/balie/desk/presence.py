"""Who is there: agents with an open console, contacts with the site open, on this node and on all others. In memory,
rebuilt as sessions come."""

from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple, TypeVar

import msgspec

from balie.desk.feed import Feed
from balie.desk.model import AgentStatus
from balie.desk.nodes import Nodes

V = TypeVar("V")


class AgentMoved(NamedTuple):
    """An agent's first console opened, or the last one closed."""

    organisation: str
    agent: str
    connected: bool


class ContactMoved(NamedTuple):
    """A contact opened the site, or left it."""

    organisation: str
    inbox: str
    contact: str
    online: bool


class _Agent(msgspec.Struct, array_like=True):
    """An agent as a node tells the others. ``inboxes``: the ones the agent may answer; none means all."""

    status: AgentStatus
    inboxes: list[str] | None


_encode = msgspec.msgpack.Encoder(order="sorted").encode
_decode_agent = msgspec.msgpack.Decoder(_Agent).decode
_AGENT, _CONTACT = "a", "c"


class Presence:
    """Answers from the feed's sessions and from what other nodes tell; the agents' own status is kept beside them."""

    def __init__(self, feed: Feed, nodes: Nodes) -> None:
        self._feed = feed
        self._nodes = nodes
        self._status: dict[str, AgentStatus] = {}
        self._shown_agents: set[tuple[str, str]] = set()
        self._shown_contacts: dict[str, tuple[str, ...]] = {}
        """Contact → the inboxes in which agents see it as there: nearly always one."""
        self._agents_elsewhere: defaultdict[str, dict[str, list[_Agent]]] = defaultdict(dict)
        """Organisation → agent → as other nodes tell."""
        self._contacts_elsewhere: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
        """Organisation → contact → inboxes."""
        self._homes: dict[str, str] = {}
        """Contact elsewhere → organisation."""
        self._listeners: list[Callable[[AgentMoved | ContactMoved], None]] = []
        nodes.listen(self._moved_elsewhere)

    def listen(self, listener: Callable[[AgentMoved | ContactMoved], None]) -> None:
        """Hear on this node who comes and goes, on whichever node that is."""
        self._listeners.append(listener)

    # Sessions of this node

    def agent_moved(self, organisation: str, agent: str) -> None:
        """A console of the agent came or went here."""
        self._tell_agent(organisation, agent)
        self._agent_changed(organisation, agent)

    def contact_moved(self, organisation: str, inbox: str, contact: str) -> None:
        """A browser of the contact came or went here."""
        here = any(reader.inbox == inbox for reader in self._feed.browsers(contact))
        self._nodes.put(f"{_CONTACT} {organisation} {inbox} {contact}", b"" if here else None)
        self._contact_changed(organisation, inbox, contact)

    def set_status(self, organisation: str, agent: str, status: AgentStatus) -> None:
        if self._status.get(agent) != status:
            self._status[agent] = status
            self._tell_agent(organisation, agent)
            self._feed.desk_changed(organisation)

    # Answers

    def is_attended(self, organisation: str, inbox: str) -> bool:
        """Whether an agent who may answer this inbox has a console open and is not away."""
        return any(
            self._status.get(reader.agent, "online") == "online"
            for reader in self._feed.agents(organisation, inbox)
        ) or any(
            told.status == "online" and (told.inboxes is None or inbox in told.inboxes)
            for tellings in self._agents_elsewhere.get(organisation, {}).values()
            for told in tellings
        )

    def is_connected(self, organisation: str, agent: str) -> bool:
        return agent in self._agents_elsewhere.get(organisation, {}) or any(
            reader.agent == agent for reader in self._feed.agents(organisation)
        )

    def connected_agents(self, organisation: str) -> set[str]:
        here = {reader.agent for reader in self._feed.agents(organisation)}
        return here | self._agents_elsewhere.get(organisation, {}).keys()

    def is_online(self, contact: str) -> bool:
        """Whether the contact has the site open, with the chat used before."""
        return contact in self._homes or bool(self._feed.browsers(contact))

    def contacts(self, organisation: str, inboxes: frozenset[str] | None, limit: int) -> list[str]:
        """The contacts who have the site open in these inboxes (none: all), at most ``limit``."""
        elsewhere = (
            contact
            for contact, their_inboxes in self._contacts_elsewhere.get(organisation, {}).items()
            if inboxes is None or their_inboxes & inboxes
        )
        here = self._feed.contacts(organisation, inboxes, limit)
        return list(islice(dict.fromkeys([*here, *islice(elsewhere, limit)]), limit))

    # Inside

    def _tell_agent(self, organisation: str, agent: str) -> None:
        """What the others need to know: with several consoles here their rights are the same."""
        reader = next((one for one in self._feed.agents(organisation) if one.agent == agent), None)
        value = None
        if reader is not None:
            inboxes = None if reader.inboxes is None else sorted(reader.inboxes)
            value = _encode(_Agent(self._status.get(agent, "online"), inboxes))
        self._nodes.put(f"{_AGENT} {organisation} {agent}", value)

    def _moved_elsewhere(self, key: str) -> None:
        kind, organisation, *rest = key.split(" ")
        told = self._nodes.elsewhere(key)
        if kind == _AGENT:
            agent = rest[0]
            _keep(self._agents_elsewhere, organisation, agent, [_decode_agent(one) for one in told])
            self._agent_changed(organisation, agent)
        elif kind == _CONTACT:
            inbox, contact = rest
            inboxes = self._contacts_elsewhere.get(organisation, {}).get(contact, set()) - {inbox}
            if told:
                inboxes.add(inbox)
            _keep(self._contacts_elsewhere, organisation, contact, inboxes)
            if inboxes:
                self._homes[contact] = organisation
            else:
                self._homes.pop(contact, None)
            self._contact_changed(organisation, inbox, contact)

    def _agent_changed(self, organisation: str, agent: str) -> None:
        connected, key = self.is_connected(organisation, agent), (organisation, agent)
        if connected != (key in self._shown_agents):
            (self._shown_agents.add if connected else self._shown_agents.discard)(key)
            self._tell(AgentMoved(organisation, agent, connected))
        self._feed.desk_changed(organisation)

    def _contact_changed(self, organisation: str, inbox: str, contact: str) -> None:
        elsewhere = self._contacts_elsewhere.get(organisation, {}).get(contact, ())
        online = inbox in elsewhere or any(one.inbox == inbox for one in self._feed.browsers(contact))
        shown = self._shown_contacts.get(contact, ())
        if online == (inbox in shown):
            return
        others = tuple(one for one in shown if one != inbox)
        if online or others:
            self._shown_contacts[contact] = (*others, inbox) if online else others
        else:
            del self._shown_contacts[contact]
        self._tell(ContactMoved(organisation, inbox, contact, online))
        if not online:
            # Who sees several inboxes was just told that the contact left; in the others that is not so.
            for other in others:
                self._tell(ContactMoved(organisation, other, contact, online=True))

    def _tell(self, change: AgentMoved | ContactMoved) -> None:
        for listener in self._listeners:
            listener(change)


def _keep(index: defaultdict[str, dict[str, V]], home: str, key: str, value: V) -> None:
    """Under ``home``, or nothing there when ``value`` is empty."""
    if value:
        index[home][key] = value
    elif home in index:
        index[home].pop(key, None)
        if not index[home]:
            del index[home]
