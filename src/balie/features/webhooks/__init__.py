"""Webhooks: what happens on the desk, told to other systems by HTTP (Standard Webhooks 1.0). Reads as a table of
contents.

- ``facts``      Webhook, the kinds of event; webhook_saved, webhook_removed, webhook_disabled (organisation's stream)
- ``signing``    secrets and signatures: pure
- ``tables``     webhook; revisions in ``migrations/``
- ``store``      the SQL
- ``commands``   add, change, rotate, remove, disable, forget_old_secret: guard, change, fact
- ``listener``   facts → deliveries, once for each endpoint and fact
- ``sender``     delivery → HTTP, and what the answer means
- ``resources``  /v1/webhooks with /secret, /tests, /replays and /deliveries; for admins only

Deliveries themselves (leases, order, back-off, dead letters) are the courier's, in ``desk``.
"""

from pathlib import Path

from balie.edge.http import agent_routes
from balie.edge.plugs import Slice
from balie.features.webhooks import commands, log_resources, resources, store
from balie.features.webhooks.listener import Events
from balie.features.webhooks.sender import WebhookSender

MIGRATIONS = Path(__file__).parent / "migrations"

WEBHOOKS = Slice(
    name="webhooks",
    routes=[
        agent_routes(
            resources.list_webhooks,
            resources.create_webhook,
            resources.replace_webhook,
            resources.delete_webhook,
            resources.rotate_secret,
            resources.send_test,
            log_resources.list_deliveries,
            log_resources.get_delivery,
            log_resources.replay_delivery,
            log_resources.replay_failed,
        )
    ],
    listeners={"webhooks": Events()},
    timers={commands.ROTATION: commands.forget_old_secret},
    senders={store.CHANNEL: lambda house: WebhookSender(house.db, house.clock, house.outward)},
)
