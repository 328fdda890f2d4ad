"""The pages a visitor saw: kept per visit, read beside the conversation. Not facts: losing one costs nothing."""

import msgspec

from balie.desk.model import PageState, PageView
from balie.engine.ports import Leases, Tx, UnavailableError

VISIT_LIMIT = 200
"""Pages kept of one visit; later ones push out nothing and are not stored."""
KEPT = 600
"""Pages kept of one browser; when it is full, earlier visits make room."""


STATE_S = 30 * 60.0
"""How long it is remembered how a contact's page stands."""


class Visit(msgspec.Struct, frozen=True):
    """The last visit of a contact: pages oldest first, and the browser's own description of itself."""

    pages: list[PageView]
    device: str


def add(tx: Tx, organisation: str, visitor: str, visit: str, page: PageView) -> bool:
    """Keep a page; a reload of the page the tab is on is not a new one."""
    found = tx.one(
        "select count(*), count(*) filter (where visit = ?) from page_view where visitor = ?",
        [visit, visitor],
    )
    kept, of_visit = found or (0, 0)
    if of_visit >= VISIT_LIMIT:
        return False
    last = tx.one(
        "select url from page_view where visitor = ? and visit = ? and tab = ? order by id desc limit 1",
        [visitor, visit, page.tab],
    )
    if last and last[0] == page.url:
        return False
    if kept >= KEPT:
        # Half at once, so that a browser that is always full does not pay for each page.
        tx.execute(
            "delete from page_view where visitor = ? and visit <> ? and id in"
            " (select id from page_view where visitor = ? order by at, id limit ?)",
            [visitor, visit, visitor, KEPT // 2],
        )
    tx.execute(
        "insert into page_view (organisation, visitor, visit, url, title, tab, at) values (?, ?, ?, ?, ?, ?, ?)",
        [organisation, visitor, visit, page.url, page.title, page.tab, page.at],
    )
    return True


async def remember_state(leases: Leases, contact: str, state: PageState) -> None:
    """For agents who come in later, on any node. UnavailableError when the leases are away."""
    await leases.put(_state_key(contact), msgspec.json.encode(state), STATE_S)


async def last_state(leases: Leases, contact: str) -> PageState | None:
    """As told last within STATE_S; none while the leases are away."""
    try:
        told = await leases.get(_state_key(contact))
    except UnavailableError:
        return None
    return msgspec.json.decode(told, type=PageState) if told else None


def _state_key(contact: str) -> str:
    return f"page:{contact}"


def last_visit(tx: Tx, organisation: str, contact: str) -> Visit:
    """The newest visit of any of the contact's browsers."""
    row = tx.one(
        "select p.visitor, p.visit, v.device from page_view p join visitor v on v.id = p.visitor"
        " where v.contact = ? and v.organisation = ? order by p.at desc, p.id desc limit 1",
        [contact, organisation],
    )
    if row is None:
        device = tx.one(
            "select device from visitor where contact = ? and organisation = ? order by created_at desc limit 1",
            [contact, organisation],
        )
        return Visit([], device[0] if device else "")
    pages = tx.all(
        "select url, title, at, tab from page_view where visitor = ? and visit = ? order by id",
        [row[0], row[1]],
    )
    return Visit([PageView(url=p[0], title=p[1], at=p[2], tab=p[3]) for p in pages], row[2])
