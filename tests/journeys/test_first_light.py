"""The main job from end to end: a visitor asks on a website, an agent answers, and nothing that happens to the network
or the server loses or doubles a message."""

import json

from browser_people import PATIENT_MS, Agent, Visitor
from demo_desk import DemoDesk
from playwright.sync_api import Browser, expect

CUT_S = 10.0


def test_a_talk_outlives_pages_tabs_a_cut_wire_and_a_killed_server(
    browser: Browser, own_demo: DemoDesk
) -> None:
    said: list[str] = ["Goedemiddag, waarom is mijn jaarnota zo hoog?"]
    agent = Agent(browser, own_demo.address, "sanne@kwelder.example", "kwelder-demo")
    visitor = Visitor(browser, own_demo.address)

    # A question from the annual bill, and an answer from a canned reply.
    visitor.visits("/demo/jaarnota")
    visitor.opens_chat()
    visitor.says(said[0])
    agent.opens("waarom is mijn jaarnota")
    visitor.tick("read")
    agent.page.locator("body").press("t")
    expect(agent.page.locator(".log li.event", has_text="opgepakt")).to_have_count(1)
    agent.types("Ik ")
    expect(visitor.page.locator("p.typing")).to_contain_text("Sanne de Vries")
    said.append(agent.picks_canned("jaarnota"))
    agent.notes("Slimme meter sinds maart, even nakijken")
    visitor.sees(said)
    agent.tick("read")
    visitor.types("Dank")
    expect(agent.page.locator("p.types")).to_be_visible()

    # Another page, and a second tab: the same talk.
    visitor.visits("/demo/nl/tarieven")
    visitor.sees(said)
    tab = visitor.context.new_page()
    tab.goto(own_demo.address + "/demo/nl/contact")
    tab.locator("button.launcher").click()
    visitor.sees(said, tab)
    expect(agent.page.locator(".trail li").first).to_be_visible()

    # The wire is cut for ten seconds while both go on typing.
    mend = own_demo.wire.cut(CUT_S)
    visitor.says("Hallo, bent u er nog?")
    visitor.says("Ik wacht even.")
    agent.says("Ik zoek het voor u uit.")
    visitor.tick("sending")
    expect(visitor.page.locator(".banner")).to_be_visible(timeout=PATIENT_MS)
    agent.tick("sending")
    mend.join()
    visitor.tick("read")
    agent.tick("read")
    said += _new_texts(own_demo, len(said))
    assert sorted(said[2:]) == sorted(["Hallo, bent u er nog?", "Ik wacht even.", "Ik zoek het voor u uit."])
    assert said.index("Hallo, bent u er nog?") < said.index("Ik wacht even.")
    visitor.sees(said)
    visitor.sees(said, tab)
    agent.sees(said)

    # The server is killed in mid-talk and comes back.
    visitor.says("Mijn meter is vervangen.")
    own_demo.kill()
    visitor.says("Maakt dat uit?")
    agent.says("Dat verklaart het verschil.")
    own_demo.start()
    visitor.tick("read")
    agent.tick("read")
    said += _new_texts(own_demo, len(said))
    assert sorted(said[5:]) == sorted(
        ["Mijn meter is vervangen.", "Maakt dat uit?", "Dat verklaart het verschil."]
    )
    assert said.index("Mijn meter is vervangen.") < said.index("Maakt dat uit?")
    visitor.sees(said)
    visitor.sees(said, tab)
    agent.sees(said)

    # And once more from the database, after a reload of everything.
    for page in (visitor.page, tab, agent.page):
        page.reload()
    visitor.sees(said)
    visitor.sees(said, tab)
    agent.sees(said)
    assert _new_texts(own_demo, 0) == said


def _new_texts(desk: DemoDesk, known: int) -> list[str]:
    """The messages of the newest conversation in the database, in the order of seq, after the first ``known``."""
    rows = desk.rows(
        "select f.body from fact f where f.kind = 'message_added' and f.stream ="
        " (select id from conversation order by number desc limit 1) order by f.seq"
    )
    return [json.loads(str(row[0]))["text"] for row in rows][known:]
