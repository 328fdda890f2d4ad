"""A page that lives: every kind of change arrives, gaps heal, and the agent's hand is held where it should be."""
# ruff: noqa: E501  the page's own lines are as long as they are

from typing import Any

from mirror_pair import OPEN, Pair
from mirror_site import MirrorSite


def seen(pair: Pair, script: str) -> Any:
    return pair.copy.evaluate(script)


def test_children_come_go_and_change_places(live: Pair) -> None:
    live.does(
        "for (const it of ['a','b','c','d','e']) { const li = document.createElement('li'); li.textContent = it; document.getElementById('list').append(li); }"
    )
    live.does(
        "const list = document.getElementById('list'); list.prepend(list.lastChild); list.children[2].remove()"
    )
    live.does(
        "const list = document.getElementById('list'); list.append(list.firstChild); list.insertBefore(list.lastChild, list.children[1])"
    )
    live.does(
        "const list = document.getElementById('list'); document.getElementById('title').append(list.children[0]); [...list.children].reverse().forEach((it) => list.append(it))"
    )
    assert (
        seen(live, "document.querySelector('ul').textContent") == live.visitor.locator("#list").text_content()
    )
    assert seen(live, "document.querySelector('h1').textContent") == live.visitor.locator("h1").text_content()


def test_random_changes_leave_both_trees_equal(live: Pair) -> None:
    live.does(
        """() => {
          let seed = 7;
          const chance = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
          const main = document.getElementById('main');
          for (let i = 0; i < 600; i++) {
            const all = [...main.querySelectorAll('*')].filter((it) => !it.closest('svg, select, form, dialog, [data-balie-block], [contenteditable]'));
            const one = all[chance(all.length)], other = all[chance(all.length)];
            const step = chance(6);
            if (step === 0) other.append(document.createElement('b'));
            else if (step === 1 && !one.contains(other) && !one.id) other.append(one);
            else if (step === 2 && !one.id) one.remove();
            else if (step === 3) one.prepend(String(i));
            else if (step === 4) one.classList.toggle('on');
            else if (!one.id && one.parentNode) one.parentNode.insertBefore(one, one.parentNode.firstChild);
          }
        }"""
    )
    # The digest compares the copy with what the recorder believes; this compares it with the page.
    shape = "(() => { const walk = (it) => it.nodeType === 3 ? it.data : it.localName + '(' + [...it.childNodes].map(walk).join() + ')'; return walk(document.querySelector('ul')) + walk(document.querySelector('h1')) })()"
    assert seen(live, shape) == live.visitor.evaluate(shape)


def test_shadow_roots_frames_and_late_ones_are_seen(live: Pair) -> None:
    live.does(
        """() => {
          const make = (id, text) => { const root = document.getElementById(id).attachShadow({mode: 'open'});
            const p = document.createElement('p'); p.textContent = text; const slot = document.createElement('slot'); root.append(p, slot);
            const sheet = new CSSStyleSheet(); sheet.replaceSync('p{color:rgb(7,7,7)}'); root.adoptedStyleSheets = [sheet]; };
          make('late', 'In the shadow'); document.getElementById('late').append('light');
        }"""
    )
    assert seen(live, "document.querySelector('#late, x-late').shadowRoot.textContent") == "In the shadow"
    live.does("document.getElementById('title').textContent = 'again'")
    assert (
        seen(live, "getComputedStyle(document.querySelector('x-late').shadowRoot.querySelector('p')).color")
        == "rgb(7, 7, 7)"
    )
    inner = "document.querySelector('balie-frame').shadowRoot.querySelector('p').textContent"
    assert seen(live, inner) == "Inside"
    live.does("document.getElementById('frame').contentDocument.querySelector('p').append(' and out')")
    assert seen(live, inner) == "Inside and out"
    live.does(
        "new Promise((done) => { const it = document.getElementById('frame'); it.onload = () => done(); it.src = '/live-second'; })"
    )
    assert seen(live, inner) == "Second"


