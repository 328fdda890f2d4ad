"""X1 with real processes: a courier killed with SIGKILL between sending and noting, again and again, over HTTP."""

import json
import signal
import subprocess
import sys
from collections import Counter

import msgspec

from balie.desk import deliveries
from balie.desk.deliveries import LEASE_MS, Parcel
from balie.features.webhooks import store
from balie.features.webhooks.facts import Webhook
from balie.features.webhooks.signing import new_secret
from balie.lib import ids
from core import Core
from receiver import Receiver

# Sends what is due and dies as soon as its n-th answer is in, before that is noted. It sees the time it is told.
KILLED = """
import asyncio, ipaddress, os, signal, sys
from pathlib import Path
from balie.desk.courier import Courier
from balie.edge.outward import Outward
from balie.features.webhooks.sender import WebhookSender
from balie.lib.clock import SetClock

url, left, now = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Killed(WebhookSender):
    async def send(self, one):
        global left
        outcome = await super().send(one)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

async def main():
    if url.startswith("sqlite"):
        from balie.engine.sqlite import SqliteDatabase
        db = SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    else:
        from balie.engine.postgres import PostgresDatabase
        db = PostgresDatabase(url)
    await db.start()
    outward, clock = Outward([ipaddress.ip_network("127.0.0.0/8")]), SetClock(now)
    courier = Courier(db, clock, {"webhook": Killed(db, clock, outward)})
    for _ in range(20):
        await courier.run()
        await courier.settle_all()
    await outward.close()
    await db.stop()

asyncio.run(main())
"""


def test_every_key_takes_effect_once_and_none_is_lost_whatever_is_killed(core: Core) -> None:
    home = core.cast.stroom.organisation.id
    with Receiver() as receiver:
        webhook = Webhook(
            id=ids.new_id(ids.WEBHOOK),
            url=receiver.url,
            description="",
            events=["message.added"],
            active=True,
            off_reason="",
            created_at=0,
            changed_at=0,
            old_secret_until=None,
            failing_since=None,
        )
        core.write(lambda tx: store.insert(tx, home, webhook, new_secret()))
        parcels = [
            Parcel(
                organisation=home,
                channel="webhook",
                target=webhook.id,
                order_key=str(number % 4),
                source=str(number),
                topic="message.added",
                body=json.dumps({"lane": number % 4, "number": number}),
            )
            for number in range(32)
        ]
        core.write(lambda tx: deliveries.add(tx, parcels, core.clock.now()))
        codes = []
        for run, left in enumerate((7, 12, 10_000)):
            now = core.clock.now() + run * (LEASE_MS + 1)
            command = [sys.executable, "-c", KILLED, core.settings.database, str(left), str(now)]
            codes.append(subprocess.run(command, check=False).returncode)
        assert codes == [-signal.SIGKILL] * 2 + [0]
        effects: dict[str, dict[str, int]] = {}
        for got in receiver.got:
            effects.setdefault(got.headers["webhook-id"], msgspec.json.decode(got.body))
        assert sorted(one["number"] for one in effects.values()) == list(range(32))
        for lane in range(4):
            numbers = [one["number"] for one in effects.values() if one["lane"] == lane]
            assert numbers == sorted(numbers)
        repeated = Counter(got.headers["webhook-id"] for got in receiver.got)
        assert 2 <= sum(count - 1 for count in repeated.values()) <= 12
    assert core.read(lambda tx: deliveries.counts(tx, home, webhook.id)) == {"sent": 32}
