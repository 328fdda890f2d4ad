"""What a console is told on connecting: the facts missed since its position, or a snapshot. One transaction each."""

from collections.abc import Sequence

import msgspec

from balie.console.me import me
from balie.desk import conversations, drafts, log, roster
from balie.desk.access import Access, find_access, inboxes_sql
from balie.desk.log import Appended
from balie.desk.model import AgentStatus
from balie.edge import frames
from balie.edge.plugs import Slice
from balie.edge.signin import is_signed_in
from balie.edge.tickets import AgentClaims
from balie.engine.ports import Tx

RESUME_LIMIT = 2_000
"""Missed facts, of all organisations, up to which a console resumes; beyond, a snapshot is cheaper."""
RESUME_BYTES = 4 << 20
"""The same in bytes of their bodies: a console that does not read must not cost more (invariant I10)."""
CLOSED_SHOWN = 100
ABOUT_AGENTS = frozenset({"agent_changed", "agent_status_changed", "inbox_changed"})
"""Kinds of facts that may concern the agent who reads them."""


class Caught(msgspec.Struct):
    """Where the console stands at ``position``."""

    position: int
    missed: list[Appended] | None = None
    snapshot: frames.AgentSnapshot | None = None


def rights(tx: Tx, claims: AgentClaims, now: int) -> tuple[Access, frozenset[str] | None, AgentStatus] | None:
    """The agent's access, readable inboxes (none: all) and status; None when the sign-in has ended."""
    access = find_access(tx, claims.agent) if is_signed_in(tx, claims.session, now) else None
    if access is None:
        return None
    row = tx.one("select status from agent where id = ?", [access.agent])
    return access, inboxes_of(tx, access), row[0] if row else "online"


def inboxes_of(tx: Tx, access: Access) -> frozenset[str] | None:
    """The inboxes the agent may read; none means all of the organisation."""
    if access.oversees:
        return None
    sql, params = inboxes_sql(access)
    return frozenset(row[0] for row in tx.all(sql, params))


def is_about(agent: str, inboxes: frozenset[str] | None, entry: Appended) -> bool:
    """Whether the fact may change what ``agent``, who reads ``inboxes`` (none: all) so far, may read."""
    if entry.kind == "inbox_changed":
        return inboxes is not None
    return entry.kind == "agent_changed" and agent.encode() in entry.raw


def catch_up(tx: Tx, access: Access, position: int | None, slices: Sequence[Slice]) -> Caught:
    """``position``: the last one applied; none for a first hello or another epoch. Who got other rights meanwhile gets
    a snapshot: the facts after ``position`` tell nothing of old conversations in an inbox that is new to the agent."""
    newest = log.position(tx)
    since = (
        log.since(tx, position, RESUME_LIMIT + 1)
        if position is not None and 0 <= position <= newest
        else None
    )
    if since is not None and len(since) <= RESUME_LIMIT:
        allowed = inboxes_of(tx, access)
        missed = [
            entry
            for entry in since
            if entry.organisation == access.organisation
            and (entry.inbox is None or allowed is None or entry.inbox in allowed)
        ]
        size = sum(len(entry.raw) for entry in missed)
        if size <= RESUME_BYTES and not any(is_about(access.agent, allowed, entry) for entry in missed):
            return Caught(newest, missed=missed)
    return Caught(newest, snapshot=snapshot(tx, access, newest, slices))


def snapshot(tx: Tx, access: Access, position: int, slices: Sequence[Slice]) -> frames.AgentSnapshot:
    """Everything a console starts with."""
    return frames.AgentSnapshot(
        position=position,
        me=me(tx, access),
        agents=roster.agents(tx, access.organisation),
        teams=roster.teams(tx, access.organisation),
        inboxes=roster.inboxes(tx, access),
        conversations=[
            *conversations.open_conversations(tx, access),
            *conversations.view(tx, access, "closed", CLOSED_SHOWN),
        ],
        drafts=drafts.of_agent(tx, access),
        slices={
            one.name: msgspec.Raw(msgspec.json.encode(one.snapshot(tx, access)))
            for one in slices
            if one.snapshot is not None
        },
    )
