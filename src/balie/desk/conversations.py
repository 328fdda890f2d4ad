"""The life of a conversation: open, assign, close, reopen, read marks; and its lists and snapshots."""

from collections.abc import Sequence
from typing import Literal

from balie.desk import contacts, log, rows, visitors
from balie.desk.access import Access, inboxes_sql
from balie.desk.facts import (
    ConversationAssigned,
    ConversationClosed,
    ConversationOpened,
    ConversationReopened,
    Fact,
    MessagesDelivered,
    MessagesRead,
)
from balie.desk.model import Actor, Conversation, Language, PageView, Side
from balie.desk.state import ConversationRow
from balie.engine.ports import Tx
from balie.lib import ids
from balie.lib.errors import InvalidError, NotFoundError
from balie.lib.marks import marks

View = Literal["unassigned", "mine", "all", "closed"]
OF_VISITOR = 5
"""Conversations that a visitor gets to see."""


# Opening and reopening


def current(writer: log.Writer, organisation: str, inbox: str, visitor: str) -> ConversationRow | None:
    """The visitor's open conversation in this inbox, or the last closed one that a message may reopen.
    Looks in the database, so what the writer holds goes there first."""
    writer.flush()
    # Two tabs of one visitor on two nodes open one conversation, not two.
    visitors.lock(writer.tx, [visitor])
    found = writer.tx.one(
        "select c.id, c.status, c.closed_at, i.reopen_within_s from conversation c"
        " join visitor v on v.contact = c.contact join inbox i on i.id = c.inbox"
        " where v.id = ? and c.organisation = ? and c.inbox = ?"
        " order by c.status = 'open' desc, c.number desc limit 1",
        [visitor, organisation, inbox],
    )
    if found is None:
        return None
    conversation, status, closed_at, reopen_within_s = found
    if status == "closed" and closed_at + reopen_within_s * 1000 < writer.now:
        return None
    return writer.find(conversation)


def opened_by_visitor(
    writer: log.Writer,
    organisation: str,
    inbox: str,
    visitor: str,
    name: str,
    language: Language,
    page: PageView | None,
) -> ConversationRow:
    """A new conversation of this visitor, who becomes a contact by it."""
    contact = contacts.of_visitor(writer.tx, organisation, visitor, writer.now)
    actor = Actor(kind="contact", id=contact.id, name=contact.name or name)
    return opened(writer, organisation, inbox, contact.id, actor, language, page)


def opened(
    writer: log.Writer,
    organisation: str,
    inbox: str,
    contact: str,
    actor: Actor,
    language: Language,
    page: PageView | None = None,
) -> ConversationRow:
    """A new open conversation with a number of its own."""
    tx = writer.tx
    tx.execute("update organisation set last_number = last_number + 1 where id = ?", [organisation])
    found = tx.one("select last_number from organisation where id = ?", [organisation])
    if found is None:
        raise NotFoundError("There is no such organisation.")
    row = ConversationRow(
        id=ids.new_id(ids.CONVERSATION),
        organisation=organisation,
        inbox=inbox,
        contact=contact,
        number=int(found[0]),
        language=language,
    )
    writer.add_row(row)
    body = ConversationOpened(
        number=row.number,
        inbox=inbox,
        contact=contacts.find(tx, organisation, contact),
        language=language,
        page=page,
    )
    writer.record(row, actor, "conversation_opened", body)
    return row


def reopened(writer: log.Writer, row: ConversationRow, actor: Actor) -> None:
    """Open again; nothing happens to an open conversation."""
    if row.status == "closed":
        writer.record(row, actor, "conversation_reopened", ConversationReopened())


# Commands of agents


def reach(writer: log.Writer, access: Access, conversation: str) -> ConversationRow:
    """The conversation, when ``access`` may read it; NotFoundError otherwise."""
    inboxes, params = inboxes_sql(access)
    allowed = writer.tx.one(
        f"select 1 from conversation where id = ? and organisation = ? and inbox in ({inboxes})",
        [conversation, access.organisation, *params],
    )
    if allowed is None:
        raise NotFoundError("There is no such conversation.", code="conversation_unknown")
    return writer.conversation(access.organisation, conversation)


