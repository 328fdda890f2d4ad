"""The looking policies of inboxes: versions that are stored, never changed, and found again by number."""

from typing import Any

import msgspec

from balie.desk.access import Access, inboxes_sql
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.engine.ports import Row, Tx
from balie.features.cobrowse import policy
from balie.features.cobrowse.facts import LookingPolicy
from balie.features.cobrowse.policy import Profile
from balie.lib.errors import ConflictError, NotFoundError

_SELECT = "select version, hash, profile, policy, created_at, agent from looking_policy"
_START = LookingPolicy(
    version=0,
    hash=policy.digest(policy.START),
    profile="normal",
    policy=policy.START,
    created_at=0,
    agent=None,
)


def of_inbox(tx: Tx, organisation: str, inbox: str, version: int | None = None) -> LookingPolicy:
    """The newest version, or the one of this number."""
    where, params = "organisation = ? and inbox = ?", [organisation, inbox]
    if version is None:
        row = tx.one(f"{_SELECT} where {where} order by version desc limit 1", params)
    else:
        row = tx.one(f"{_SELECT} where {where} and version = ?", [*params, version])
    if row is None and version:
        raise NotFoundError("There is no such version.", code="version_unknown")
    return _policy(row) if row else _START


def for_agent(tx: Tx, access: Access, inbox: str) -> LookingPolicy:
    """The newest version, where ``access`` may read the inbox."""
    _check(tx, access, inbox)
    return of_inbox(tx, access.organisation, inbox)


def versions(tx: Tx, access: Access, inbox: str, limit: int) -> list[LookingPolicy]:
    """Newest first, version 0 last."""
    _check(tx, access, inbox)
    rows = tx.all(
        f"{_SELECT} where organisation = ? and inbox = ? order by version desc limit ?",
        [access.organisation, inbox, limit],
    )
    found = [_policy(row) for row in rows]
    return found if len(found) == limit else [*found, _START]


def replace(
    writer: Writer, access: Access, inbox: str, version: int, profile: Profile, wanted: dict[str, Any]
) -> LookingPolicy:
    """Make the version that follows ``version``. Nothing happens when nothing differs. ConflictError
    ``edited_meanwhile`` when there is a newer one."""
    tx = writer.tx
    _check(tx, access, inbox)
    checked = policy.checked(profile, wanted)
    # Two admins who save at once: the second one waits here, and then sees the first one's version.
    tx.one(f"select 1 from inbox where id = ?{tx.lock}", [inbox])
    before = of_inbox(tx, access.organisation, inbox)
    if before.version != version:
        raise ConflictError("Somebody else changed this policy meanwhile.", code="edited_meanwhile")
    if before.policy == checked and before.profile == profile:
        return before
    made = LookingPolicy(
        version=version + 1,
        hash=policy.digest(checked),
        profile=profile,
        policy=checked,
        created_at=writer.now,
        agent=access.actor,
    )
    tx.execute(
        "insert into looking_policy (organisation, inbox, version, profile, policy, hash, agent, created_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            access.organisation, inbox, made.version, profile,
            msgspec.json.encode(checked).decode(), made.hash, msgspec.json.encode(access.actor).decode(), writer.now,
        ],
    )  # fmt: skip
    return made


def _check(tx: Tx, access: Access, inbox: str) -> None:
    sql, params = inboxes_sql(access)
    if tx.one(f"select 1 from inbox where id = ? and id in ({sql})", [inbox, *params]) is None:
        raise NotFoundError("There is no such inbox.", code="inbox_unknown")


def _policy(row: Row) -> LookingPolicy:
    return LookingPolicy(
        version=row[0],
        hash=row[1],
        profile=row[2],
        policy=policy.filled(msgspec.json.decode(row[3], type=dict[str, Any])),
        created_at=row[4],
        agent=msgspec.json.decode(row[5], type=Actor),
    )
