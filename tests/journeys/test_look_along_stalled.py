"""Two agents watch, and the window of one stands still: the other one sees every change meanwhile."""

from typing import Any

from host_site import HostSite
from look_page import LookPage
from look_together import Looking, meets
from playwright.sync_api import Dialog, WebSocket, expect

pytest_plugins = ["widget_fixtures", "look_fixtures"]
ROUNDS = 12
CHANGE = """(round) => {
  const letters = new Uint8Array(250_000);
  for (let at = 0; at < letters.length; at += 50_000) crypto.getRandomValues(letters.subarray(at, at + 50_000));
  document.querySelector('#much').textContent =
    Array.from(letters, (it) => String.fromCharCode(97 + (it % 26))).join('');
  document.querySelector('h1').textContent = 'Stand ' + round;
}"""


def test_a_window_that_stands_still_holds_up_nobody_and_catches_up(
    visitor: LookPage, agents: Any, site: HostSite
) -> None:
    fatima: Looking = agents("fatima")
    meets(visitor, fatima, site, "/veel", "Er verandert hier veel.")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    visitor.page.evaluate(
        "const it = document.createElement('pre'); it.id = 'much'; document.querySelector('main').append(it)"
    )

    daan: Looking = agents("daan")
    sockets: list[WebSocket] = []
    words: list[str | bytes] = []

    def heard(frame: str | bytes) -> None:
        words.append(frame)

    def opened(socket: WebSocket) -> None:
        if "/socket/mirror" in socket.url:
            sockets.append(socket)
            socket.on("framereceived", heard)

    daan.page.on("websocket", opened)
    daan.opens(fatima.page.url.rpartition("/")[2])
    daan.page.get_by_role("button", name="Ook meekijken").click()
    daan.sees("Inloggen is niet gelukt.")

    # A question of the browser's own stops everything in the window, reading from the line included.
    questions: list[Dialog] = []

    def asked(question: Dialog) -> None:
        questions.append(question)

    daan.page.on("dialog", asked)
    daan.page.evaluate("void setTimeout(() => alert('Even weg'))")
    while not questions:
        visitor.page.evaluate("1")
    before = len(words)
    for round in range(1, ROUNDS + 1):
        visitor.page.evaluate(CHANGE, round)
        fatima.sees(f"Stand {round}")
    assert len(words) == before

    questions[0].accept()
    daan.sees(f"Stand {ROUNDS}")
    visitor.page.evaluate("document.querySelector('h1').textContent = 'Weer bij'")
    daan.sees("Weer bij")
    fatima.sees("Weer bij")
    # It did miss something: it was told so, or hung up on, and began anew.
    assert len(sockets) > 1 or any(isinstance(one, str) and '"lost"' in one for one in words)
    expect(visitor.bar).to_contain_text("kijkt mee")
