"""Canned replies: texts a desk saves once and agents insert with ``/``. Reads as a table of contents.

- ``facts``      CannedReply; reply_saved, reply_removed (organisation's stream)
- ``tables``     reply; revisions in ``migrations/``
- ``store``      the SQL
- ``commands``   save, remove: guard, change, fact
- ``resources``  GET, POST /v1/replies; PUT, DELETE /v1/replies/{id}

Agents read; supervisors and admins write. Variables such as ``{{contact.firstName}}`` are filled in by the
console; here they are plain text (threat S5).
"""

from pathlib import Path

from balie.edge.http import agent_routes
from balie.edge.plugs import Slice
from balie.features.replies import resources, store

MIGRATIONS = Path(__file__).parent / "migrations"

REPLIES = Slice(
    name="replies",
    routes=[
        agent_routes(
            resources.list_replies,
            resources.create_reply,
            resources.replace_reply,
            resources.delete_reply,
        )
    ],
    snapshot=store.replies,
)
