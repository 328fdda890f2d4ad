"""How a visitor's page stands, told to agents before anybody looks along, where the inbox's policy has ``hints``. Not a
fact: it is forgotten after half an hour."""

from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody

from balie.desk import pages
from balie.desk.feed import signal_agents
from balie.desk.model import FormError, PageState, Viewport
from balie.desk.visitors import Visitor
from balie.edge import frames
from balie.edge.bodies import Input
from balie.edge.given import GivenHouse
from balie.edge.session import encode
from balie.engine.ports import Tx
from balie.features.cobrowse import codes, policies
from balie.features.cobrowse.visitor_resources import TAGS
from balie.lib.errors import ForbiddenError, TooManyError
from balie.lib.text import one_line

_DAY_MS = 86_400_000
STATES, STATES_WINDOW_S = 120, 600.0
"""How often one visitor's pages may tell in that time."""


class ViewportInput(Input):
    width: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    height: Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class PageStateInput(Input):
    """``form``: the kinds of error that stand on the page; never a text, a name or a value. ``sinceMs``: how long it
    has been open."""

    tab: Annotated[str, msgspec.Meta(max_length=36)]
    url: Annotated[str, msgspec.Meta(max_length=2_000)]
    viewport: ViewportInput
    since_ms: Annotated[int, msgspec.Meta(ge=0)]
    form: Annotated[list[FormError], msgspec.Meta(max_length=6)]


@post(
    "/page-state",
    operation_id="createPageState",
    summary="How the page stands",
    tags=TAGS,
    status_code=204,
)
async def create_page_state(
    request: Request[Any, Any, Any], data: JSONBody[PageStateInput], house: GivenHouse
) -> None:
    """403 `hints_off` where the inbox's looking policy does not want it."""
    token, site = house.doorman.credentials(request)
    now = house.clock.now()

    def read(tx: Tx) -> tuple[Visitor, bool]:
        visitor = house.doorman.visitor(tx, now, token, site)
        return visitor, bool(policies.of_inbox(tx, visitor.organisation, visitor.inbox).policy["hints"])

    visitor, wanted = await house.db.read(read)
    if not wanted:
        raise ForbiddenError("This inbox does not want to know.", code="hints_off")
    if await house.leases.count(f"page:told:{visitor.id}", STATES_WINDOW_S) > STATES:
        raise TooManyError("The page changes too often.", retry_after_s=STATES_WINDOW_S)
    if visitor.contact is None:
        return
    state = PageState(
        url=codes.address_of(data.url, site),
        tab=one_line(data.tab, 36),
        viewport=Viewport(width=data.viewport.width, height=data.viewport.height),
        form=sorted(set(data.form)),
        since=now - min(data.since_ms, _DAY_MS),
        at=now,
    )
    await pages.remember_state(house.leases, visitor.contact, state)
    frame = encode("signal", frames.PageStateSeen(contact=visitor.contact, state=state))
    signal_agents(house.bus, visitor.organisation, visitor.inbox, frame)


ROUTES = (create_page_state,)
