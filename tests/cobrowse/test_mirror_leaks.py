"""What the visitor masked never leaves the browser (invariant I8): a secret in every known place, and not one in any frame."""
# ruff: noqa: E501  the page's own lines are as long as they are

import pytest
from leak_mutants import MUTANTS
from leak_page import IMPORTED, INNER, PAGE, PLACES, POLICY, SCRIPT, leaked
from mirror_pair import Pair
from mirror_site import MirrorSite


@pytest.fixture
def leaky(site: MirrorSite) -> None:
    site.pages |= {"/leaky": PAGE, "/leaky-inner": INNER}
    site.loose |= {"/leaky", "/leaky-inner", "/leaky.js"}
    site.extra |= {
        "/leaky.js": ("text/javascript", SCRIPT.encode()),
        "/imported.css": ("text/css", IMPORTED.encode()),
    }


def tells_everything(pair: Pair, recorder: str = "recorder") -> bytes:
    """Everything the page tells, at first and after its changes."""
    pair.looks_along("/leaky", POLICY, assets=False, recorder=recorder, agent=False)
    pair.visitor.mouse.move(200, 200)
    pair.visitor.evaluate("change()")
    pair.told()
    pair.visitor.evaluate("getSelection().selectAllChildren(document.getElementById('selection'))")
    pair.visitor.keyboard.type("kanarietoetsen")
    pair.told()
    return pair.wire()


@pytest.mark.usefixtures("leaky")
def test_no_secret_of_any_place_is_in_any_frame(pair: Pair) -> None:
    wire = tells_everything(pair)
    assert leaked(wire) == []
    assert b"kanarie" not in wire
    for shown in (b"Welkom", b"Zichtbaar", b"Schaduw", b"Binnen", b"kaart", b"Knop"):
        assert shown in wire, shown
    assert len(PLACES) > 120


@pytest.mark.usefixtures("leaky")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_recorder_with_this_mask_broken_is_caught(pair: Pair, name: str) -> None:
    assert MUTANTS[name].place in leaked(tells_everything(pair, name))
