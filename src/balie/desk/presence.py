"""Who is there: agents with an open console, contacts with the site open. In memory, rebuilt as sessions come."""

from balie.desk.feed import Feed
from balie.desk.model import AgentStatus


class Presence:
    """Answers from the feed's sessions; the agents' own status is kept beside them."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._status: dict[str, AgentStatus] = {}

    def set_status(self, agent: str, status: AgentStatus) -> None:
        self._status[agent] = status

    def is_attended(self, organisation: str, inbox: str) -> bool:
        """Whether an agent who may answer this inbox has a console open and is not away."""
        return any(
            self._status.get(reader.agent, "online") == "online"
            for reader in self._feed.agents(organisation, inbox)
        )

    def is_connected(self, organisation: str, agent: str) -> bool:
        return any(reader.agent == agent for reader in self._feed.agents(organisation))

    def connected_agents(self, organisation: str) -> set[str]:
        return {reader.agent for reader in self._feed.agents(organisation)}

    def is_online(self, contact: str) -> bool:
        """Whether the contact has the site open, with the chat used before."""
        return bool(self._feed.browsers(contact))