def test_figures_side_by_side_in_a_table_are_no_number_together(live: Pair) -> None:
    live.does(
        """() => {
          const table = document.createElement('table');
          for (let r = 0; r < 60; r++) for (let c = 0, row = table.insertRow(); c < 8; c++) row.insertCell().append(`${r * 31}.${c}`);
          document.body.append(table);
          const split = document.createElement('p');
          for (const part of ['4111', '1111', '1111', '1111']) split.appendChild(document.createElement('b')).append(part);
          document.body.append(split);
        }"""
    )
    assert seen(live, "document.querySelector('table').textContent") == live.visitor.evaluate(
        "document.querySelector('table').textContent"
    )
    assert seen(live, "document.body.lastElementChild.textContent") == "••••" * 4


def test_a_frame_has_the_borders_that_the_page_gives_it_and_scrolls(live: Pair) -> None:
    frame = "document.querySelector('balie-frame')"
    assert seen(live, f"getComputedStyle({frame}).borderTopStyle") == "inset"
    live.does("document.styleSheets[0].insertRule('main > iframe { border: 3px solid rgb(1, 1, 1) }')")
    assert seen(live, f"getComputedStyle({frame}).borderTop") == "3px solid rgb(1, 1, 1)"
    live.does("document.getElementById('frame').contentDocument.body.style.height = '2000px'")
    start = len(live.heard)
    live.visitor.evaluate("document.getElementById('frame').contentWindow.scrollTo(0, 300)")
    live.hears({"t": "told", "message": {"type": 4, "y": 300}}, start)
    assert seen(live, f"{frame}.scrollTop") == 300


def test_sheets_and_frames_that_left_are_no_work(live: Pair) -> None:
    """A style sheet of a frame that is gone has no rules any more, and so would look changed for ever."""
    live.does(
        """() => new Promise((done) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('#title{color:rgb(21,22,23)}');
          document.adoptedStyleSheets = [sheet];
          const style = document.createElement('style');
          style.id = 'gone';
          style.textContent = '#title{margin:3px}';
          document.head.append(style);
          const inner = document.getElementById('frame').contentDocument;
          const link = inner.createElement('link');
          link.rel = 'stylesheet';
          link.href = '/live.css';
          link.onload = () => done();
          inner.head.append(link);
        })"""
    )
    live.does(
        """() => {
          window.left = [document.adoptedStyleSheets[0], document.getElementById('gone').sheet];
          document.getElementById('frame').remove();
          document.getElementById('gone').remove();
          document.adoptedStyleSheets = [];
          window.left[0].insertRule('#title{color:rgb(1,1,1)}');
        }"""
    )
    live.told()
    assert live.visitor.evaluate("mirror.recorder.epoch.sheets.known.size") == 1
    before = live.visitor.evaluate("mirror.frames.length")
    live.told()
    assert live.visitor.evaluate("mirror.frames.length") == before


def test_a_page_in_the_background_goes_on_telling(live: Pair) -> None:
    live.visitor.evaluate("window.requestAnimationFrame = () => 0")
    live.does("document.getElementById('title').append(', still')")
    assert seen(live, "document.querySelector('h1').textContent") == "Live, still"


def test_style_sheets_follow_the_page(live: Pair) -> None:
    live.does("document.getElementById('title').className = 'later'")
    color = "getComputedStyle(document.querySelector('h1')).color"
    assert seen(live, color) == "rgb(4, 5, 6)"
    live.does(
        "document.styleSheets[0].insertRule('h1.later{color:rgb(11,12,13)}', document.styleSheets[0].cssRules.length)"
    )
    assert seen(live, color) == "rgb(11, 12, 13)"
    live.does("document.styleSheets[0].deleteRule(document.styleSheets[0].cssRules.length - 1)")
    assert seen(live, color) == "rgb(4, 5, 6)"
    live.does(
        "document.getElementById('title').className = 'unheard'; const s = new CSSStyleSheet(); s.replaceSync('.unheard{color:rgb(3,3,3)}'); document.adoptedStyleSheets = [s]"
    )
    live.does("document.getElementById('list').textContent = 'x'")
    assert seen(live, color) == "rgb(3, 3, 3)"


def test_fields_show_what_the_policy_shows_and_dots_for_the_rest(live: Pair) -> None:
    live.visitor.fill("#name", "Sanne")
    live.visitor.fill("#masked", "a long and secret text")
    live.visitor.fill("#pw", "hunter")
    live.visitor.select_option("#select", "2")
    live.visitor.check("#box")
    live.does("document.getElementById('title').textContent = 'typed'")
    assert seen(live, "[...document.querySelectorAll('input')].slice(0, 3).map((it) => it.value)") == [
        "Sanne",
        "••••",
        "••••",
    ]
    assert seen(live, "document.querySelector('select').selectedIndex") == 1
    assert seen(live, "document.querySelectorAll('input')[3].checked") is True
    assert b"secret text" not in live.wire()
    live.visitor.fill("#masked", "")
    live.visitor.fill("#name", "4111111111111111")
    live.does("document.getElementById('title').textContent = 'emptied'")
    assert seen(live, "[...document.querySelectorAll('input')].slice(0, 2).map((it) => it.value)") == [
        "••••",
        "",
    ]


