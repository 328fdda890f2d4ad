"""What the visitor masked never leaves the browser (invariant I8): a secret in every known place, and not one in any frame."""
# ruff: noqa: E501  the page's own lines are as long as they are

import pytest
from leak_mutants import MUTANTS
from leak_page import IMPORTED, INNER, LABELS, PAGE, PLACES, POLICY, SCRIPT, SPRITE, leaked
from mirror_pair import Pair, inflated
from mirror_site import MirrorSite
from playwright.sync_api import Browser

from balie.features.cobrowse.policy import START


@pytest.fixture(scope="session")
def leaky(site: MirrorSite) -> str:
    """Where the page with a secret in every place is."""
    site.pages |= {"/leaky": PAGE, "/leaky-inner": INNER}
    site.loose |= {"/leaky", "/leaky-inner", "/leaky.js"}
    site.extra |= {
        "/leaky.js": ("text/javascript", SCRIPT.encode()),
        "/imported.css": ("text/css", IMPORTED.encode()),
        "/leaky.svg": ("image/svg+xml", SPRITE.encode()),
    }
    return "/leaky"


def lives(pair: Pair, told: str) -> None:
    """All that happens on the page; ``told``: what resolves when it has been told."""
    pair.visitor.mouse.move(200, 200)
    pair.visitor.evaluate("change()")
    pair.visitor.evaluate(told)
    pair.visitor.evaluate("getSelection().selectAllChildren(document.getElementById('selection'))")
    pair.visitor.keyboard.type("kanarietoetsen")
    pair.visitor.evaluate(told)


def test_no_secret_of_any_place_is_in_any_frame(pair: Pair, leaky: str) -> None:
    pair.looks_along(leaky, POLICY, assets=False, agent=False)
    lives(pair, "mirror.told()")
    before = len(pair.wire())
    # One agent more, who is told all of it again.
    pair.visitor.evaluate("mirror.recorder.portray(7)")
    pair.told()
    wire = pair.wire()
    assert len(wire) > before * 3 // 2
    assert leaked(wire) == []
    assert b"kanarie" not in wire
    for shown in (b"Welkom", b"Zichtbaar", b"Schaduw", b"Binnen", b"kaart", b"Knop", b"M0 0h9v9z"):
        assert shown in wire, shown
    assert len(PLACES) > 120


PROFILES = {
    "as an inbox starts": {**START, "mask": POLICY["mask"], "block": POLICY["block"]},
    "regulated": {**POLICY, "elsewhere": "view-without-fields"},
    "texts masked": {**POLICY, "text": "mask"},
}


@pytest.mark.parametrize("profile", PROFILES)
def test_no_secret_leaves_under_any_profile(pair: Pair, leaky: str, profile: str) -> None:
    policy = PROFILES[profile]
    pair.looks_along(leaky, policy, assets=False, agent=False)
    lives(pair, "mirror.told()")
    shown = set(LABELS) if policy.get("labels") else set()
    assert sorted(set(leaked(pair.wire())) - shown) == []
    assert (b"Welkom" in pair.wire()) is (policy["text"] == "show")


@pytest.mark.parametrize("mode", ["pause", "never"])
def test_of_a_page_that_is_not_to_be_seen_nothing_leaves_before_during_or_after(
    pair: Pair, leaky: str, mode: str
) -> None:
    pair.looks_along(leaky, {**POLICY, "elsewhere": mode}, assets=False, agent=False)
    lives(pair, "mirror.told()")
    pair.visitor.evaluate("mirror.recorder.stop()")
    lives(pair, "mirror.told()")
    wire = pair.wire()
    assert wire
    assert b"kanarie" not in wire
    assert b"Welkom" not in wire


def test_nothing_leaves_after_the_stop(pair: Pair, leaky: str) -> None:
    pair.looks_along(leaky, POLICY, assets=False, agent=False)
    pair.visitor.evaluate("mirror.recorder.stop()")
    before = pair.frames()
    lives(pair, "mirror.told()")
    assert pair.frames() == before


@pytest.fixture(scope="session")
def told_when_broken(browser: Browser, site: MirrorSite, leaky: str) -> dict[str, bytes]:
    """What each of the recorders that are broken on purpose told of that page, side by side on it."""
    pair = Pair(browser, site)
    pair.visitor.goto(site.origin + leaky)
    pair.loads("visitor.js")
    pair.visitor.evaluate(
        "([names, policy]) => mirrors.start(names, policy)", [["recorder", *MUTANTS], POLICY]
    )
    lives(pair, "mirrors.told()")
    found = pair.visitor.evaluate("mirrors.base64()")
    pair.close()
    return {name: inflated(frames) for name, frames in found.items()}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_recorder_with_this_mask_broken_is_caught(told_when_broken: dict[str, bytes], name: str) -> None:
    assert MUTANTS[name].place in leaked(told_when_broken[name])


def test_beside_the_broken_ones_the_whole_one_still_holds(told_when_broken: dict[str, bytes]) -> None:
    assert leaked(told_when_broken["recorder"]) == []
