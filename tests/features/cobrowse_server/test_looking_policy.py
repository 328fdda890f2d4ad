"""The looking policy of an inbox: what is accepted, how it is versioned, and that its hash is the recorder's."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from look_people import asking_guest, good, invited, refused, viewing, visitor_ticket

from balie.features.cobrowse import policy
from running import Running

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "web" / "cobrowse" / "src" / "rules" / "policy.ts"
FULL: dict[str, Any] = {
    "version": 1,
    "pages": [
        {"url": "https://*.example.nl/mijn/**", "mode": "view-without-fields"},
        {"mode": "never", "url": "/betalen/*"},
    ],
    "elsewhere": "pause",
    "text": "show",
    "labels": True,
    "cssContent": True,
    "title": False,
    "mask": ['[data-x="é\\"ß"]', ".naam > b:not(.x)"],
    "show": ["#zoek"],
    "block": ["iframe[src*='kaart']", "😀"],
    "canvas": [],
    "noControl": ["button.bestel"],
    "recording": "ask",
    "recordingDays": 7,
}
POLICIES = [policy.START, FULL, {"version": 1}]


def test_the_hash_is_the_one_that_the_recorder_computes() -> None:
    checked = [policy.checked("normal", one) for one in POLICIES]
    script = (
        f"import {{ parsePolicy, policyHash }} from {json.dumps(RULES.as_uri())};"
        "const all = JSON.parse(process.argv[1]);"
        "console.log(JSON.stringify(await Promise.all(all.map((it) => policyHash(parsePolicy(it))))));"
    )
    run = subprocess.run(
        ["node", "--no-warnings", "--input-type=module", "-e", script, json.dumps(POLICIES)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert json.loads(run.stdout) == [policy.digest(one) for one in checked]
    assert len(set(json.loads(run.stdout))) == 3


def test_the_first_policy_never_changes() -> None:
    """Visitors agreed under this hash."""
    assert policy.digest(policy.START) == policy.digest(policy.checked("normal", policy.START))
    assert policy.digest(policy.START) == "9bde3d4437ddc0264838ef8f7947bc63640a96379f5c7255951a51f5af93ffc1"


def put(desk: Running, name: str = "sanne", **body: Any) -> Any:
    inbox = desk.cast.stroom.site.id
    return desk.agent(desk.cast.stroom, name).put(f"/v1/inboxes/{inbox}/looking-policy", json=body)


def test_each_change_is_a_version_that_stays(own_desk: Running) -> None:
    path = f"/v1/inboxes/{own_desk.cast.stroom.site.id}/looking-policy"
    sanne, fatima = (own_desk.agent(own_desk.cast.stroom, name) for name in ("sanne", "fatima"))
    assert good(fatima.get(path))["version"] == 0
    first = good(put(own_desk, version=0, profile="open", policy=FULL))
    assert (first["version"], first["agent"]["name"]) == (1, "Sanne")
    assert good(put(own_desk, version=1, profile="open", policy=FULL)) == first
    assert refused(put(own_desk, version=0, profile="open", policy={"version": 1})) == (
        409,
        "edited_meanwhile",
    )
    second = good(put(own_desk, version=1, profile="normal", policy={"version": 1}))
    assert [one["version"] for one in good(sanne.get(f"{path}/versions"))["items"]] == [2, 1, 0]
    assert good(fatima.get(path)) == second
    assert refused(fatima.get(f"{path}/versions")) == (403, "not_allowed")
    assert refused(put(own_desk, "daan", version=2, profile="open", policy=FULL)) == (403, "not_allowed")


def test_a_visitor_stays_under_the_policy_that_was_agreed_to(own_desk: Running) -> None:
    guest, _, look = viewing(own_desk)
    good(put(own_desk, version=0, profile="open", policy=FULL))
    ticket = visitor_ticket(guest, look)
    assert (ticket["policyVersion"], ticket["policy"]) == (
        0,
        policy.for_the_page(policy.START),
    )
    told = good(guest.http.get("/v1/visitor/looking-policy"))
    assert (told["version"], told["policy"]["elsewhere"]) == (1, "pause")


def test_who_agrees_agrees_to_the_policy_of_that_moment(own_desk: Running) -> None:
    guest = asking_guest(own_desk)
    look = invited(own_desk.agent(own_desk.cast.stroom, "sanne"), guest)
    changed = good(put(own_desk, version=0, profile="open", policy=FULL))
    after = guest.accepts(look)
    assert (after["policyVersion"], after["policyHash"]) == (1, changed["hash"])


def test_under_the_regulated_profile_agents_look_only(own_desk: Running) -> None:
    strict = {"version": 1, "text": "show", "elsewhere": "view-without-fields"}
    good(put(own_desk, version=0, profile="regulated", policy=strict))
    _, sanne, look = viewing(own_desk)
    for kind in ("scroll", "act"):
        answer = sanne.post(f"/v1/looks/{look}/control", json={"kind": kind})
        assert refused(answer) == (403, "control_not_allowed")


FLAWS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("normal", {}, ["version"]),
    ("normal", {"version": 2}, ["version"]),
    ("normal", {"version": True}, ["version"]),
    ("normal", {"version": 1, "masks": []}, ["masks"]),
    ("normal", {"version": 1, "text": "all", "elsewhere": 3}, ["text", "elsewhere"]),
    ("normal", {"version": 1, "labels": "yes"}, ["labels"]),
    ("normal", {"version": 1, "mask": "p"}, ["mask"]),
    ("normal", {"version": 1, "mask": ["p", "", 3, "[x", "p{}", "'", "a)", "x" * 501]},
     [f"mask/{n}" for n in range(1, 8)]),
    ("normal", {"version": 1, "block": ["a"] * 201}, ["block"]),
    ("normal", {"version": 1, "pages": [{"url": "/x", "mode": "view"}, 3, {"url": "", "mode": "look", "x": 1}]},
     ["pages/1", "pages/2/x", "pages/2/url", "pages/2/mode"]),
    ("regulated", {"version": 1}, ["elsewhere"]),
    ("regulated", {"version": 1, "elsewhere": "pause", "show": ["p"], "canvas": ["c"],
                   "pages": [{"url": "/x", "mode": "view"}]}, ["show", "canvas", "pages/0/mode"]),
    ("regulated", {"version": 1, "elsewhere": "pause", "recording": "ask"}, ["recording"]),
    ("normal", {"version": 1, "recording": "on", "recordingDays": 0}, ["recording", "recordingDays"]),
    ("normal", {"version": 1, "recordingDays": 366}, ["recordingDays"]),
    ("normal", {"version": 1, "recordingDays": True}, ["recordingDays"]),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "given", "wrong"), FLAWS)
def test_every_key_that_is_wrong_is_named(
    desk: Running, profile: str, given: dict[str, Any], wrong: list[str]
) -> None:
    answer = put(desk, version=0, profile=profile, policy=given)
    assert refused(answer) == (400, "policy_invalid")
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/policy/{path}" for path in wrong]
