"""Looking along as an agent works it in the console, by what an agent reads."""

from playwright.sync_api import Frame, Locator, Page, expect


class ConsoleLook:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.pane = self.page.get_by_role("region", name="Pagina van de bezoeker")
        self.mark = self.pane.locator(".look-mark")
        self.glass = self.pane.locator(".look-glass")
        self.told = self.pane.locator(".look-told")

    @property
    def copy(self) -> Frame:
        return next(it for it in self.page.frames if "/mirror/viewer" in it.url)

    def sees(self, words: str) -> None:
        expect(self.mark).to_have_text("Je kijkt mee")
        expect(self.page.frame_locator(".look-copy").get_by_text(words)).to_be_visible()

    def at(self, selector: str, words: str = "") -> tuple[float, float]:
        """The middle of a node of the copy, on the agent's screen: the first that fits and holds these words."""
        place: dict[str, float] = self.copy.evaluate(
            """([selector, words]) => {
              const found = [...document.querySelectorAll(selector)].find((it) => it.textContent.includes(words));
              const { x, y, width, height } = found.getBoundingClientRect();
              return { x: x + width / 2, y: y + height / 2, width: innerWidth };
            }""",
            [selector, words],
        )
        box = self.glass.bounding_box()
        assert box
        scale = box["width"] / place["width"]
        return box["x"] + place["x"] * scale, box["y"] + place["y"] * scale

    def waits(self, condition: str) -> None:
        """Until the copy is so. The viewer's own policy forbids what Playwright waits with."""
        self.copy.evaluate(
            "() => new Promise((done) => { const look = () => ("
            + condition
            + " ? done() : requestAnimationFrame(look)); look(); })"
        )

    def steps(self, said: str) -> str:
        """One part further with the arrow keys; what a screen reader then says in place of ``said``."""
        self.page.keyboard.press("ArrowDown")
        found: str = self.page.evaluate(
            """(before) => new Promise((done) => {
              const look = () => {
                const all = [...document.querySelectorAll('.hidden-text > [role=status]')];
                const said = all.map((it) => it.textContent).join('');
                if (said !== before) done(said); else requestAnimationFrame(look);
              };
              look();
            })""",
            said,
        )
        return found

    def tool(self, name: str) -> Locator:
        return self.pane.get_by_role("button", name=name, exact=True)
