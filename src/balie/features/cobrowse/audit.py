"""What an auditor asks about looks, from the log: who, when, under which words and policy, what was granted, what the
agent's hand did, who watched, what was recorded, and how it ended. Nothing of the pages."""

from typing import Any

from balie.desk.access import Access, inboxes_sql
from balie.desk.model import Actor, Noun
from balie.engine.ports import Tx
from balie.features.cobrowse import consents, history, policies, recordings, store
from balie.features.cobrowse.consents import ConsentWords
from balie.features.cobrowse.facts import EndReason, LookingPolicy, LookState
from balie.features.cobrowse.store import LookRow

PAGE = 50


class AuditEntry(Noun):
    """One fact. ``seq`` is its number in the conversation's log, whose hash chain `balie verify` checks. ``consent``:
    the words, where the visitor agreed to something."""

    seq: int
    at: int
    kind: str
    actor: Actor
    body: dict[str, Any]
    consent: ConsentWords | None


class AuditedRecording(Noun):
    """``removesAt``: when it removes itself. ``bytes`` of all that was ever stored."""

    started_at: int
    ended_at: int | None
    days: int
    bytes: int
    removes_at: int | None
    removed_at: int | None


class LookAudit(Noun):
    """One look. ``agent`` led it. ``address``: the page on which the visitor agreed, without query. ``policy``: the
    version that was agreed to, in full. ``entries``: all that happened, in order."""

    look: str
    inbox: str
    conversation: str | None
    contact: str
    agent: Actor | None
    state: LookState
    created_at: int
    accepted_at: int | None
    ended_at: int | None
    end_reason: EndReason | None
    address: str
    consent: ConsentWords | None
    policy: LookingPolicy
    recording: AuditedRecording | None
    entries: list[AuditEntry]


class AuditEnd(Noun):
    """The last line: what comes without it is not all. ``looks``: how many lines there were before."""

    looks: int
    complete: bool = True


def of_conversation(tx: Tx, access: Access, conversation: str) -> list[LookAudit]:
    """Every look of a conversation that ``access`` may read, oldest first."""
    return [_audit(tx, row) for row in store.all_of_conversation(tx, access, conversation)]


def of_inbox(
    tx: Tx, access: Access, inbox: str, since: int, until: int, after: tuple[int, str] | None
) -> tuple[list[LookAudit], tuple[int, str] | None]:
    """The next looks that began from ``since`` to before ``until``, oldest first, and where to go on; none at the
    end."""
    rows = store.of_inbox(tx, access, inbox, since, until, after, PAGE)
    more = (rows[-1].created_at, rows[-1].id) if len(rows) == PAGE else None
    return [_audit(tx, row) for row in rows], more


def may_read(tx: Tx, access: Access, inbox: str) -> bool:
    sql, params = inboxes_sql(access)
    return tx.one(f"select 1 from inbox where id = ? and id in ({sql})", [inbox, *params]) is not None


def _audit(tx: Tx, row: LookRow) -> LookAudit:
    facts = history.of_look(tx, row.organisation, row.conversation, row.id) if row.conversation else []
    recorded = recordings.find(tx, row.id)
    entries = []
    for one in facts:
        body = history.body_of(one)
        entries.append(
            AuditEntry(
                seq=one.seq,
                at=one.at,
                kind=one.kind,
                actor=one.actor,
                body={key: value for key, value in body.items() if key != "look"},
                consent=consents.of_fact(body),
            )
        )
    return LookAudit(
        look=row.id,
        inbox=row.inbox,
        conversation=row.conversation,
        contact=row.contact,
        agent=row.agent,
        state=row.state,
        created_at=row.created_at,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        address=row.address,
        consent=consents.words_of(row.consent_text, row.language) if row.consent_text else None,
        policy=policies.of_inbox(tx, row.organisation, row.inbox, row.policy_version),
        recording=AuditedRecording(
            started_at=recorded.started_at,
            ended_at=recorded.ended_at,
            days=recorded.days,
            bytes=recorded.size,
            removes_at=recorded.removes_at,
            removed_at=recorded.removed_at,
        )
        if recorded
        else None,
        entries=entries,
    )
