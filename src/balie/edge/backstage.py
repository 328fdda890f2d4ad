"""What a process does when nobody asks: the loops of the slices' listeners and timers, the courier, and what is
removed."""

from collections.abc import Sequence
from functools import partial

from balie.desk import blobs, deliveries, openings, timers
from balie.desk.courier import Courier
from balie.desk.listeners import Listening
from balie.desk.timers import Timers
from balie.desk.worker import BREATH_S, Worker
from balie.edge import housekeeping
from balie.edge.plugs import House, Slice


class Backstage:
    """The loops of a house. Every process runs them; what each takes on is claimed in the database."""

    def __init__(self, house: House, slices: Sequence[Slice]) -> None:
        self._house = house
        db, clock = house.db, house.clock
        self.worker = Worker(clock)
        self.courier = Courier(
            db, clock, {channel: make(house) for one in slices for channel, make in one.senders.items()}
        )
        self.timers = Timers(
            db, clock, {kind: handle for one in slices for kind, handle in one.timers.items()}
        )
        self.worker.add(deliveries.LOOP, self.courier.run)
        self.worker.add(timers.LOOP, self.timers.run)
        self.worker.add(housekeeping.LOOP, housekeeping.Housekeeping(db, clock).run)
        self.worker.add(blobs.LOOP, blobs.Removals(db, house.blobs, clock).run)
        self.worker.add(openings.LOOP, house.openings.run)
        house.openings.on_stale = partial(self.worker.wake, openings.LOOP)
        for one in slices:
            for name, listener in one.listeners.items():
                listening = Listening(db, clock, name, listener)
                self.worker.add(name, listening.run, on_facts=True, breath_s=BREATH_S)
        db.on_commit(self.worker.heard)

    def start(self) -> None:
        """Once the database is open."""
        self.worker.start()

    async def stop(self) -> None:
        """Before the database closes."""
        await self.worker.stop()
        await self.courier.stop()
        await self._house.outward.close()
