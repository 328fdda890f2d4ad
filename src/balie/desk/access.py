"""What an agent may read (invariant I7): every query on behalf of an agent takes its limits from here.

Admins and supervisors read every inbox of their organisation; agents read the inboxes without a team and
those of their own teams.
"""

from typing import Any

import msgspec

from balie.desk.model import Actor, Role
from balie.engine.ports import Tx


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """An agent at work: the organisation and rights that every query is scoped by."""

    organisation: str
    agent: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        return Actor(kind="agent", id=self.agent, name=self.name)

    @property
    def oversees(self) -> bool:
        """Whether the agent reads every inbox and writes what the whole desk shares."""
        return self.role in ("admin", "supervisor")


def inboxes_sql(access: Access) -> tuple[str, list[Any]]:
    """A sub-select of the inbox ids ``access`` may read, and its parameters, as in
    ``where c.organisation = ? and c.inbox in ({sql})``."""
    if access.oversees:
        return "select id from inbox where organisation = ?", [access.organisation]
    if not access.teams:
        return "select id from inbox where organisation = ? and team is null", [access.organisation]
    marks = ", ".join("?" * len(access.teams))
    sql = f"select id from inbox where organisation = ? and (team is null or team in ({marks}))"
    return sql, [access.organisation, *access.teams]


def find_access(tx: Tx, agent: str) -> Access | None:
    """The rights of an active agent, as they are now."""
    row = tx.one("select organisation, name, role from agent where id = ? and active = ?", [agent, True])
    if row is None:
        return None
    teams = tx.all("select team from team_member where agent = ? order by team", [agent])
    return Access(
        organisation=row[0],
        agent=agent,
        name=row[1],
        role=row[2],
        teams=tuple(str(team[0]) for team in teams),
    )
