"""Closing and reopening. Twice is once: the second time makes no fact."""

from litestar import delete, put
from litestar.params import FromPath

from balie.console.answers import ConversationAnswer, conversation_answer
from balie.desk import conversations
from balie.edge.given import GivenAccess, GivenWrite

_TAGS = ["conversations"]
_PATH = "/conversations/{conversation:str}/closure"


@put(_PATH, operation_id="putClosure", summary="Close a conversation", tags=_TAGS)
async def put_closure(
    conversation: FromPath[str], access: GivenAccess, write: GivenWrite
) -> ConversationAnswer:
    """A message of the visitor opens it again."""
    return await write(
        lambda writer: conversation_answer(writer, conversations.close(writer, access, conversation))
    )


@delete(_PATH, status_code=200, operation_id="deleteClosure", summary="Reopen a conversation", tags=_TAGS)
async def delete_closure(
    conversation: FromPath[str], access: GivenAccess, write: GivenWrite
) -> ConversationAnswer:
    """Nothing happens to an open one."""
    return await write(
        lambda writer: conversation_answer(writer, conversations.reopen(writer, access, conversation))
    )
