"""Where a look goes on: consent for one more tab, and what the desk knows when no page is told."""

from look_people import CONSENT, asking_guest, frame, good, invited, mirrored, page, refused, viewing

from running import Running

PLACE = {key: value for key, value in CONSENT.items() if key != "accept"} | {"tab": "t2"}


def test_consent_in_one_more_tab_is_kept_with_its_page_without_query(desk: Running) -> None:
    guest, agent, look = viewing(desk)
    assert good(guest.do(look, "places", **PLACE))["state"] == "viewing"
    log = good(agent.get(f"/v1/conversations/{guest.visit.conversation}/facts"))["log"]
    continued = [one["body"] for one in log if one["kind"] == "look_continued"]
    assert continued == [
        {
            "look": look,
            "on": "tab",
            "tab": "t2",
            "address": "https://www.groenestroom.example/nota",
            "language": "nl",
            "consentText": "2026-11",
        }
    ]
    elsewhere = PLACE | {"address": "https://elders.example/nota"}
    good(guest.do(look, "places", **elsewhere))
    log = good(agent.get(f"/v1/conversations/{guest.visit.conversation}/facts"))["log"]
    assert [one["body"]["address"] for one in log if one["kind"] == "look_continued"][-1] == ""


def test_there_is_no_further_place_without_a_look_that_goes_on(desk: Running) -> None:
    guest, agent = asking_guest(desk), desk.agent(desk.cast.stroom, "sanne")
    look = invited(agent, guest)
    assert refused(guest.do(look, "places", **PLACE)) == (409, "look_not_viewing")
    assert refused(asking_guest(desk).do(look, "places", **PLACE)) == (404, "look_unknown")
    guest.accepts(look)
    assert guest.do(look, "places", **(PLACE | {"tab": ""})).status_code == 400
    good(guest.do(look, "end", reason="visitor"))
    assert refused(guest.do(look, "places", **PLACE)) == (409, "look_ended")


def test_a_page_says_where_its_visitor_goes_and_the_next_page_takes_it_back(desk: Running) -> None:
    with mirrored(desk) as (guest, sanne, look, visitor, agent):
        visitor.say("leaving", why="page")
        visitor.send(frame(b"still there"))
        assert agent.frames(1) == [frame(b"still there")]
        assert good(sanne.get(f"/v1/looks/{look}"))["away"] is None

        visitor.say("leaving", why="site")
        while agent.until("state")["look"]["away"] != "site":
            pass
        visitor.cut()
        agent.until("gone")
        assert good(sanne.get(f"/v1/looks/{look}"))["away"] == "site"

        back = page(guest, look)
        while agent.until("state")["look"]["away"] is not None:
            pass
        # A page that is told no more has no say.
        last = page(guest, look)
        back.end()
        last.say("leaving", why="left")
        while agent.until("state")["look"]["away"] != "left":
            pass


def test_agents_and_nonsense_say_nothing_of_leaving(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        agent.say("leaving", why="site")
        assert agent.end() == 4400
        visitor.say("leaving", why="home")
        assert visitor.end() == 4400
