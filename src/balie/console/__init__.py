"""The agents' side over HTTP and socket. Reads as a table of contents; each noun has its file.

``socket`` (the agents' socket) is opened by ``app``; everything else is plugged in as routes.
"""

from balie.console import (
    agents,
    assignment,
    calendars,
    closure,
    contacts,
    conversations,
    drafts,
    inboxes,
    session,
    teams,
    tickets,
)
from balie.edge.http import agent_routes
from balie.edge.plugs import Slice

CONSOLE = Slice(
    name="console",
    routes=[
        agent_routes(
            session.create_session,
            session.show_session,
            session.change_session,
            session.delete_session,
        ),
        agent_routes(tickets.create_ticket),
        agent_routes(
            conversations.list_conversations,
            conversations.show_conversation,
            conversations.list_facts,
            conversations.create_message,
        ),
        agent_routes(assignment.put_assignment, assignment.delete_assignment),
        agent_routes(closure.put_closure, closure.delete_closure),
        agent_routes(drafts.put_draft),
        agent_routes(
            contacts.show_contact,
            contacts.change_contact,
            contacts.show_visit,
            contacts.list_contact_conversations,
        ),
        agent_routes(agents.list_agents, agents.create_agent, agents.change_agent),
        agent_routes(teams.list_teams),
        agent_routes(inboxes.list_inboxes, inboxes.change_inbox),
        agent_routes(
            calendars.list_calendars,
            calendars.create_calendar,
            calendars.preview_calendar,
            calendars.replace_calendar,
            calendars.delete_calendar,
        ),
    ],
)
