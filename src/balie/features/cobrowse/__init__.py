"""Looking along: an agent sees what the visitor sees, once the visitor agrees. Reads as a table of contents.

- ``facts``              Look, its facts (conversation's stream), the relay's own words
- ``tables``             look, looking_policy, look_recording, look_piece; revisions in ``migrations/``
- ``store``              the SQL of looks
- ``commands``           invite, offer, join, answer, pause, resume, end: guard, change, fact, timer
- ``control``            what an agent may do on the page: ask, answer, withdraw, used
- ``recording``          being recorded, under a consent of its own: ask, answer, stop, remove; ``recordings``: its SQL
- ``tape``               what is recorded: frames, pieces, sealed and stored
- ``steps``              what all these commands share
- ``deadlines``          what ends by itself: timers, and a conversation that closes
- ``policy``             what may be seen: keys, profiles, hash; pure. ``policies``: its versions of each inbox
- ``resources``          /v1/looks, /v1/conversations/{id}/looks; ``policy_resources``: /v1/inboxes/{id}/looking-policy
- ``visitor_resources``  /v1/visitor/look, /v1/visitor/looks, /v1/visitor/looking-policy; ``visitor_bodies``: the words
- ``recording_resources``, ``visitor_recording``  /v1/looks/{id}/recording, /v1/visitor/looks/{id}/recording
- ``places``             where else a look goes on; ``visitor_places``: /v1/visitor/looks/{id}/places
- ``page_state``         /v1/visitor/page-state: what agents may know before they look along
- ``hand_overs``         /v1/visitor/hand-overs: a look goes on at a sister site
- ``history``            the facts of looks, read again; ``marks``: those of a recording, by its own clock
- ``audit``              what an auditor asks of looks, from the log; ``audit_resources``: /v1/…/looks/audit
- ``consents``           the words that visitors agreed to, by version
- ``codes``              codes and addresses as they are kept; pure
- ``assets``             images and fonts of mirrored pages, from the inbox's sites only; the viewer's policy
- ``claims``             what a ticket of the mirror's socket stands for; ``admission``: who comes in with it
- ``mirror``             the sockets; ``envelope`` and ``outflow``: what may come in, what may wait; pure
- ``room``, ``relay``    one look on one node, and all of them; ``hints``: what nodes tell each other
"""

from pathlib import Path

from balie.edge.http import agent_routes
from balie.edge.plugs import Slice, SocketDoor
from balie.features.cobrowse import (
    assets,
    audit_resources,
    envelope,
    hand_overs,
    page_state,
    policy_resources,
    recording_resources,
    resources,
    visitor_places,
    visitor_recording,
    visitor_resources,
)
from balie.features.cobrowse.assets import VIEWER_CSP
from balie.features.cobrowse.claims import SOCKET
from balie.features.cobrowse.deadlines import CURSOR, TIMERS, Closings
from balie.features.cobrowse.mirror import MirrorDoor

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
            *recording_resources.ROUTES,
            *audit_resources.ROUTES,
            policy_resources.show_policy,
            policy_resources.put_policy,
            policy_resources.list_versions,
        ),
        visitor_resources.routes(
            *hand_overs.ROUTES, *page_state.ROUTES, *visitor_places.ROUTES, *visitor_recording.ROUTES
        ),
        assets.routes(),
    ],
    listeners={CURSOR: Closings()},
    timers=TIMERS,
    sockets={SOCKET: SocketDoor(MirrorDoor, envelope.FRAME_LIMIT)},
)

__all__ = ["COBROWSE", "MIGRATIONS", "VIEWER_CSP"]
