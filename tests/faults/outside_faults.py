"""What leaves the desk: webhooks, while the desk is killed and the receiver is in a bad mood."""

import asyncio
import json
import random
from pathlib import Path

from checker import Delivered, History, violations
from cluster_faults import Cluster
from scenario import Scenario
from world import World

from balie.desk.access import find_access
from balie.desk.log import Writer
from balie.engine.ports import Tx
from balie.features.webhooks import commands, signing
from balie.features.webhooks.facts import Webhook
from balie.lib import ids
from balie.lib.clock import SystemClock
from receiver import Got, Receiver

ARRIVED_WITHIN_S = 200.0
"""A killed desk's lease on a delivery lasts a minute, and so may the wait after a few failures."""


class Outside(Scenario):
    """kill -9 while webhooks go out; the receiver fails now and then, and now and then after it took note."""

    name = "webhooks and kills"
    short, long = 1, 40
    per_world = 10

    def world(self, folder: Path, seed: int) -> World:
        self.receiver = Receiver(self.moody)
        self.dice = random.Random(seed)
        self.taken: dict[str, str] = {}
        self.copies = 0
        return World(folder, seed, mutant=self.mutant, extra={"BALIE_OUTWARD_NETWORKS": "127.0.0.0/8"})

    async def ready(self, world: World) -> None:
        now = SystemClock().now()
        url = f"{self.receiver.url}/hook"

        def add(tx: Tx) -> None:
            access = find_access(tx, world.cast.stroom.agents["sanne"].id)
            assert access is not None
            hook = Webhook(
                id=ids.new_id(ids.WEBHOOK), url=url, description="", events=["message.added"], active=True,
                off_reason="", created_at=now, changed_at=now, old_secret_until=None, failing_since=None,
            )  # fmt: skip
            with Writer(tx, now) as writer:
                commands.add(writer, access, hook, signing.new_secret())

        async with world.database() as db:
            await db.write(add)

    def moody(self, got: Got) -> tuple[int, dict[str, str], bytes]:
        chance = self.dice.random()
        if chance < 0.05:
            return 500, {}, b""
        key = got.headers["webhook-id"]
        self.copies += key in self.taken
        self.taken.setdefault(key, json.loads(got.body)["data"]["cid"])
        return (500 if chance < 0.1 else 200), {}, b""

    async def strike(self, world: World) -> None:
        await asyncio.to_thread(world.node.kill)
        world.write(1)
        world.node.start()

    async def after(self, world: World) -> None:
        """Wait until everything of this organisation arrived."""
        people = [one for one in world.clients if one.office == world.cast.stroom.organisation.name]
        wanted = {ack.cid for client in people for ack in client.acked}
        await world.wait(lambda: wanted <= set(self.taken.values()), ARRIVED_WITHIN_S, 0.2)

    async def verdict(self, world: World) -> tuple[History, list[str]]:
        history = await world.history()
        homes = {one for console in world.consoles[:1] for one in history.reads[console.name]}
        history = history._replace(
            owed=frozenset(line.cid for line in history.stored if line.conversation in homes),
            delivered=tuple(Delivered(key, cid) for key, cid in self.taken.items()),
        )
        self.note("sent again", self.copies)
        return history, violations(history)

    def clean(self) -> None:
        self.receiver.close()


class OutsideStopped(Outside):
    """The short form: stopped in good order, or the desk's lease on what was under way would last a minute."""

    async def strike(self, world: World) -> None:
        await asyncio.to_thread(world.node.stop)
        world.write(1)
        world.node.start()


class OutsideCluster(Outside, Cluster):
    """The same with two nodes on PostgreSQL, of which one is killed."""

    engine = "postgres"
    count = 2

    def world(self, folder: Path, seed: int) -> World:
        Outside.world(self, folder, seed)
        world = Cluster.world(self, folder, seed)
        for node in world.nodes:
            node.env["BALIE_OUTWARD_NETWORKS"] = "127.0.0.0/8"
        return world

    async def ready(self, world: World) -> None:
        await Outside.ready(self, world)
        await Cluster.ready(self, world)

    async def strike(self, world: World) -> None:
        node = world.random.choice(world.nodes)
        await asyncio.to_thread(node.kill)
        world.write(1)
        node.start()

    def clean(self) -> None:
        Outside.clean(self)
        Cluster.clean(self)
