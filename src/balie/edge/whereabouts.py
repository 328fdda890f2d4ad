"""Tells the consoles of this node who comes and goes, on whichever node that is."""

from balie.desk.feed import Feed
from balie.desk.presence import AgentMoved, ContactMoved, Presence
from balie.edge import frames
from balie.edge.session import encode


def show_whereabouts(presence: Presence, feed: Feed) -> None:
    """From here on turn what presence tells into signals."""

    def tell(change: AgentMoved | ContactMoved) -> None:
        if isinstance(change, AgentMoved):
            seen = encode("signal", frames.AgentSeen(agent=change.agent, connected=change.connected))
            feed.tell_agents_here(change.organisation, None, seen)
        else:
            seen = encode("signal", frames.PresenceSeen(contact=change.contact, online=change.online))
            feed.tell_agents_here(change.organisation, change.inbox, seen)

    presence.listen(tell)
