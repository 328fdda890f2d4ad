"""The browser's types say what the Python types say."""

import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from balie.desk import facts
from balie.desk.model import Actor
from balie.edge import frames, typescript

ROOT = Path(__file__).parents[2]


def test_the_committed_types_are_those_of_today() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "bin" / "protocol", "--check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stderr


def test_every_frame_and_every_kind_of_fact_is_there() -> None:
    text = typescript.render()
    for t in frames.CLIENT_FRAMES | frames.SERVER_FRAMES:
        assert f"| {{ t: '{t}'; d: " in text
    for kind, known in facts.KINDS.items():
        assert f"  {kind}: {known.body.__name__};" in text
    assert "  hidden: Record<string, never>;" in text


def test_keys_are_camel_case_and_defaults_may_be_left_out_by_clients_only() -> None:
    text = typescript.render()
    assert "  sentAt?: number | null;" in _interface(text, "Send")
    assert "  sentAt: number | null;" in _interface(text, "MessageAdded")
    assert "  mismatch: boolean;" in _interface(text, "Ack")
    assert "  allowedOrigins: readonly string[];" in _interface(text, "Inbox")


def test_tagged_signals_are_told_apart_by_kind() -> None:
    text = typescript.render()
    assert "  kind: 'typing';" in _interface(text, "TypingSeen")
    assert "export type SignalSent = TypingSent | PageSent | StatusSent;" in text


def test_named_literals_keep_their_name_and_order() -> None:
    text = typescript.render()
    assert "export type Role = 'admin' | 'supervisor' | 'agent';" in text
    assert "  role: Role;" in _interface(text, "Agent")


def test_docstrings_become_comments() -> None:
    text = typescript.render()
    assert "/** Who did it. `name` is the public name at that moment. */\nexport interface Actor {" in text
    assert "/** When the visitor's oldest unanswered message came; none while nobody waits. */" in text


def test_constants_are_those_of_the_wire() -> None:
    text = typescript.render()
    assert f"export const TEXT_LIMIT = {frames.TEXT_LIMIT};" in text
    assert f"export const CLOSE_TOO_MANY = {frames.CLOSE_TOO_MANY};" in text
    assert "  cnv: 'conversation'," in text


def test_a_type_without_translation_is_refused_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange(frames.Data):
        when: bytes

    monkeypatch.setitem(frames.SERVER_FRAMES, "strange", Strange)
    with pytest.raises(TypeError, match="no TypeScript"):
        typescript.render()


def test_a_new_frame_needs_no_change_here(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fresh(frames.Data):
        """Comments cannot be closed from a docstring: */ stays inside."""

        some_list: list[int | None]
        by_name: dict[str, Literal["a", "b"]]
        raw: Any = None

    monkeypatch.setitem(frames.SERVER_FRAMES, "fresh", Fresh)
    text = typescript.render()
    assert "  | { t: 'fresh'; d: Fresh; id?: string }" in text
    body = _interface(text, "Fresh")
    assert "  someList: readonly (number | null)[];" in body
    assert "  byName: Record<string, 'a' | 'b'>;" in body
    assert text.count("*/") == text.count("/**")


def _interface(text: str, name: str) -> str:
    start = text.index(f"export interface {name} {{")
    return text[start : text.index("\n}", start)]


def test_the_fact_on_the_wire_has_the_fields_of_its_interface() -> None:
    fact = facts.Fact(
        pos=0,
        stream="cnv_1",
        seq=1,
        at=1,
        kind="hidden",
        actor=Actor(kind="system", id="", name=""),
        body=msgspec.Raw(b"{}"),
    )
    head = _interface(typescript.render(), "FactHead")
    for key in msgspec.json.decode(msgspec.json.encode(fact)):
        assert key in ("kind", "body") or f"  {key}: " in head