def assign(writer: log.Writer, access: Access, conversation: str, agent: str | None) -> ConversationRow:
    """Give the conversation to an agent, or back to nobody. Assigning a closed one reopens it."""
    row = reach(writer, access, conversation)
    target = _assignee(writer.tx, access, row, agent) if agent is not None else None
    if target is not None:
        reopened(writer, row, access.actor)
    if (row.assignee.id if row.assignee else None) != agent:
        writer.record(row, access.actor, "conversation_assigned", ConversationAssigned(agent=target))
    return row


def close(writer: log.Writer, access: Access, conversation: str) -> ConversationRow:
    """Close; nothing happens to a closed conversation."""
    row = reach(writer, access, conversation)
    if row.status == "open":
        writer.record(row, access.actor, "conversation_closed", ConversationClosed())
    return row


def reopen(writer: log.Writer, access: Access, conversation: str) -> ConversationRow:
    """Open again by an agent; nothing happens to an open conversation."""
    row = reach(writer, access, conversation)
    reopened(writer, row, access.actor)
    return row


def _assignee(tx: Tx, access: Access, row: ConversationRow, agent: str) -> Actor:
    """An active agent of this organisation who may read the conversation's inbox."""
    found = tx.one(
        "select a.id, a.kind, a.name from agent a join inbox i on i.id = ? where a.id = ? and a.organisation = ?"
        " and a.active and (a.role <> 'agent' or i.team is null"
        " or exists (select 1 from team_member m where m.team = i.team and m.agent = a.id))",
        [row.inbox, agent, access.organisation],
    )
    if found is None:
        raise InvalidError("There is no such agent for this inbox.", code="agent_unknown")
    return Actor(kind="bot" if found[1] == "bot" else "agent", id=found[0], name=found[2])


# Read marks


def mark(
    writer: log.Writer, row: ConversationRow, side: Side, actor: Actor, up_to: int, *, read: bool
) -> bool:
    """Move a side's mark forward; False when it stood there already (no fact)."""
    up_to = min(up_to, row.seq)
    if read:
        if up_to <= (row.visitor_read if side == "visitor" else row.desk_read):
            return False
        writer.flush()
        body = MessagesRead(side=side, up_to=up_to, unread=_unread(writer.tx, row, side, up_to))
        writer.record(row, actor, "messages_read", body)
        return True
    if up_to <= (row.visitor_delivered if side == "visitor" else row.desk_delivered):
        return False
    writer.record(row, actor, "messages_delivered", MessagesDelivered(side=side, up_to=up_to))
    return True


def _unread(tx: Tx, row: ConversationRow, side: Side, up_to: int) -> int:
    others = "actor_kind <> 'contact'" if side == "visitor" else "actor_kind = 'contact'"
    found = tx.one(
        f"select count(*) from fact where stream = ? and seq > ? and kind = 'message_added' and {others}",
        [row.id, up_to],
    )
    return int(found[0]) if found else 0


# Lists and snapshots

_ROW = ", ".join(f"c.{name}" for name in rows.COLUMNS.split(", "))
_WIDTH = len(rows.COLUMNS.split(", "))
_SELECT = f"select {_ROW}, {contacts.COLUMNS} from conversation c join contact k on k.id = c.contact"


def one(tx: Tx, access: Access, conversation: str) -> Conversation:
    """The conversation, when ``access`` may read it; NotFoundError otherwise."""
    inboxes, params = inboxes_sql(access)
    found = _select(tx, f"c.id = ? and c.organisation = ? and c.inbox in ({inboxes})", [
        conversation, access.organisation, *params,
    ])  # fmt: skip
    if not found:
        raise NotFoundError("There is no such conversation.", code="conversation_unknown")
    return found[0]


