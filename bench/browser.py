"""Browser to browser: Enter in the widget until the text is painted in the console. Two pages of system Chromium with
the real widget and console on a demo desk; both clocks are ``performance.timeOrigin + now`` of the same machine.

A sample starts with the time stamp of the key event and ends after the first frame that shows the text (an animation
frame, then a task behind its painting), so it holds the wait for a frame of the 60 Hz screen, 8 ms on average. The time
at which the text stood in the page, before that wait, is printed beside it.
"""

import shutil
import subprocess
import sys
import tempfile
import time

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine
from bench.servers import free_port, wait_for_port

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
EMAIL, PASSWORD = "sanne@kwelder.example", "kwelder-demo"
WARM_UP = 10
PAUSE_S = 0.12
PATIENCE_MS = 60_000

_STAMP_ENTER = """() => {
  window.entered = [];
  addEventListener('keydown', e => {
    if (e.key === 'Enter') window.entered.push(performance.timeOrigin + e.timeStamp);
  }, true);
}"""

_STAMP_PAINT = """() => {
  const now = () => performance.timeOrigin + performance.now();
  window.shown = {};
  window.painted = {};
  new MutationObserver(() => {
    for (const bubble of document.querySelectorAll('.log li.message .bubble')) {
      const found = /Sample (\\d+)\\./.exec(bubble.textContent);
      if (!found || found[1] in window.shown) continue;
      const number = found[1];
      window.shown[number] = now();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { window.painted[number] = now(); };
        channel.port2.postMessage(0);
      });
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


class Latency(msgspec.Struct, frozen=True):
    samples: int
    p50_ms: float
    p95_ms: float
    shown_p50_ms: float
    shown_p95_ms: float


def measure(samples: int) -> Latency:
    if not shutil.which("chromium"):
        raise machine.MissingError("The browsers need Chromium: apt-get install chromium")
    folder = tempfile.mkdtemp(prefix="balie-bench-")
    port = free_port()
    env = {"BALIE_DATA_DIR": folder, "BALIE_PORT": str(port), "BALIE_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "balie", "demo"]
    try:
        with (
            machine.running(None, command, env, stdout=subprocess.DEVNULL) as process,
            sync_playwright() as playwright,
        ):
            wait_for_port(port, process)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                return _talk(browser, f"http://127.0.0.1:{port}", samples)
            finally:
                browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _talk(browser: Browser, address: str, samples: int) -> Latency:
    agent = _signed_in(browser, address)
    visitor = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 800}).new_page()
    visitor.set_default_timeout(PATIENCE_MS)
    visitor.goto(f"{address}/demo/nl/")
    visitor.locator("button.launcher").click()
    box = visitor.locator("textarea")
    box.fill("Mag ik iets meten?")
    box.press("Enter")
    agent.locator(".row", has_text="Mag ik iets meten").click()
    agent.locator(".log li.message").first.wait_for()
    visitor.evaluate(_STAMP_ENTER)
    agent.evaluate(_STAMP_PAINT)
    for number in range(WARM_UP + samples):
        box.fill(f"Sample {number}. Mijn jaarnota klopt niet, kunt u even meekijken?")
        box.press("Enter")
        agent.wait_for_function("number => number in window.painted", arg=str(number))
        time.sleep(PAUSE_S)
    entered = visitor.evaluate("window.entered")[-(WARM_UP + samples) :]
    shown, painted = agent.evaluate("[window.shown, window.painted]")
    wanted = range(WARM_UP, WARM_UP + samples)
    to_paint = sorted(painted[str(n)] - entered[n] for n in wanted)
    to_page = sorted(shown[str(n)] - entered[n] for n in wanted)
    return Latency(
        samples, _share(to_paint, 0.5), _share(to_paint, 0.95), _share(to_page, 0.5), _share(to_page, 0.95)
    )


def _signed_in(browser: Browser, address: str) -> Page:
    page = browser.new_context(locale="nl-NL", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/console/")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".row").first.wait_for()
    return page


def _share(ordered: list[float], share: float) -> float:
    return ordered[round((len(ordered) - 1) * share)]
