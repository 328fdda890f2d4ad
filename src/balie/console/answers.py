"""Answers that several resources share."""

from balie.desk import contacts
from balie.desk.log import Writer
from balie.desk.model import Conversation, Noun
from balie.desk.state import ConversationRow


class ConversationAnswer(Noun):
    conversation: Conversation


def conversation_answer(writer: Writer, row: ConversationRow) -> ConversationAnswer:
    """The conversation as it is after the command, in the same transaction."""
    contact = contacts.find(writer.tx, row.organisation, row.contact)
    return ConversationAnswer(conversation=row.noun(contact))
