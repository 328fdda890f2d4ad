"""What can be done with canned replies: guard, change, fact, in one transaction."""

from balie.desk import log
from balie.desk.access import Access
from balie.features.replies import store
from balie.features.replies.facts import CannedReply, ReplyRemoved, ReplySaved
from balie.lib.errors import ConflictError, NotFoundError


def add(writer: log.Writer, access: Access, reply: CannedReply) -> CannedReply:
    return _save(writer, access, reply)


def replace(writer: log.Writer, access: Access, reply: CannedReply) -> CannedReply:
    before = store.find(writer.tx, access, reply.id)
    if before is None:
        raise NotFoundError
    return before if before == reply else _save(writer, access, reply)


def remove(writer: log.Writer, access: Access, reply: str) -> None:
    if not store.delete(writer.tx, access, reply):
        raise NotFoundError
    writer.record_in(
        access.organisation, access.organisation, access.actor, "reply_removed", ReplyRemoved(id=reply)
    )


def _save(writer: log.Writer, access: Access, reply: CannedReply) -> CannedReply:
    if store.holder(writer.tx, access, reply.shortcut, reply.language) not in (None, reply.id):
        raise ConflictError("There is a reply with this shortcut in this language.", code="shortcut_taken")
    store.put(writer.tx, access, reply, writer.now)
    writer.record_in(
        access.organisation, access.organisation, access.actor, "reply_saved", ReplySaved(reply=reply)
    )
    return reply