def test_dialogs_popovers_scrolling_and_canvas_pictures_are_followed(live: Pair) -> None:
    live.does("document.getElementById('dialog').showModal()")
    assert seen(live, "document.querySelector('dialog').matches(':modal')") is True
    live.does("document.getElementById('dialog').close()")
    assert seen(live, "document.querySelector('dialog').open") is False
    live.does(
        "document.getElementById('pop').showPopover(); document.getElementById('title').textContent = 'pop'"
    )
    assert seen(live, "document.querySelector('[popover]').matches(':popover-open')") is True
    start = len(live.heard)
    live.visitor.evaluate("document.getElementById('scroller').scrollTop = 300")
    live.hears({"t": "told", "message": {"type": 4}}, start)
    assert seen(live, "document.querySelector('#scroller').scrollTop") == 300
    live.visitor.evaluate(
        "const c = document.getElementById('canvas').getContext('2d'); c.fillStyle = '#f00'; c.fillRect(0, 0, 20, 20)"
    )
    seen(
        live,
        """() => new Promise((done) => {
          const context = document.querySelector('canvas').getContext('2d');
          const look = () => (context.getImageData(5, 5, 1, 1).data[0] > 200 ? done() : requestAnimationFrame(look));
          look();
        })""",
    )


def test_a_lost_frame_is_sent_again_without_a_new_snapshot(live: Pair) -> None:
    live.visitor.evaluate("mirror.lose = 1; document.getElementById('title').textContent = 'lost'")
    live.told()
    live.does("document.getElementById('list').textContent = 'found'")
    assert seen(live, "document.querySelector('h1').textContent") == "lost"
    assert [it["what"] for it in live.heard if it["t"] == "notice"] == ["changing", "shown"]


def test_a_copy_that_differs_is_found_by_the_digest_and_told_anew(live: Pair) -> None:
    start = len(live.heard)
    live.copy.evaluate("document.querySelector('h1').firstChild.data = 'forged'")
    live.visitor.evaluate("document.getElementById('list').textContent = 'x'")
    live.told()
    live.hears({"t": "notice", "what": "diverged"}, start)
    live.hears({"t": "notice", "what": "shown"}, start)
    assert seen(live, "document.querySelector('h1').textContent") == "Live"


def test_a_next_page_is_a_new_epoch_and_a_route_is_not(live: Pair) -> None:
    start = len(live.heard)
    live.visitor.evaluate("history.pushState(null, '', '/live/step-two?x=1')")
    assert live.hears({"t": "told", "message": {"type": 7}}, start)["message"]["address"].endswith(
        "/live/step-two"
    )
    live.visitor.goto(live.site.origin + "/live-second")
    live.records(OPEN, epoch=2)
    live.hears({"t": "notice", "what": "shown", "epoch": 2}, start)
    assert seen(live, "document.querySelector('p').textContent") == "Second"


def test_nothing_is_told_while_paused_or_after_the_end_or_where_the_policy_says_never(live: Pair) -> None:
    live.visitor.evaluate("mirror.recorder.pause()")
    count = len(live.frames())
    live.visitor.evaluate("document.getElementById('title').textContent = 'unseen'")
    live.visitor.mouse.move(50, 50)
    live.told()
    assert len(live.frames()) == count
    live.visitor.evaluate("mirror.recorder.resume()")
    live.hears({"t": "notice", "what": "shown", "epoch": 2})
    live.visitor.evaluate("mirror.recorder.stop()")
    count = len(live.frames())
    live.visitor.evaluate(
        "document.getElementById('title').textContent = 'over'; mirror.recorder.resume(); mirror.recorder.resync()"
    )
    live.told()
    assert len(live.frames()) == count
    never = {**OPEN, "pages": [{"url": "/live", "mode": "never"}]}
    live.visitor.reload()
    live.records(never, epoch=3)
    live.told()
    assert [frame[12] for frame in live.frames()] == [11]


