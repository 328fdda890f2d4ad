"""A customer cannot log in: what the agent knows before looking along, sees while looking, and what is left of it."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from host_site import HostSite
from look_page import LookPage
from look_together import Looking
from look_watcher import Watcher
from playwright.sync_api import expect

from running import PATIENCE_S, Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]
WRONG, RIGHT = "zonnebloem-7", "Madelief!2026"
LOG_IN = """<form id="log-in" action="/mijn-nle">
<p><label for="name">Gebruikersnaam</label> <input id="name" required></p>
<p><label for="secret">Wachtwoord</label> <input id="secret" type="password" required></p>
<p id="wrong" role="alert"></p>
<p data-balie-show><label for="kind">Soort account</label>
<select id="kind"><option>Thuis</option><option>Zakelijk</option></select></p>
<p><button id="enter">Inloggen</button></p>
</form><script src="/log-in.js"></script>"""
SCRIPT = f"""
document.querySelector('#log-in').addEventListener('submit', (event) => {{
  const [secret, kind] = [document.querySelector('#secret'), document.querySelector('#kind')];
  if (secret.value === '{RIGHT}' && kind.value === 'Zakelijk') return;
  event.preventDefault();
  setTimeout(() => {{
    secret.setAttribute('aria-invalid', 'true');
    document.querySelector('#wrong').textContent = 'Inloggen is niet gelukt. Controleer uw soort account.';
  }}, 50);
}});
"""


@pytest.fixture
def hinted(desk: Running) -> Iterator[None]:
    """The inbox's policy lets agents know of form errors; as it was before, after."""
    admin = desk.agent(desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{desk.cast.stroom.site.id}/looking-policy"
    before = admin.get(path).raise_for_status().json()

    def put(policy: dict[str, Any]) -> None:
        version = admin.get(path).raise_for_status().json()["version"]
        body = {"version": version, "profile": before["profile"], "policy": policy}
        admin.put(path, json=body).raise_for_status()

    put(before["policy"] | {"hints": True})
    yield
    put(before["policy"])


def form_of(visitor: LookPage, conversation: str, wanted: list[str]) -> dict[str, Any]:
    """What the agent is told of the page, once these kinds of error stand on it."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        state = visitor.agent.visit(conversation)["state"]
        if (state and state["form"] == wanted) or time.monotonic() > deadline:
            assert state is not None
            assert state["form"] == wanted
            found: dict[str, Any] = state
            return found


def test_a_customer_who_cannot_log_in_is_helped_and_logs_in_themselves(
    visitor: LookPage, agents: Any, site: HostSite, desk: Running, hinted: None
) -> None:
    site.bodies |= {"/inloggen-nle": LOG_IN, "/mijn-nle": "<p>Welkom, mevrouw Jansen</p>"}
    site.scripts["/log-in.js"] = SCRIPT
    page = visitor.page
    sent: list[str] = []
    page.on("request", lambda it: sent.append(it.post_data or "") if "/v1/" in it.url else None)
    visitor.widget.open(f"{site.origin}/inloggen-nle")
    page.locator("#name").fill("m.jansen")
    page.locator("#secret").fill(WRONG)
    page.locator("#enter").click()
    expect(page.locator("#wrong")).to_contain_text("niet gelukt")
    visitor.widget.say("Ik kan niet inloggen.")
    expect(visitor.widget.own_last()).to_contain_text("Verstuurd")
    conversation = visitor.agent.conversation_with("Ik kan niet inloggen.")
    visitor.agent.take(conversation)

    # Before anybody looks along the agent knows that the form says no, and which kind of no; and not a word of it.
    state = form_of(visitor, conversation, ["message"])
    assert state["url"] == f"{site.origin}/inloggen-nle"
    assert state["viewport"] == {"width": 1280, "height": 800}
    page.locator("#secret").fill("")
    page.locator("#enter").click()
    form_of(visitor, conversation, ["message", "required"])
    page.locator("#secret").fill(WRONG)
    page.locator("#secret").blur()
    form_of(visitor, conversation, ["message"])
    assert not any(word in body for body in sent for word in (WRONG, "m.jansen", "niet gelukt", "Wachtwoord"))
    assert (
        page.evaluate("performance.getEntriesByType('resource').some((it) => /mirror-/.test(it.name))")
        is False
    )

    fatima: Looking = agents("fatima")
    fatima.opens(conversation)
    fatima.page.keyboard.press("l")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    look = visitor.agent.look_of(conversation)["id"]
    watcher = Watcher(desk, visitor.agent, look)
    watcher.sees("Inloggen is niet gelukt.")
    fatima.tool("Markeren").click()
    fatima.page.mouse.click(*fatima.at("select"))
    expect(page.locator(".look-ring")).to_be_visible()
    expect(fatima.pane.locator(".look-marked")).to_contain_text("Soort account")

    fatima.pane.get_by_role("button", name="Vraag om te bedienen").click()
    visitor.agrees()
    expect(fatima.pane.locator(".look-grant")).to_contain_text("Je mag bedienen")
    fatima.tool("Bedienen").click()
    for _ in range(6):
        fatima.page.mouse.click(*fatima.at("input[type=password]"))
        expect(fatima.pane.get_by_role("textbox", name="Invullen in ‘Wachtwoord’")).to_be_focused()
        fatima.page.keyboard.type("geraden")
        fatima.page.keyboard.press("Enter")
        expect(fatima.told).to_contain_text("niet gedaan")
        # The visitor's own hand goes first, and it has just pressed Yes.
        if "zelf bezig" not in fatima.told.inner_text():
            break
    assert page.locator("#secret").input_value() == WRONG
    fatima.page.mouse.click(*fatima.at("select"))
    fatima.pane.get_by_role("listbox", name="Kies in ‘Soort account’").select_option("Zakelijk")
    fatima.page.keyboard.press("Enter")
    expect(fatima.told).to_contain_text("Keuze in ‘Soort account’: gedaan")

    # The customer does the rest.
    page.locator("#secret").fill(RIGHT)
    page.locator("#enter").click()
    page.wait_for_url("**/mijn-nle*")
    fatima.sees("Welkom, mevrouw Jansen")
    visitor.stop.click()
    expect(fatima.mark).to_have_text("Gestopt")

    for secret in (WRONG, RIGHT, "m.jansen", "geraden"):
        assert secret.encode() not in watcher.wire()
    rows: list[Any] = desk.read(
        lambda tx: tx.all("select kind, body from fact where stream = ? order by seq", [conversation])
    )
    facts = [(kind, json.loads(body)) for kind, body in rows if kind.startswith(("look_", "control_"))]
    told = [kind for kind, _ in facts if kind not in ("look_watched", "look_left", "control_used")]
    assert told == [
        "look_invited", "look_accepted", "control_asked", "control_granted", "look_ended",
    ]  # fmt: skip
    used = {
        (body["action"], body["outcome"], body["label"]) for kind, body in facts if kind == "control_used"
    }
    assert used >= {("fill", "protected_field", "Wachtwoord"), ("select", "done", "Soort account")}
    assert not any(secret in str(facts) for secret in (WRONG, RIGHT, "geraden"))
