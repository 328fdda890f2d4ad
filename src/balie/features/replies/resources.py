"""Canned replies over HTTP: parse, command, answer."""

from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from balie.edge.auth import role
from balie.edge.bodies import Input, Line, filled
from balie.edge.given import GivenAccess, GivenDb, GivenOnce, GivenWrite
from balie.features.replies import commands, store
from balie.features.replies.facts import CannedReply
from balie.lib import ids

_writers = [role("supervisor", "admin")]
_TAGS = ["replies"]


class ReplyInput(Input):
    """``shortcut`` is what an agent types after ``/``; ``language`` is empty for both."""

    shortcut: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]
    title: Line
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=8_000)]
    language: Literal["nl", "en", ""] = ""

    def named(self, reply: str) -> CannedReply:
        return CannedReply(
            id=reply,
            shortcut=self.shortcut,
            title=filled(self.title, "/title"),
            text=filled(self.text, "/text"),
            language=self.language,
        )


class ReplyList(msgspec.Struct, frozen=True):
    """All canned replies of the organisation."""

    items: list[CannedReply]


@get("/replies", operation_id="listReplies", summary="List canned replies", tags=_TAGS)
async def list_replies(db: GivenDb, access: GivenAccess) -> ReplyList:
    """All of the organisation's, by shortcut."""
    return ReplyList(await db.read(lambda tx: store.replies(tx, access)))


@post("/replies", operation_id="createReply", summary="Save a canned reply", tags=_TAGS, guards=_writers)
async def create_reply(data: JSONBody[ReplyInput], access: GivenAccess, once: GivenOnce) -> CannedReply:
    """For supervisors and admins. 409 `shortcut_taken` when the language has this shortcut."""
    reply = data.named(ids.new_id(ids.REPLY))
    return await once(lambda writer: commands.add(writer, access, reply), CannedReply)


@put(
    "/replies/{reply:str}",
    operation_id="replaceReply",
    summary="Change a canned reply",
    tags=_TAGS,
    guards=_writers,
)
async def replace_reply(
    reply: FromPath[str], data: JSONBody[ReplyInput], access: GivenAccess, write: GivenWrite
) -> CannedReply:
    """For supervisors and admins. Nothing happens when nothing differs."""
    changed = data.named(reply)
    return await write(lambda writer: commands.replace(writer, access, changed))


@delete(
    "/replies/{reply:str}",
    operation_id="deleteReply",
    summary="Remove a canned reply",
    tags=_TAGS,
    guards=_writers,
)
async def delete_reply(reply: FromPath[str], access: GivenAccess, write: GivenWrite) -> None:
    """For supervisors and admins."""
    await write(lambda writer: commands.remove(writer, access, reply))