_REFUSALS = {
    "#pw": "protected_field",
    "#masked": "masked",
    "#submit": "reserved",
    "#pay": "reserved",
    "#kept": "reserved",
    "#blank": "leaves_page",
    "#mail": "leaves_page",
    "#off": "disabled",
}


def asks(pair: Pair, message: dict[str, Any]) -> str:
    start = len(pair.heard)
    pair.agent.evaluate("(it) => agent.say(it)", {"request": 1, "seen": 1_000_000, **message})
    return str(pair.hears({"t": "told", "message": {"type": 12}}, start)["message"]["outcome"])


def test_an_agent_acts_by_element_and_is_told_done_or_why_not(live: Pair) -> None:
    assert asks(live, {"type": 36, "id": live.id_of("h1")}) == "no_grant"
    live.visitor.evaluate("mirror.grants = {scroll: true, act: true}")
    numbers: dict[str, int] = live.visitor.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[id]')].map((it) => ['#' + it.id, mirror.recorder.epoch.tree.of(it)?.id ?? 0]))"
    )
    for selector, why in _REFUSALS.items():
        assert asks(live, {"type": 36, "id": numbers[selector]}) == why, selector
    assert asks(live, {"type": 36, "id": 0}) == "gone"
    assert asks(live, {"type": 37, "id": numbers["#editor"], "text": "x"}) == "editable"
    live.visitor.evaluate(
        "window.clicked = []; addEventListener('click', (it) => clicked.push(it.target.id))"
    )
    assert asks(live, {"type": 36, "id": numbers["#plain"]}) == "done"
    assert asks(live, {"type": 37, "id": numbers["#name"], "text": "Jan"}) == "done"
    assert asks(live, {"type": 37, "id": numbers["#name"], "text": "NL91ABNA0417164300"}) == "protected_field"
    assert asks(live, {"type": 38, "id": numbers["#select"], "index": 1}) == "done"
    assert asks(live, {"type": 38, "id": numbers["#select"], "index": 2}) == "no_such_option"
    assert live.visitor.evaluate(
        "[clicked, document.getElementById('name').value, document.getElementById('select').selectedIndex]"
    ) == [["plain"], "Jan", 1]
    live.visitor.evaluate("document.getElementById('plain').textContent = 'Something else'")
    live.told()
    assert asks(live, {"type": 36, "id": numbers["#plain"], "seen": 1}) == "changed"
    live.visitor.evaluate(
        "const d = document.createElement('div'); d.id = 'cover'; d.style.cssText = 'position:fixed;inset:0'; document.body.append(d)"
    )
    assert asks(live, {"type": 36, "id": numbers["#under"]}) == "covered"
    live.visitor.mouse.click(5, 5)
    assert asks(live, {"type": 36, "id": numbers["#under"]}) == "visitor_busy"


def test_the_agents_browser_asks_for_nothing_but_our_assets(live: Pair, site: MirrorSite) -> None:
    assert live.copy.evaluate("self.origin") == "null"
    other = site.origin.replace("127.0.0.1", "localhost") + "/forbidden/"
    live.copy.evaluate(
        """() => {
          const make = (tag, set) => { const it = document.createElement(tag); Object.entries(set).forEach(([k, v]) => { try { it.setAttribute(k, v); } catch {} }); document.body.append(it); };
          make('img', {src: '@OTHER@x.png'}); make('video', {src: '@OTHER@v', poster: '@OTHER@p'});
          make('iframe', {src: '@OTHER@f'}); make('object', {data: '@OTHER@o'}); make('embed', {src: '@OTHER@e'});
          make('link', {rel: 'stylesheet', href: '@OTHER@s'}); make('link', {rel: 'prefetch', href: '@OTHER@pf'});
          document.body.style.backgroundImage = 'url(@OTHER@b)'; }""".replace("@OTHER@", other)
    )
    assert live.copy.evaluate(f"fetch('{other}').then(() => 'came', () => 'refused')") == "refused"
    assert (
        live.copy.evaluate(
            "(() => { try { return localStorage.length } catch (error) { return error.name } })()"
        )
        == "SecurityError"
    )
    assert [it for it in site.asked if "/forbidden" in it] == []
    assert live.visitor.evaluate("mirror.violations") == []