def open_conversations(tx: Tx, access: Access) -> list[Conversation]:
    """Every open conversation that ``access`` may read."""
    inboxes, params = inboxes_sql(access)
    return _select(
        tx,
        f"c.organisation = ? and c.status = 'open' and c.inbox in ({inboxes})",
        [access.organisation, *params],
    )


def view(
    tx: Tx, access: Access, name: View, limit: int, before: tuple[int, str] | None = None
) -> list[Conversation]:
    """A page of an inbox view, newest activity first; ``before`` is the (last_at, id) of the last one seen."""
    inboxes, params = inboxes_sql(access)
    where = f"c.organisation = ? and c.inbox in ({inboxes})"
    values: list[object] = [access.organisation, *params]
    if name == "closed":
        where += " and c.status = 'closed'"
    elif name == "unassigned":
        where += " and c.status = 'open' and c.assignee is null"
    elif name == "mine":
        where += " and c.status = 'open' and c.assignee = ?"
        values.append(access.agent)
    else:
        where += " and c.status = 'open'"
    when = "c.closed_at" if name == "closed" else "c.last_at"
    if before is not None:
        # The first condition is for the index, which holds no id: without it what is newer would be read and left out.
        where += f" and {when} <= ? and ({when}, c.id) < (?, ?)"
        values += (before[0], *before)
    # The limit stands in the statement: with one it does not know, PostgreSQL thinks of a tenth of the table, finds
    # that plan dear and plans anew at every call, which costs more than the list.
    return _select(tx, f"{where} order by {when} desc, c.id desc limit {limit:d}", values)


def of_contact(tx: Tx, access: Access, contact: str, limit: int = 50) -> list[Conversation]:
    """The contact's conversations that ``access`` may read, newest first."""
    inboxes, params = inboxes_sql(access)
    return _select(
        tx,
        f"c.contact = ? and c.organisation = ? and c.inbox in ({inboxes}) order by c.number desc limit ?",
        [contact, access.organisation, *params, limit],
    )


def heads(tx: Tx, contacts: Sequence[str]) -> dict[tuple[str, str], dict[str, int]]:
    """(contact, inbox) → the last seq of each of its last conversations, as many as ``of_visitor`` gives."""
    if not contacts:
        return {}
    places, keys = marks(contacts)
    found = tx.all(
        f"select contact, inbox, number, id, seq from conversation where contact in ({places})", keys
    )
    heads: dict[tuple[str, str], dict[str, int]] = {}
    for contact, inbox, _, conversation, seq in sorted(found, key=lambda row: -int(row[2])):
        last = heads.setdefault((contact, inbox), {})
        if len(last) < OF_VISITOR:
            last[conversation] = seq
    return heads


def of_visitor(tx: Tx, visitor: str, inbox: str, limit: int = OF_VISITOR) -> list[ConversationRow]:
    """The visitor's last conversations in this inbox, oldest first."""
    found = tx.all(
        f"select {_ROW} from conversation c join visitor v on v.contact = c.contact"
        " where v.id = ? and c.inbox = ? order by c.number desc limit ?",
        [visitor, inbox, limit],
    )
    return [rows.row_of(row) for row in reversed(found)]


def is_of_contact(tx: Tx, conversation: str, contact: str) -> bool:
    """Whether the conversation is this contact's."""
    return (
        tx.one("select 1 from conversation where id = ? and contact = ?", [conversation, contact]) is not None
    )


def lines(tx: Tx, conversation: str, limit: int, before: int | None = None) -> tuple[list[Fact], bool]:
    """Log lines for agents, oldest first, and whether older ones exist. The caller checked the right."""
    found, more = log.tail(tx, conversation, limit, before)
    return [entry.fact() for entry in found], more


def _select(tx: Tx, where: str, params: Sequence[object]) -> list[Conversation]:
    found = tx.all(f"{_SELECT} where {where}", params)
    return [rows.row_of(row[:_WIDTH]).noun(contacts.of_row(row[_WIDTH:])) for row in found]
