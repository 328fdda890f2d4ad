"""The agent's copy is the page: tree for tree by digest, and dot for dot where a picture can tell."""
# ruff: noqa: E501  the page's own lines are as long as they are

import base64

import pytest
from mirror_pair import OPEN, Pair

_COMPARE = """async ([one, other]) => {
  const read = async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [a, b] = [await read(one), await read(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let differing = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const far = Math.max(Math.abs(a.data[i] - b.data[i]), Math.abs(a.data[i + 1] - b.data[i + 1]), Math.abs(a.data[i + 2] - b.data[i + 2]));
    if (far > 24) differing += 1;
  }
  return differing / (a.width * a.height);
}"""


def differing(pair: Pair) -> float:
    """The share of dots that differ between the visitor's window and the agent's copy of it."""
    shots = [
        pair.visitor.screenshot(animations="disabled", caret="hide"),
        pair.agent.locator("iframe").screenshot(animations="disabled", caret="hide"),
    ]
    blank = pair.context.new_page()
    share: float = blank.evaluate(_COMPARE, [base64.b64encode(it).decode() for it in shots])
    blank.close()
    return share


DEMO = ["index", "jaarnota", "meterstanden", "inloggen", "storing"]


@pytest.mark.parametrize("name", DEMO)
def test_a_page_of_the_demo_site_looks_the_same_at_the_agents_side(pair: Pair, name: str) -> None:
    pair.looks_along(f"/demo/nl/{name}", OPEN)
    pair.does("document.activeElement?.blur()")
    share = differing(pair)
    assert share < 0.01
