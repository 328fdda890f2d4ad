"""Being recorded, over HTTP, for visitors: answer, stop."""

from litestar import delete, post
from litestar.params import FromPath, JSONBody

from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.desk.visitors import Visitor
from balie.edge.given import GivenHouse
from balie.features.cobrowse import recording
from balie.features.cobrowse.facts import Look
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow
from balie.features.cobrowse.visitor_bodies import RecordingInput
from balie.features.cobrowse.visitor_resources import TAGS, AnyRequest, change, required


@post(
    "/looks/{look:str}/recording",
    operation_id="answerRecording",
    summary="Agree to be recorded or not",
    tags=TAGS,
    status_code=200,
)
async def answer_recording(
    request: AnyRequest, look: FromPath[str], data: JSONBody[RecordingInput], house: GivenHouse
) -> Look:
    """409 `recording_not_asked`, `look_not_viewing`, `look_ended`; 403 `recording_not_allowed`."""

    def command(writer: Writer, _: Visitor, row: LookRow, actor: Actor) -> LookRow:
        consent = None
        if data.granted:
            text, language = required(data.consent_text, data.language)
            consent = Consent(text=text, language=language)
        return recording.answer(writer, row, actor, consent, house.keyring)

    return await change(request, house, look, command)


@delete(
    "/looks/{look:str}/recording",
    operation_id="stopVisitorRecording",
    summary="Be recorded no longer",
    tags=TAGS,
    status_code=200,
)
async def stop_recording(request: AnyRequest, look: FromPath[str], house: GivenHouse) -> Look:
    """Looking along goes on."""
    return await change(
        request, house, look, lambda writer, _, row, actor: recording.stop(writer, row, actor, "visitor")
    )


ROUTES = (answer_recording, stop_recording)
