"""Looking along: an agent sees what the visitor sees, once the visitor agrees. Reads as a table of contents.

- ``facts``              Look, its facts (conversation's stream), the relay's own words
- ``tables``             look, looking_policy; revisions in ``migrations/``
- ``store``              the SQL of looks
- ``commands``           invite, offer, join, answer, pause, resume, end: guard, change, fact, timer
- ``control``            what an agent may do on the page: ask, answer, withdraw, used
- ``deadlines``          what ends by itself: timers, and a conversation that closes
- ``policy``             what may be seen: keys, profiles, hash; pure. ``policies``: its versions of each inbox
- ``resources``          /v1/looks, /v1/conversations/{id}/looks; ``policy_resources``: /v1/inboxes/{id}/looking-policy
- ``visitor_resources``  /v1/visitor/look, /v1/visitor/looks, /v1/visitor/looking-policy
- ``claims``             what a ticket of the mirror's socket stands for
"""

from pathlib import Path

from balie.edge.http import agent_routes
from balie.edge.plugs import Slice
from balie.features.cobrowse import policy_resources, resources, visitor_resources
from balie.features.cobrowse.deadlines import CURSOR, TIMERS, Closings

MIGRATIONS = Path(__file__).parent / "migrations"

COBROWSE = Slice(
    name="cobrowse",
    routes=[
        agent_routes(
            resources.create_look,
            resources.conversation_look,
            resources.join_look,
            resources.show_look,
            resources.end_look,
            resources.ask_control,
            resources.give_up_control,
            resources.create_ticket,
            policy_resources.show_policy,
            policy_resources.put_policy,
            policy_resources.list_versions,
        ),
        visitor_resources.routes(),
    ],
    listeners={CURSOR: Closings()},
    timers=TIMERS,
)
