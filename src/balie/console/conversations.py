"""Conversations: lists, one with its log, older log lines, and answering."""

import asyncio
import base64
import re
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from balie.desk import conversations, roster
from balie.desk.access import Access
from balie.desk.conversations import View
from balie.desk.facts import Fact
from balie.desk.messages import TEXT_LIMIT, Inbound, Receipt, Receive, checked_text, inbound_id
from balie.desk.model import Conversation, Noun
from balie.edge.bodies import Input
from balie.edge.frames import LOG_PAGE, ConversationSnapshot
from balie.edge.given import GivenAccess, GivenClock, GivenDb
from balie.engine.ports import Database, Tx
from balie.lib import ids
from balie.lib.errors import Flaw, InvalidError

_TAGS = ["conversations"]
_SEQ_MAX = (1 << 31) - 1
_CURSOR = re.compile(r"([0-9a-f]{1,12})\.(\w+)", re.ASCII)

Limit = Annotated[int, QueryParameter(ge=1, le=LOG_PAGE, description="How many at most.")]


class ConversationPage(Noun):
    """``next`` is the cursor of the following page, or none at the end."""

    items: list[Conversation]
    next: str | None


class LogPage(Noun):
    """Log lines, oldest first; ``more`` says that older ones exist."""

    log: list[Fact]
    more: bool


class MessageInput(Input):
    """``cid`` is a UUIDv7 of the sender's own: the same one again means the same message."""

    cid: str
    text: Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)]
    note: bool = False


class MessageAnswer(Noun):
    cid: str
    conversation: str
    seq: int
    at: int
    mismatch: bool = False


@get("/conversations", operation_id="listConversations", summary="List a view of the inbox", tags=_TAGS)
async def list_conversations(
    db: GivenDb,
    access: GivenAccess,
    view: FromQuery[View] = "all",
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
    limit: Limit = 50,
) -> ConversationPage:
    """Newest first. `unassigned`, `mine` and `all` are open conversations; `closed` the closed ones."""
    before = _read_cursor(cursor) if cursor is not None else None
    items = await db.read(lambda tx: conversations.view(tx, access, view, limit + 1, before))
    page, more = items[:limit], len(items) > limit
    return ConversationPage(items=page, next=_cursor(view, page[-1]) if more else None)


@get(
    "/conversations/{conversation:str}",
    operation_id="getConversation",
    summary="Read a conversation",
    tags=_TAGS,
)
async def show_conversation(
    conversation: FromPath[str], db: GivenDb, access: GivenAccess
) -> ConversationSnapshot:
    """The conversation with the tail of its log, both as of the same seq."""

    def read(tx: Tx) -> ConversationSnapshot:
        found = conversations.one(tx, access, conversation)
        log, more = conversations.lines(tx, found.id, LOG_PAGE)
        return ConversationSnapshot(conversation=found, log=log, more=more)

    return await db.read(read)


@get(
    "/conversations/{conversation:str}/facts",
    operation_id="listFacts",
    summary="Read older lines of the log",
    tags=_TAGS,
)
async def list_facts(
    conversation: FromPath[str],
    db: GivenDb,
    access: GivenAccess,
    before: Annotated[int, QueryParameter(ge=1, le=_SEQ_MAX, description="Lines below this seq.")] = _SEQ_MAX,
    limit: Limit = LOG_PAGE,
) -> LogPage:
    def read(tx: Tx) -> LogPage:
        found = conversations.one(tx, access, conversation)
        log, more = conversations.lines(tx, found.id, limit, before)
        return LogPage(log=log, more=more)

    return await db.read(read)


@post(
    "/conversations/{conversation:str}/messages",
    operation_id="createMessage",
    summary="Answer, or leave a note",
    tags=_TAGS,
)
async def create_message(
    conversation: FromPath[str],
    data: JSONBody[MessageInput],
    db: GivenDb,
    access: GivenAccess,
    clock: GivenClock,
) -> MessageAnswer:
    """The same command as the socket's `send`. A repeat of a `cid` gets the first one's answer."""
    cid = inbound_id(data.cid)
    inbound = Inbound(
        organisation=access.organisation,
        sender=access.agent,
        external_id=cid,
        text=checked_text(data.text),
        actor=access.actor,
        conversation=conversation,
        inboxes=await _writable(db, access),
        note=data.note,
    )
    receipt = await _received(db, Receive(clock), inbound)
    return MessageAnswer(
        cid=cid,
        conversation=receipt.conversation,
        seq=receipt.seq,
        at=receipt.at,
        mismatch=receipt.mismatch,
    )


async def _writable(db: Database, access: Access) -> frozenset[str]:
    return await db.read(lambda tx: frozenset(inbox.id for inbox in roster.inboxes(tx, access)))


async def _received(db: Database, receive: Receive, inbound: Inbound) -> Receipt:
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    db.submit(receive, inbound, lambda _, result: None if done.done() else done.set_result(result))
    result = await done
    if isinstance(result, BaseException):
        raise result
    receipt: Receipt = result
    return receipt


def _cursor(view: View, last: Conversation) -> str:
    """Opaque to callers: where the page ended, in the view's own order."""
    at = last.closed_at if view == "closed" and last.closed_at is not None else last.last_at
    return base64.urlsafe_b64encode(f"{at:x}.{last.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        text = ""
    found = _CURSOR.fullmatch(text)
    if found is None or not ids.is_id(found[2], ids.CONVERSATION):
        flaw = Flaw("cursor", "is not one of ours")
        raise InvalidError("The parameters are not valid.", errors=[flaw])
    return int(found[1], 16), found[2]
