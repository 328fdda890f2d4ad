"""What an agent was typing, kept for the author alone."""

from typing import Annotated

import msgspec
from litestar import put
from litestar.params import FromPath, JSONBody

from balie.desk import conversations, drafts
from balie.desk.log import Writer
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenWrite


class DraftInput(Input):
    """An empty text removes the draft."""

    text: Annotated[str, msgspec.Meta(max_length=drafts.LIMIT)]


@put(
    "/conversations/{conversation:str}/drafts/{kind:str}",
    status_code=204,
    operation_id="putDraft",
    summary="Keep a draft",
    tags=["conversations"],
)
async def put_draft(
    conversation: FromPath[str],
    kind: FromPath[drafts.Kind],
    data: JSONBody[DraftInput],
    access: GivenAccess,
    write: GivenWrite,
) -> None:
    """The last writer wins; nobody else sees it."""

    def save(writer: Writer) -> None:
        found = conversations.one(writer.tx, access, conversation)
        drafts.save(writer.tx, access, found.id, kind, data.text, writer.now)

    await write(save)
