"""How many sockets one browser and one address may hold: the places of a process are for everybody (threat S11)."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import cast
from balie.channels.web.socket import TABS_LIMIT
from balie.lib import ids
from people import VISITOR, come, greeted, says, visitor, visitor_peer, visitor_ticket
from running import Running
from wire import Peer, Refused

PROXIED = "X-Forwarded-For: {}\r\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Running]:
    """A desk of eight places behind a proxy: two for each address."""
    desk = Running(tmp_path)
    desk.settings = msgspec.structs.replace(desk.settings, socket_limit=8, trusted_proxies="127.0.0.1")
    desk.start()
    yield desk
    desk.stop()


def from_address(desk: Running, address: str) -> Peer:
    ticket = visitor_ticket(desk, come(desk))
    peer = Peer(desk.port, f"{VISITOR}?ticket={ticket}", cast.SITE, more=PROXIED.format(address))
    greeted(peer)
    return peer


def test_one_address_cannot_take_all_places(small: Running) -> None:
    held = [from_address(small, "2001:db8::1"), from_address(small, "2001:db8::2")]
    with pytest.raises(Refused) as refused:
        from_address(small, "2001:db8::3")
    assert refused.value.status == 429
    held.append(from_address(small, "203.0.113.7"))
    held[0].close()
    assert held[0].code() == 1000
    held.append(from_address(small, "2001:db8::3"))
    for peer in held[1:]:
        assert peer.answers()
        peer.cut()


def test_one_browser_has_so_many_tabs(desk: Running) -> None:
    visit = come(desk)
    tabs = [visitor_peer(desk, visit) for _ in range(TABS_LIMIT)]
    for tab in tabs:
        greeted(tab)
    assert visitor_peer(desk, visit).code() == 4429
    for tab in tabs:
        assert tab.answers()
        tab.cut()


def test_a_page_of_another_site_is_no_page_of_the_visit(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as guest:
        says(guest, "Hallo")
        for site in ("https://phish.example", "http://www.groenestroom.example", cast.SITE + ":8443"):
            guest.say("signal", kind="page", visit=ids.new_cid(), url=f"{site}/login", title="Log in")
        assert guest.answers()
    assert desk.read(lambda tx: tx.all("select url from page_view where visitor = ?", [visit.visitor])) == []


def test_what_agents_wrote_on_the_card_stays_with_the_agents(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as guest:
        home = says(guest, "Hallo")["conversation"]
        sanne = desk.agent(desk.cast.stroom, "sanne")
        contact = sanne.get(f"/v1/conversations/{home}").json()["conversation"]["contact"]["id"]
        card = {"email": "canary@example.nl", "phone": "0612-canary"}
        assert sanne.patch(f"/v1/contacts/{contact}", json=card).status_code == 200
        assert sanne.put(f"/v1/conversations/{home}/closure").status_code == 200
        desk.write(lambda tx: tx.execute("update conversation set closed_at = 0 where id = ?", [home]))
        again = says(guest, "Nog een vraag")["conversation"]
        assert again != home
        guest.frames_until_quiet()
    reload = visitor_peer(desk, visit)
    greeted(reload)
    older = desk.browser(headers={"origin": cast.SITE}).get(
        f"/v1/visitor/conversations/{again}/facts?before=1000",
        headers={"authorization": f"Bearer {visit.token}"},
    )
    reload.cut()
    for seen in (guest.bytes, reload.bytes, older.content):
        assert b"Nog een vraag" in seen
        assert b"canary" not in seen
