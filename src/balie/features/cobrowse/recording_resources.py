"""Recordings of looks over HTTP, for agents: ask, stop, play, remove."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, PathParameter

from balie.desk.access import Access
from balie.desk.log import Writer
from balie.edge.auth import role
from balie.edge.given import (
    GivenAccess,
    GivenClock,
    GivenHouse,
    GivenLeases,
    GivenSignedIn,
    GivenWrite,
)
from balie.edge.plugs import House
from balie.engine.ports import Tx, UnavailableError
from balie.features.cobrowse import assets, marks, recording, recordings, steps, store
from balie.features.cobrowse.assets import AssetClaims
from balie.features.cobrowse.facts import Look, Recording, RecordingPiece, RecordingPlayed
from balie.features.cobrowse.recordings import PieceRow, RecordingRow
from balie.features.cobrowse.relay import watchers
from balie.features.cobrowse.resources import TAGS, reach
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import BalieError, ForbiddenError, NotFoundError
from balie.lib.seals import SealError, unseal

_PATH = "/looks/{look:str}/recording"
PLAYED_S = 1_800.0
"""How long one watching goes on, as the log tells it."""
_HEADERS = {"cache-control": "no-store", "content-disposition": "attachment"}


class RecordingLostError(BalieError):
    """This part of the recording cannot be had: its file or the desk's secret is not what it was."""

    status = 410
    code = "recording_lost"


@post(_PATH, operation_id="askRecording", summary="Ask to record", tags=TAGS, status_code=200)
async def ask_recording(
    look: FromPath[str], access: GivenAccess, write: GivenWrite, house: GivenHouse, leases: GivenLeases
) -> Look:
    """The visitor has 30 seconds to answer. 403 `recording_not_allowed`; 409 `recording_asked`, `recording_running`,
    `recording_full`, `recording_removed`, `recording_without_secret`, `look_not_viewing`, `look_ended`."""
    row = await write(
        lambda writer: recording.ask(writer, access, reach(writer, access, look), house.keyring)
    )
    return row.noun(await watchers(leases, row))


@delete(_PATH, operation_id="stopRecording", summary="Stop recording", tags=TAGS, status_code=200)
async def stop_recording(
    look: FromPath[str], access: GivenAccess, write: GivenWrite, leases: GivenLeases
) -> Look:
    """Also takes the question back. What was recorded stays; looking along goes on."""
    row = await write(
        lambda writer: recording.stop(writer, reach(writer, access, look), access.actor, "agent")
    )
    return row.noun(await watchers(leases, row))


@get(_PATH, operation_id="getRecording", summary="A recording", tags=TAGS)
async def show_recording(
    look: FromPath[str], signed_in: GivenSignedIn, house: GivenHouse, clock: GivenClock
) -> Recording:
    """For admins, supervisors and the agent who led the look. 404 `recording_unknown`; 403 `recording_not_yours`."""
    access, now = signed_in.access, clock.now()

    def read(tx: Tx) -> Recording:
        row, found = _playable(tx, access, look)
        told = recordings.pieces(tx, look)
        end = found.ended_at if found.ended_at is not None else now
        return Recording(
            look=look,
            started_at=found.started_at,
            ended_at=found.ended_at,
            duration=max(0, end - found.started_at),
            bytes=sum(one.size for one in told),
            pieces=[RecordingPiece(n=one.n, from_=one.from_ms, to=one.to_ms, bytes=one.size) for one in told],
            marks=marks.of_recording(tx, row, found),
            assets="",
            removes_at=found.removes_at,
            removed_at=found.removed_at,
        )

    found = await house.db.read(read)
    if found.removed_at is not None:
        return found
    claims = AssetClaims(look=look, agent=access.agent, session=signed_in.session, recording=True)
    return msgspec.structs.replace(found, assets=await assets.new_folder(house, claims))


@get(
    f"{_PATH}/pieces/{{n:int}}",
    operation_id="getRecordingPiece",
    summary="A piece of a recording",
    tags=TAGS,
    media_type="application/octet-stream",
)
async def show_piece(
    look: FromPath[str],
    n: Annotated[int, PathParameter(ge=0, le=1 << 30)],
    access: GivenAccess,
    house: GivenHouse,
) -> Response[bytes]:
    """Records in the order they came: milliseconds since the recording's beginning (u32), length of the frame (u32),
    both little-endian, and the frame as the mirror's socket carries it. That somebody watches is a fact of the
    conversation, told once in half an hour. 404 `recording_unknown`, 410 `recording_lost`."""

    def read(tx: Tx) -> tuple[LookRow, RecordingRow, PieceRow | None]:
        row, found = _playable(tx, access, look)
        return row, found, recordings.piece(tx, look, n)

    row, found, piece = await house.db.read(read)
    if piece is None or found.key is None:
        raise _unknown()
    await _note(house, access, row)
    sealed = await house.blobs.get(piece.blob)
    if sealed is None:
        raise RecordingLostError
    try:
        key = house.keyring.unwrap(found.key, recording.key_context(look))
        plain = unseal(key, sealed, recording.piece_context(look, piece.from_ms, piece.to_ms))
    except SealError:
        raise RecordingLostError from None
    return Response(plain, media_type="application/octet-stream", headers=_HEADERS)


@delete(
    f"{_PATH}/pieces",
    operation_id="removeRecording",
    summary="Remove a recording",
    tags=TAGS,
    guards=[role("admin")],
    status_code=204,
)
async def remove_recording(look: FromPath[str], access: GivenAccess, write: GivenWrite) -> None:
    """For admins, and for good. That there was one stays known. 404 `recording_unknown`, 409 `recording_running`."""
    await write(lambda writer: recording.remove(writer, reach(writer, access, look), access.actor, "admin"))


def _playable(tx: Tx, access: Access, look: str) -> tuple[LookRow, RecordingRow]:
    """What the agent may watch. NotFoundError; ForbiddenError ``recording_not_yours``."""
    row = store.for_agent(tx, access, look)
    if row is None:
        raise NotFoundError("There is no such look.", code="look_unknown")
    if not recordings.may_play(access, row):
        raise ForbiddenError("Somebody else looked along here.", code="recording_not_yours")
    found = recordings.find(tx, look)
    if found is None:
        raise _unknown()
    return row, found


async def _note(house: House, access: Access, row: LookRow) -> None:
    """Who watches is in the log before anything is shown."""
    key = f"look:played:{row.id}:{access.agent}"
    try:
        if await house.leases.get(key) is not None:
            return
    except UnavailableError:
        pass  # rather told twice

    def write(tx: Tx) -> None:
        with Writer(tx, house.clock.now()) as writer:
            steps.told(writer, row, access.actor, "recording_played", RecordingPlayed(look=row.id))

    await house.db.write(write)
    try:
        await house.leases.put(key, b"1", PLAYED_S)
    except UnavailableError:
        return


def _unknown() -> NotFoundError:
    return NotFoundError("Nothing is recorded of this look.", code="recording_unknown")


ROUTES = (ask_recording, stop_recording, show_recording, show_piece, remove_recording)
