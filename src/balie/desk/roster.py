"""Organisations, teams, inboxes and agents: who works here, and through which doors contacts come."""

import secrets
from collections.abc import Sequence

import msgspec

from balie.desk import calendars, log
from balie.desk.access import Access, inboxes_sql
from balie.desk.facts import AgentChanged, AgentStatusChanged, InboxChanged
from balie.desk.model import Actor, Agent, AgentStatus, AwayReason, Inbox, Language, Organisation, Role, Team
from balie.engine.ports import Row, Tx
from balie.lib import ids
from balie.lib.errors import ConflictError, InvalidError, NotFoundError
from balie.lib.text import one_line, origin

SYSTEM = "system"


def system(organisation: str) -> Actor:
    """The actor of what no person did."""
    return Actor(kind="system", id=organisation, name=SYSTEM)


# Organisations and teams


def create_organisation(tx: Tx, now: int, name: str) -> Organisation:
    made = Organisation(id=ids.new_id(ids.ORGANISATION), name=one_line(name, 200))
    tx.execute("insert into organisation (id, name, created_at) values (?, ?, ?)", [made.id, made.name, now])
    return made


def organisations(tx: Tx) -> list[Organisation]:
    rows = tx.all("select id, name from organisation order by created_at, id")
    return [Organisation(id=row[0], name=row[1]) for row in rows]


def create_team(tx: Tx, organisation: str, name: str) -> Team:
    made = Team(id=ids.new_id(ids.TEAM), name=one_line(name, 200))
    if tx.one("select 1 from team where organisation = ? and name = ?", [organisation, made.name]):
        raise ConflictError("There is a team of this name.", code="team_exists")
    tx.execute(
        "insert into team (id, organisation, name) values (?, ?, ?)", [made.id, organisation, made.name]
    )
    return made


def teams(tx: Tx, organisation: str) -> list[Team]:
    rows = tx.all("select id, name from team where organisation = ? order by name", [organisation])
    return [Team(id=row[0], name=row[1]) for row in rows]


# Inboxes

_INBOX = "select id, name, kind, key, team, language, allowed_origins, calendar from inbox"


def create_inbox(
    tx: Tx,
    organisation: str,
    now: int,
    *,
    name: str,
    allowed_origins: Sequence[str],
    language: Language = "nl",
    team: str | None = None,
    key: str | None = None,
) -> Inbox:
    """``key`` is made up when not given."""
    made = Inbox(
        id=ids.new_id(ids.INBOX),
        name=one_line(name, 200),
        kind="web",
        key=key or secrets.token_urlsafe(12),
        team=team,
        language=language,
        allowed_origins=checked_origins(allowed_origins),
    )
    tx.execute(
        "insert into inbox (id, organisation, team, kind, name, key, language, allowed_origins, created_at)"
        " values (?, ?, ?, 'web', ?, ?, ?, ?, ?)",
        [
            made.id, organisation, team, made.name, made.key, language,
            msgspec.json.encode(made.allowed_origins).decode(), now,
        ],
    )  # fmt: skip
    return made


def inboxes(tx: Tx, access: Access) -> list[Inbox]:
    """The inboxes ``access`` may read."""
    sql, params = inboxes_sql(access)
    return [_inbox(row) for row in tx.all(f"{_INBOX} where id in ({sql}) order by name", params)]


def inbox_by_key(tx: Tx, key: str) -> tuple[Inbox, str] | None:
    """The inbox of a public key and its organisation."""
    row = tx.one(f"{_INBOX.replace(' from', ', organisation from')} where key = ?", [key])
    return (_inbox(row), row[8]) if row else None


def inbox_by_id(tx: Tx, organisation: str, inbox: str) -> Inbox:
    row = tx.one(f"{_INBOX} where id = ? and organisation = ?", [inbox, organisation])
    if row is None:
        raise NotFoundError("There is no such inbox.", code="inbox_unknown")
    return _inbox(row)


def change_inbox(
    writer: log.Writer,
    access: Access,
    inbox: str,
    *,
    name: str | None = None,
    allowed_origins: Sequence[str] | None = None,
    language: Language | None = None,
    calendar: str | None = None,
) -> Inbox:
    """Change what is given; an empty ``calendar`` takes the inbox's away. InvalidError ``calendar_unknown``."""
    if calendar:
        calendars.check_given(writer.tx, access.organisation, calendar)
    before = inbox_by_id(writer.tx, access.organisation, inbox)
    after = msgspec.structs.replace(
        before,
        name=before.name if name is None else one_line(name, 200),
        allowed_origins=before.allowed_origins
        if allowed_origins is None
        else checked_origins(allowed_origins),
        language=before.language if language is None else language,
        calendar=before.calendar if calendar is None else calendar or None,
    )
    if after != before:
        writer.tx.execute(
            "update inbox set name = ?, allowed_origins = ?, language = ?, calendar = ?"
            " where id = ? and organisation = ?",
            [
                after.name, msgspec.json.encode(after.allowed_origins).decode(), after.language, after.calendar,
                inbox, access.organisation,
            ],
        )  # fmt: skip
        writer.record_in(
            access.organisation,
            access.organisation,
            access.actor,
            "inbox_changed",
            InboxChanged(inbox=after),
            inbox=after.id,
        )
    return after


