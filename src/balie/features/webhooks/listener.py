"""Reads the log and makes a delivery for every endpoint that asked for the event: once for each endpoint and fact."""

from collections import defaultdict

from balie.desk import deliveries
from balie.desk.deliveries import Parcel
from balie.desk.log import Appended
from balie.engine.ports import Tx
from balie.features.webhooks import store
from balie.features.webhooks.events import TYPES, payload
from balie.features.webhooks.store import Subscription


class Events:
    """The listener of the slice."""

    def start(self, tx: Tx) -> int | None:
        return store.first_position(tx)

    def take(self, tx: Tx, facts: list[Appended], now: int) -> None:
        by_organisation: dict[str, list[Subscription]] = defaultdict(list)
        for one in store.subscriptions(tx):
            by_organisation[one.organisation].append(one)
        parcels = []
        for entry in facts:
            event = TYPES.get(entry.kind)
            if event is None:
                continue
            asked = [
                one
                for one in by_organisation.get(entry.organisation, ())
                if event in one.events and entry.position > one.since
            ]
            body = payload(entry, event).decode() if asked else ""
            parcels += [
                Parcel(
                    organisation=one.organisation,
                    channel=store.CHANNEL,
                    target=one.id,
                    order_key=entry.stream,
                    source=f"{entry.stream}:{entry.seq}",
                    topic=event,
                    body=body,
                )
                for one in asked
            ]
        deliveries.add(tx, parcels, now)
