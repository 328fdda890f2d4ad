"""Where a look goes on, over HTTP, for visitors."""

from litestar import post
from litestar.params import FromPath, JSONBody

from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.desk.visitors import Visitor
from balie.edge.given import GivenHouse
from balie.features.cobrowse import codes, places
from balie.features.cobrowse.facts import Look
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow
from balie.features.cobrowse.visitor_bodies import PlaceInput
from balie.features.cobrowse.visitor_resources import TAGS, AnyRequest, change
from balie.lib.text import one_line


@post(
    "/looks/{look:str}/places",
    operation_id="createLookPlace",
    summary="Agree in one more tab",
    tags=TAGS,
    status_code=200,
)
async def create_place(
    request: AnyRequest, look: FromPath[str], data: JSONBody[PlaceInput], house: GivenHouse
) -> Look:
    """The tab that the visitor turned to last is the one that is told. 409 `look_not_viewing`, `look_ended`."""

    def command(writer: Writer, visitor: Visitor, row: LookRow, actor: Actor) -> LookRow:
        address = codes.address_of(data.address, visitor.origin)
        consent = Consent(text=data.consent_text, language=data.language, address=address)
        return places.go_on(writer, row, actor, "tab", one_line(data.tab, 36), consent)

    return await change(request, house, look, command)


ROUTES = (create_place,)
