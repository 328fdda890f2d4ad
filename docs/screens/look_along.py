"""Pictures of looking along, one of them moving: a customer cannot log in, an agent points at the way out."""

import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Frame, Page, expect

HERE = Path(__file__).parent
VISITOR, AGENT = {"width": 1180, "height": 800}, {"width": 1360, "height": 800}
HEIGHT = 400
"""Of the moving picture, in pixels."""
ANSWER = "Good morning! Shall I look along on your page? I never see what you type in it."
QUESTION = "I cannot log in. It says that my password is wrong, and I am sure it is not."


class Film:
    """What both sides see at the same moment, side by side."""

    def __init__(self, visitor: Page, agent: Page) -> None:
        self.pages = (visitor, agent)
        self.shots: list[Image.Image] = []
        self.times_ms: list[int] = []

    def shoot(self, for_ms: int) -> None:
        sides = [Image.open(BytesIO(page.screenshot(animations="disabled"))) for page in self.pages]
        sides = [
            one.resize((round(one.width * HEIGHT / one.height), HEIGHT), Image.Resampling.LANCZOS)
            for one in sides
        ]
        whole = Image.new("RGB", (sum(one.width for one in sides) + 8, HEIGHT), "#8a93a0")
        whole.paste(sides[0], (0, 0))
        whole.paste(sides[1], (sides[0].width + 8, 0))
        self.shots.append(whole)
        self.times_ms.append(for_ms)

    def save(self, name: str) -> None:
        """One palette for all, so that only what moves changes."""
        palette = self.shots[len(self.shots) // 2].quantize(192, dither=Image.Dither.NONE)
        first, *rest = (one.quantize(palette=palette, dither=Image.Dither.NONE) for one in self.shots)
        first.save(
            HERE / f"{name}.gif",
            save_all=True,
            append_images=rest,
            duration=self.times_ms,
            loop=0,
            optimize=True,
        )


def _scaled(shot: Image.Image) -> Image.Image:
    return shot.resize((round(shot.width * HEIGHT / shot.height), HEIGHT), Image.Resampling.LANCZOS)


def shoot(visitor: Page, agent: Page, address: str) -> None:
    """``agent`` is signed in at the console; both speak English."""
    visitor.set_viewport_size(VISITOR)
    agent.set_viewport_size(AGENT)
    film = Film(visitor, agent)
    _let_record(agent)
    _ask(visitor, address)
    agent.locator(".row", has_text="I cannot log in").click()
    hint = agent.get_by_role("button", name="Got it")
    if hint.is_visible():
        hint.click()
    agent.locator("#compose-text").fill(ANSWER)
    agent.locator("#compose-text").press("Enter")
    expect(visitor.locator("li.message")).to_have_count(2)
    film.shoot(2_600)
    agent.get_by_role("button", name="Look along", exact=True).click()
    expect(visitor.locator(".look-box.ready")).to_be_visible()
    film.shoot(2_600)
    visitor.screenshot(path=HERE / "look-along-question.png", animations="disabled")
    visitor.locator(".look-box.ready .look-yes").click()
    expect(agent.locator(".look-mark")).to_have_text("You are looking along")
    expect(agent.frame_locator(".look-copy").locator("input[type=password]")).to_be_visible()
    film.shoot(2_400)
    _point(film, visitor, agent)
    visitor.screenshot(path=HERE / "look-along-visitor.png", animations="disabled")
    agent.screenshot(path=HERE / "look-along-agent.png", animations="disabled")
    film.save("look-along")
    _record(visitor, agent, address)


def _record(visitor: Page, agent: Page, address: str) -> None:
    """The visitor agrees to that too, goes to another page, and the agent plays it again."""
    agent.get_by_role("button", name="Record", exact=True).click()
    expect(visitor.locator(".look-box.ready")).to_be_visible()
    visitor.screenshot(path=HERE / "look-along-record.png", animations="disabled")
    visitor.locator(".look-box.ready .look-yes").click()
    expect(agent.locator(".look-record.is-on")).to_be_visible()
    for x in range(300, 700, 40):
        visitor.mouse.move(x, 320 + x / 4)
        visitor.wait_for_timeout(250)
    visitor.goto(f"{address}/demo/en/contact")
    expect(agent.frame_locator(".look-copy").get_by_role("heading", level=1)).to_have_text(
        re.compile("Contact")
    )
    for x in range(300, 800, 50):
        visitor.mouse.move(x, 500)
        visitor.wait_for_timeout(250)
    agent.get_by_role("button", name="Stop recording").click()
    agent.get_by_role("button", name="Play recording").click()
    copy = agent.frame_locator(".play-room .look-copy:not(.is-coming)")
    expect(copy.locator("input[type=password]")).to_be_visible()
    agent.get_by_role("button", name="Play", exact=True).click()
    agent.wait_for_timeout(2_000)
    agent.get_by_role("button", name="Pause", exact=True).click()
    agent.wait_for_load_state("networkidle")
    agent.screenshot(path=HERE / "look-along-playback.png", animations="disabled")


def _let_record(agent: Page) -> None:
    """The demo's inbox records nothing until an admin lets it."""
    agent.keyboard.press(",")
    agent.locator(".settings-tab", has_text="Looking along").click()
    agent.get_by_role("switch", name="Agents may ask to record").check()
    agent.get_by_role("button", name="Save as a new version").click()
    expect(agent.get_by_text("Version 1")).to_be_visible()
    agent.keyboard.press("Escape")


def _ask(visitor: Page, address: str) -> None:
    visitor.goto(f"{address}/demo/en/log-in")
    visitor.evaluate("Balie('update', {name: 'Elisabeth van den Berg'})")
    visitor.locator("#password").fill("zonnebloem-8")
    visitor.locator("main input[type=email], main input[type=text]").first.fill("elisabeth@voorbeeld.nl")
    visitor.locator("main form button[type=submit]").click()
    visitor.locator("button.launcher").click()
    visitor.locator("textarea").fill(QUESTION)
    visitor.locator("textarea").press("Enter")
    expect(visitor.locator("li.message")).to_have_count(1)


def _point(film: Film, visitor: Page, agent: Page) -> None:
    """At the button that shows what was typed, which is then highlighted."""
    pane = agent.get_by_role("region", name="The visitor’s page")
    pane.get_by_role("button", name="Point", exact=True).click()
    x, y = _at(agent, "button", "Show")
    for step in (0.35, 0.7, 1.0):
        agent.mouse.move(x - 160 * (1 - step), y - 130 * (1 - step), steps=4)
        expect(visitor.locator(".look-hand")).to_be_visible()
        visitor.wait_for_timeout(150)
        film.shoot(350)
    pane.get_by_role("button", name="Highlight", exact=True).click()
    agent.mouse.click(x, y)
    expect(visitor.locator(".look-ring")).to_be_visible()
    film.shoot(2_800)


def _at(agent: Page, selector: str, words: str) -> tuple[float, float]:
    """The middle of a node of the copy, on the agent's screen."""
    copy: Frame = next(one for one in agent.frames if "/mirror/viewer" in one.url)
    place: dict[str, float] = copy.evaluate(
        """([selector, words]) => {
          const found = [...document.querySelectorAll(selector)].find((it) => it.textContent.includes(words));
          const { x, y, width, height } = found.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2, width: innerWidth };
        }""",
        [selector, words],
    )
    box = agent.locator(".look-glass").bounding_box()
    assert box
    scale = box["width"] / place["width"]
    return box["x"] + place["x"] * scale, box["y"] + place["y"] * scale
