"""docs/protocol.md against the types the server itself uses, so that no client is built on an old example."""

import importlib
import json
import re
from typing import Any, get_args

import msgspec
import pytest
from doc_pages import ROOT, objects, session

from balie.channels.web import hello as visitors
from balie.console import hello as agents
from balie.desk import facts
from balie.edge import frames

for path in sorted((ROOT / "src/balie/features").glob("*/facts.py")):
    importlib.import_module(f"balie.features.{path.parent.name}.facts")

PAGE = ROOT / "docs/protocol.md"
ARROWS = {"→": "client", "←": "server"}
SIDES: dict[str, dict[str, Any]] = {"client": frames.CLIENT_FRAMES, "server": frames.SERVER_FRAMES}


def fits(value: Any, type_: Any) -> None:
    """``value`` decodes as ``type_``, and no key of it is one that the type does not know."""
    decoded = msgspec.json.decode(msgspec.json.encode(value), type=type_)
    known = json.loads(msgspec.json.encode(decoded))
    stale = keys(value) - keys(known)
    assert not stale, f"the type does not know {sorted(stale)}"


def keys(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path, *(key for name, child in value.items() for key in keys(child, f"{path}/{name}"))}
    if isinstance(value, list):
        return {path, *(key for child in value for key in keys(child, f"{path}/[]"))}
    return {path}


def check_fact(fact: dict[str, Any]) -> None:
    fits(fact, facts.Fact)
    check_body(fact["kind"], fact["body"])


def check_body(kind: str, body: Any) -> None:
    if kind == facts.HIDDEN:
        assert body == {}
    else:
        fits(body, facts.KINDS[kind].body)


def check_frame(frame: dict[str, Any], side: str) -> None:
    assert frame.keys() <= {"t", "d", "id"}
    fits(frame["d"], SIDES[side][frame["t"]])
    for fact in facts_inside(frame):
        check_fact(fact)


def facts_inside(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        if {"stream", "seq", "kind", "body"} <= value.keys():
            return [value]
        return [fact for child in value.values() for fact in facts_inside(child)]
    return [fact for child in value for fact in facts_inside(child)] if isinstance(value, list) else []


def frame_examples() -> list[tuple[str, dict[str, Any]]]:
    return [(block.headings[2].split()[-1], value) for value, block in objects(PAGE) if "t" in value]


def fact_examples() -> list[dict[str, Any]]:
    return [value for value, _ in objects(PAGE) if "kind" in value]


@pytest.mark.parametrize(
    ("side", "frame"), frame_examples(), ids=lambda v: v if isinstance(v, str) else v["t"]
)
def test_a_frame_on_the_page_decodes_with_the_real_type(side: str, frame: dict[str, Any]) -> None:
    check_frame(frame, side)


@pytest.mark.parametrize("example", fact_examples(), ids=lambda v: v["kind"])
def test_a_fact_on_the_page_decodes_with_the_real_body(example: dict[str, Any]) -> None:
    check_body(example["kind"], example["body"])


@pytest.mark.parametrize("side", SIDES)
def test_no_frame_is_left_out(side: str) -> None:
    shown = {frame["t"] for where, frame in frame_examples() if where == side}
    assert shown == set(SIDES[side])


@pytest.mark.parametrize(("side", "union"), [("client", frames.SignalSent), ("server", frames.SignalSeen)])
def test_no_signal_is_left_out(side: str, union: Any) -> None:
    shown = {f["d"]["kind"] for where, f in frame_examples() if where == side and f["t"] == "signal"}
    assert shown == {member.__struct_config__.tag for member in get_args(union)}


def test_the_look_on_the_page_is_a_look() -> None:
    (example,) = [value for value, _ in objects(PAGE) if value.get("id", "").startswith("lok_")]
    fits(example, facts.ALSO["Look"])
    assert example.keys() == {one.encode_name for one in msgspec.structs.fields(facts.ALSO["Look"])}


def test_the_recording_on_the_page_is_a_recording() -> None:
    (example,) = [value for value, _ in objects(PAGE) if "pieces" in value]
    fits(example, facts.ALSO["Recording"])
    assert example.keys() == {one.encode_name for one in msgspec.structs.fields(facts.ALSO["Recording"])}


def test_no_fact_is_left_out() -> None:
    assert {example["kind"] for example in fact_examples()} == {*facts.KINDS, facts.HIDDEN}


def test_every_close_code_and_limit_is_told() -> None:
    text = PAGE.read_text("utf-8")
    codes = {str(value) for name, value in vars(frames).items() if name.startswith("CLOSE_")}
    assert codes == set(re.findall(r"^\| ([14]\d{3}) \|", text, re.MULTILINE))
    assert f"{frames.TEXT_LIMIT:,} characters" in text
    assert f"{frames.FRAME_LIMIT:,} bytes" in text
    for limit in (visitors.RESUME_LIMIT, agents.RESUME_LIMIT):
        assert re.search(rf"{limit:,}\b.* for (a visitor|an agent|visitors|agents)", text)
    assert f"the last {visitors.SNAPSHOT_LOG} for visitors" in text
    budgets = re.findall(
        r"Budget\(burst=(\d+), per_s=(\d+)\)", (ROOT / "src/balie/app.py").read_text("utf-8")
    )
    assert budgets
    assert all(f"{burst} at once, {per_s} a second" in text for burst, per_s in budgets)


def test_every_refusal_of_a_message_is_told() -> None:
    source = (ROOT / "src/balie/desk/messages.py").read_text("utf-8")
    codes = set(re.findall(r'code="(\w+)"', source))
    assert codes
    assert not {code for code in codes if f"| `{code}` |" not in PAGE.read_text("utf-8")}


def test_the_session_on_the_page_is_made_of_real_frames() -> None:
    told = [(line.what, line.frame) for line in session(PAGE) if line.what in ARROWS]
    assert {frame["t"] for _, frame in told} >= {
        "hello",
        "welcome",
        "resync",
        "send",
        "ack",
        "refuse",
        "fact",
        "read",
    }
    for arrow, frame in told:
        check_frame(frame, ARROWS[arrow])
