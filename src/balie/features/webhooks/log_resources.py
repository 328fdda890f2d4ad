"""The log of a webhook's deliveries over HTTP, for admins: look, and send again."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from balie.desk import deliveries
from balie.desk.access import Access
from balie.desk.deliveries import Attempt, Delivery, State
from balie.desk.log import Writer
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenDb, GivenOnce
from balie.engine.ports import Tx
from balie.features.webhooks import commands, store
from balie.features.webhooks.resources import ADMINS, TAGS
from balie.lib.errors import NotFoundError


class DeliveryPage(msgspec.Struct, frozen=True):
    """``next``: pass as ``before`` for the ones before these; none at the end. ``counts``: how many in each state."""

    items: list[Delivery]
    next: int | None
    counts: dict[str, int]


class DeliveryDetail(msgspec.Struct, frozen=True):
    """A delivery, the body that is sent, and every attempt, oldest first."""

    delivery: Delivery
    body: str
    attempts: list[Attempt]


class ReplayInput(Input):
    """``since``: UTC milliseconds."""

    since: Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class Replayed(msgspec.Struct, frozen=True):
    """How many deliveries are tried again."""

    count: int


@get(
    "/webhooks/{webhook:str}/deliveries",
    operation_id="listDeliveries",
    summary="List a webhook's deliveries",
    tags=TAGS,
    guards=ADMINS,
)
async def list_deliveries(
    webhook: FromPath[str],
    db: GivenDb,
    access: GivenAccess,
    only: Annotated[State | None, QueryParameter(name="state")] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=1 << 53)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> DeliveryPage:
    """For admins. Newest first; kept for 30 days."""

    def read(tx: Tx) -> DeliveryPage:
        _check(tx, access, webhook)
        states = (only,) if only else ()
        items = deliveries.page(tx, access.organisation, webhook, states, before, limit + 1)
        more = items[limit - 1].number if len(items) > limit else None
        return DeliveryPage(items[:limit], more, deliveries.counts(tx, access.organisation, webhook))

    return await db.read(read)


@get(
    "/webhooks/{webhook:str}/deliveries/{delivery:str}",
    operation_id="getDelivery",
    summary="A delivery with its attempts",
    tags=TAGS,
    guards=ADMINS,
)
async def get_delivery(
    webhook: FromPath[str], delivery: FromPath[str], db: GivenDb, access: GivenAccess
) -> DeliveryDetail:
    """For admins."""

    def read(tx: Tx) -> DeliveryDetail:
        _check(tx, access, webhook)
        return DeliveryDetail(*deliveries.one(tx, access.organisation, webhook, delivery))

    return await db.read(read)


@post(
    "/webhooks/{webhook:str}/deliveries/{delivery:str}/replays",
    operation_id="replayDelivery",
    summary="Send a delivery again",
    tags=TAGS,
    guards=ADMINS,
)
async def replay_delivery(
    webhook: FromPath[str], delivery: FromPath[str], access: GivenAccess, once: GivenOnce
) -> Delivery:
    """For admins. With the webhook-id it had, so that a receiver that has it already knows. 409 `webhook_off`."""

    def again(writer: Writer) -> Delivery:
        commands.active(writer, access, webhook)
        deliveries.replay(writer.tx, access.organisation, webhook, delivery, writer.now)
        return deliveries.one(writer.tx, access.organisation, webhook, delivery)[0]

    return await once(again, Delivery)


@post(
    "/webhooks/{webhook:str}/replays",
    operation_id="replayFailedDeliveries",
    summary="Send all failed deliveries again",
    tags=TAGS,
    guards=ADMINS,
)
async def replay_failed(
    webhook: FromPath[str], data: JSONBody[ReplayInput], access: GivenAccess, once: GivenOnce
) -> Replayed:
    """For admins. Those given up and made since then. 409 `webhook_off`."""

    def again(writer: Writer) -> Replayed:
        commands.active(writer, access, webhook)
        return Replayed(
            deliveries.replay_dead(writer.tx, access.organisation, webhook, data.since, writer.now)
        )

    return await once(again, Replayed)


def _check(tx: Tx, access: Access, webhook: str) -> None:
    if store.find(tx, access.organisation, webhook) is None:
        raise NotFoundError
