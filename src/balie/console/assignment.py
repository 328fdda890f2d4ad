"""Who answers a conversation."""

from litestar import delete, put
from litestar.params import FromPath, JSONBody

from balie.console.answers import ConversationAnswer, conversation_answer
from balie.desk.conversations import assign
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenWrite

_TAGS = ["conversations"]
_PATH = "/conversations/{conversation:str}/assignment"


class AssignmentInput(Input):
    """``agent`` is an agent's id."""

    agent: str


@put(_PATH, operation_id="putAssignment", summary="Give a conversation to an agent", tags=_TAGS)
async def put_assignment(
    conversation: FromPath[str], data: JSONBody[AssignmentInput], access: GivenAccess, write: GivenWrite
) -> ConversationAnswer:
    """Taking it yourself is giving it to yourself. A closed conversation opens again."""
    return await write(
        lambda writer: conversation_answer(writer, assign(writer, access, conversation, data.agent))
    )


@delete(_PATH, status_code=200, operation_id="deleteAssignment", summary="Back to unassigned", tags=_TAGS)
async def delete_assignment(
    conversation: FromPath[str], access: GivenAccess, write: GivenWrite
) -> ConversationAnswer:
    """Nothing happens when nobody has it."""
    return await write(lambda writer: conversation_answer(writer, assign(writer, access, conversation, None)))
