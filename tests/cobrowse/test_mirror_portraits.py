"""A watcher who comes late, or lost the thread, is told the page alone: the others notice nothing, and all copies are one."""
# ruff: noqa: E501  the page's own lines are as long as they are

from typing import Any

import pytest
from mirror_pair import Pair
from playwright.sync_api import Page

LATE = 7
_LIFE = """() => {
  const by = (id) => document.getElementById(id);
  for (const it of 'abcdefgh') { const li = document.createElement('li'); li.textContent = it; by('list').append(li); }
  by('list').children[2].remove(); by('list').prepend(by('list').lastChild); by('title').append(' and well');
  by('name').value = 'Jansen'; by('select').selectedIndex = 1; by('box').checked = true; by('masked').value = 'x';
  const p = document.createElement('p'); p.className = 'on'; p.textContent = 'Late'; by('late').attachShadow({mode: 'open'}).append(p);
  document.styleSheets[0].insertRule('h1 { color: rgb(5, 5, 5) }'); document.styleSheets[0].deleteRule(2);
  const sheet = new CSSStyleSheet(); sheet.replaceSync('p { margin: 3px }'); document.adoptedStyleSheets = [sheet];
  by('dialog').show(); by('scroller').scrollTop = 120; by('frame').contentDocument.body.append('more');
}"""
_LOOK = """() => {
  const trees = [];
  // A canvas' picture comes when the canvas is looked at next.
  const plain = (element) => element.outerHTML.replace(/<canvas[^>]*>/, '<canvas>');
  const look = (root) => {
    trees.push([...root.adoptedStyleSheets].map((it) => [...it.cssRules].map((rule) => rule.cssText).join(' ')), plain(root.documentElement ?? root.host));
    if (!root.documentElement) trees.push(root.innerHTML);
    for (const it of root.querySelectorAll('*')) {
      if (it.shadowRoot) look(it.shadowRoot);
      if (it.matches('input,select')) trees.push(`${it.value} ${it.checked}`);
      if (it.matches('dialog')) trees.push(it.open);
    }
  };
  look(document);
  return trees;
}"""


class Late:
    """One more agent's window."""

    def __init__(self, pair: Pair, number: int = LATE) -> None:
        self.page: Page = pair.context.new_page()
        self.page.goto(pair.site.origin + "/console")
        self.page.wait_for_function("window.agent !== undefined")
        self.page.evaluate("(it) => { agent.number = it; }", number)
        self.page.evaluate("(it) => agent.begin(it, false)", f"{pair.site.origin}/")

    def hears(self, wanted: dict[str, Any], start: int = 0) -> Any:
        return self.page.evaluate("([wanted, from]) => agent.hears(wanted, from)", [wanted, start])

    def heard(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("agent.heard")
        return found

    def sees(self) -> Any:
        return next(it for it in self.page.frames if "/viewer" in it.url).evaluate(_LOOK)


@pytest.fixture
def late(live: Pair) -> Late:
    live.does(_LIFE)
    return Late(live)


def notices(heard: list[dict[str, Any]]) -> list[str]:
    return [it["what"] for it in heard if it["t"] == "notice"]


def test_who_comes_late_sees_what_the_others_see_and_goes_on_with_them(live: Pair, late: Late) -> None:
    live.visitor.evaluate(f"mirror.recorder.portray({LATE})")
    late.hears({"t": "notice", "what": "shown", "epoch": 1})
    late.hears({"t": "told", "message": {"type": 7}})
    assert late.sees() == live.copy.evaluate(_LOOK)
    live.does("document.getElementById('list').append(document.getElementById('list').firstChild, 'and on')")
    live.does(
        "document.getElementById('title').className = 'on'; document.styleSheets[0].insertRule('b{color:red}')"
    )
    late.hears({"t": "told", "message": {"type": 9}})
    assert late.sees() == live.copy.evaluate(_LOOK)
    assert notices(late.heard()) == ["changing", "shown"]
    # The one who was there was told no second picture.
    assert notices(live.heard) == ["changing", "shown"]


def test_late_comers_mean_the_same_nodes(live: Pair, late: Late) -> None:
    live.visitor.evaluate(f"mirror.recorder.portray({LATE})")
    late.hears({"t": "notice", "what": "shown"})
    known = live.id_of("h1")
    late.page.frames[-1].evaluate(
        "() => document.querySelector('h1').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    assert late.hears({"t": "picked"})["id"] == known


def test_a_page_that_changes_while_it_is_told_to_one_is_the_same_to_all(live: Pair, late: Late) -> None:
    live.does(
        "for (let i = 0; i < 6000; i++) { const p = document.createElement('p'); p.append(`Regel ${i}`, document.createElement('b')); document.body.append(p); }"
    )
    live.visitor.evaluate(
        """(late) => {
          mirror.recorder.portray(late);
          let turns = 0;
          return new Promise((done) => {
            const turn = () => {
              document.body.lastElementChild.append(' ' + turns);
              document.body.insertBefore(document.body.lastElementChild, document.body.children[5 + turns]);
              document.querySelectorAll('p')[turns * 7].remove();
              if (++turns < 12) setTimeout(turn, 3); else done();
            };
            turn();
          });
        }""",
        LATE,
    )
    live.does("document.body.append('the end')")
    late.hears({"t": "notice", "what": "shown"})
    late.hears({"t": "told", "message": {"type": 9}})
    assert late.sees() == live.copy.evaluate(_LOOK)
    assert notices(late.heard()) == notices(live.heard) == ["changing", "shown"]


def test_who_lost_a_part_of_it_asks_and_gets_another(live: Pair, late: Late) -> None:
    # The strings' table, behind the beginning, the address.
    live.visitor.evaluate(
        """(late) => {
          const { outlet } = mirror.recorder, send = outlet.send;
          outlet.send = (frame) => { if ((frame[3] & 32) && frame[11] === 3) { outlet.send = send; return; } send(frame); };
          mirror.recorder.portray(late);
        }""",
        LATE,
    )
    late.hears({"t": "notice", "what": "shown"})
    assert late.sees() == live.copy.evaluate(_LOOK)
    assert notices(late.heard()) == ["changing", "changing", "shown"]
    assert notices(live.heard) == ["changing", "shown"]


def test_a_copy_that_went_wrong_is_told_anew_to_this_one_alone(live: Pair, late: Late) -> None:
    live.visitor.evaluate(f"mirror.recorder.portray({LATE})")
    late.hears({"t": "notice", "what": "shown"})
    late.page.frames[-1].evaluate("() => { document.querySelector('h1').firstChild.data = 'forged'; }")
    start = len(late.heard())
    live.does("document.getElementById('list').append('x')")
    late.hears({"t": "notice", "what": "diverged"}, start)
    late.hears({"t": "notice", "what": "shown"}, start)
    assert late.sees() == live.copy.evaluate(_LOOK)
    assert notices(live.heard) == ["changing", "shown"]


def test_who_asks_without_end_gets_no_more_than_one_a_second(live: Pair, late: Late) -> None:
    told = live.visitor.evaluate(
        """async (late) => {
          const before = mirror.frames.length;
          for (let i = 0; i < 50; i++) mirror.recorder.portray(late);
          await new Promise((done) => setTimeout(done, 400));
          return mirror.frames.slice(before).filter((it) => (it[3] & 32) && (it[3] & 4)).length;
        }""",
        LATE,
    )
    assert told == 1