def checked_origins(origins: Sequence[str]) -> list[str]:
    """The origins of these addresses; InvalidError names the one that has none."""
    found = []
    for text in origins:
        one = origin(text)
        if not one:
            raise InvalidError(f"{one_line(text, 100)!r} is no web address.", code="origin_invalid")
        found.append(one)
    return list(dict.fromkeys(found))


def _inbox(row: Row) -> Inbox:
    return Inbox(
        id=row[0], name=row[1], kind=row[2], key=row[3], team=row[4], language=row[5],
        allowed_origins=msgspec.json.decode(row[6], type=list[str]), calendar=row[7],
    )  # fmt: skip


# Agents

_AGENT = "select id, name, kind, role, active, status, away_reason from agent"


def create_agent(
    writer: log.Writer,
    organisation: str,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    language: Language = "nl",
    teams: Sequence[str] = (),
) -> Agent:
    """A person who answers. ConflictError when the e-mail address is taken."""
    address = one_line(email, 254).lower()
    if "@" not in address or " " in address:
        raise InvalidError("This is no e-mail address.", code="email_invalid")
    if not one_line(name, 120):
        raise InvalidError("An agent needs a name.", code="name_empty")
    tx = writer.tx
    if tx.one("select 1 from agent where email = ?", [address]):
        raise ConflictError("There is an agent with this e-mail address.", code="email_taken")
    agent = ids.new_id(ids.AGENT)
    tx.execute(
        "insert into agent (id, organisation, email, name, role, language, password_hash, created_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [agent, organisation, address, one_line(name, 120), role, language, password_hash, writer.now],
    )
    _set_teams(tx, organisation, agent, teams)
    made = find_agent(tx, organisation, agent)
    writer.record_in(organisation, organisation, actor, "agent_changed", AgentChanged(agent=made))
    return made


def change_agent(
    writer: log.Writer,
    organisation: str,
    actor: Actor,
    agent: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
    teams: Sequence[str] | None = None,
) -> Agent:
    """Change what is given. ConflictError when nobody would be left to administer the organisation."""
    tx = writer.tx
    before = find_agent(tx, organisation, agent)
    if name is not None and not one_line(name, 120):
        raise InvalidError("An agent needs a name.", code="name_empty")
    demoted = before.role == "admin" and (role not in (None, "admin") or active is False)
    if demoted and not tx.one(
        "select 1 from agent where organisation = ? and role = 'admin' and active and id <> ?",
        [organisation, agent],
    ):
        raise ConflictError("Somebody has to stay administrator.", code="last_admin")
    tx.execute(
        "update agent set name = ?, role = ?, active = ? where id = ?",
        [
            before.name if name is None else one_line(name, 120),
            before.role if role is None else role,
            before.active if active is None else active,
            agent,
        ],
    )
    if teams is not None:
        _set_teams(tx, organisation, agent, teams)
    after = find_agent(tx, organisation, agent)
    if after != before:
        writer.record_in(organisation, organisation, actor, "agent_changed", AgentChanged(agent=after))
    return after


def set_status(writer: log.Writer, access: Access, status: AgentStatus, reason: AwayReason = "") -> None:
    """The agent's own availability, and why they are away; its history is the agent's stream."""
    reason = reason if status == "away" else ""
    changed = writer.tx.execute(
        "update agent set status = ?, away_reason = ? where id = ? and (status <> ? or away_reason <> ?)",
        [status, reason, access.agent, status, reason],
    )
    if changed:
        writer.record_in(
            access.agent,
            access.organisation,
            access.actor,
            "agent_status_changed",
            AgentStatusChanged(status=status, reason=reason),
        )


def agents(tx: Tx, organisation: str) -> list[Agent]:
    members = _members(tx, organisation)
    rows = tx.all(f"{_AGENT} where organisation = ? order by name, id", [organisation])
    return [_agent(row, members.get(row[0], [])) for row in rows]


def find_agent(tx: Tx, organisation: str, agent: str) -> Agent:
    row = tx.one(f"{_AGENT} where id = ? and organisation = ?", [agent, organisation])
    if row is None:
        raise NotFoundError("There is no such agent.", code="agent_unknown")
    return _agent(row, _members(tx, organisation).get(agent, []))


def _members(tx: Tx, organisation: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for agent, team in tx.all(
        "select m.agent, m.team from team_member m join team t on t.id = m.team where t.organisation = ?"
        " order by t.name",
        [organisation],
    ):
        found.setdefault(agent, []).append(team)
    return found


def _set_teams(tx: Tx, organisation: str, agent: str, teams: Sequence[str]) -> None:
    tx.execute("delete from team_member where agent = ?", [agent])
    for team in dict.fromkeys(teams):
        if not tx.one("select 1 from team where id = ? and organisation = ?", [team, organisation]):
            raise InvalidError("There is no such team.", code="team_unknown")
        tx.execute("insert into team_member (team, agent) values (?, ?)", [team, agent])


def _agent(row: Row, teams: list[str]) -> Agent:
    return Agent(
        id=row[0], name=row[1], kind=row[2], role=row[3], active=bool(row[4]), status=row[5], teams=teams,
        away_reason=row[6],
    )  # fmt: skip
