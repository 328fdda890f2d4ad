"""Recorded dialogues: all shapes are read, and what is wrong is named with its line."""

import gzip
import json
from pathlib import Path

import pytest

from balie.replay import FileError, read

STAR = {"id": 7, "tasks": ["x"], "m": [["v", 0, "Hello"], ["a", 7.5, "Hi"]]}
PLAIN = {
    "id": "b",
    "messages": [{"from": "visitor", "at": 0, "text": "Dag"}, {"from": "agent", "at": 2, "text": "Hoi"}],
}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "talk.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_both_shapes_are_read(tmp_path: Path) -> None:
    star, plain = read(written(tmp_path, STAR, "", PLAIN))
    assert [(said.who, said.at, said.text) for said in star.said] == [
        ("visitor", 0, "Hello"),
        ("agent", 7.5, "Hi"),
    ]
    assert star.id == "7"
    assert [said.text for said in plain.said] == ["Dag", "Hoi"]


ABCD = {
    "convo_id": 3592,
    "scenario": {"personal": {"customer_name": "crystal minh"}},
    "original": [
        ["agent", "hello, how may i help you?"],
        ["customer", "hi, where is my order"],
        ["action", "Account has been pulled up."],
        ["agent", "let me see"],
    ],
}


@pytest.mark.parametrize("text", [json.dumps([ABCD, STAR]), json.dumps([ABCD, STAR], indent=1)])
def test_a_list_of_the_abcd_shape_is_read_at_the_pace_of_typing(tmp_path: Path, text: str) -> None:
    abcd, star = read(written(tmp_path, text))
    assert (abcd.id, star.id) == ("3592", "7")
    assert [(said.who, said.text) for said in abcd.said] == [
        ("visitor", "hi, where is my order"),
        ("agent", "hello, how may i help you?"),
        ("agent", "let me see"),
    ]
    assert [round(said.at, 1) for said in abcd.said] == [9.4, 9.4, 11.4]


def test_a_list_with_something_else_in_it_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="line 2: it has neither"):
        read(written(tmp_path, json.dumps([STAR, {}])))
    with pytest.raises(FileError, match="no JSON list"):
        read(written(tmp_path, "[{"))


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_bytes(gzip.compress(json.dumps(STAR).encode()))
    assert len(read(path)) == 1


def test_a_limit_reads_no_further(tmp_path: Path) -> None:
    assert len(read(written(tmp_path, STAR, "{broken"), limit=1)) == 1


def test_a_greeting_before_the_first_question_follows_it(tmp_path: Path) -> None:
    greeting = {"id": 1, "m": [["a", 0, "Welcome"], ["v", 4, "Hello"], ["a", 9, "Hi"]]}
    (dialogue,) = read(written(tmp_path, greeting))
    assert [(said.who, said.at) for said in dialogue.said] == [("visitor", 4), ("agent", 4), ("agent", 9)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "malformed"),
        ("[]", "Expected `object`"),
        ("{}", 'neither "m" nor "messages"'),
        ({"convo_id": 1, "original": [["robot", "x"]]}, "$.original[0][0]"),
        ({"m": [["v", 0, "x"]]}, "id"),
        ({"id": 1, "m": [["x", 0, "x"]]}, "$.m[0][0]"),
        ({"id": 1, "m": [["v", "soon", "x"]]}, "$.m[0][1]"),
        ({"id": 1, "m": [["v", -1, "x"]]}, "$.m[0][1]"),
        ({"id": 1, "m": [["v", 0]]}, "length 3"),
        ({"id": 1, "m": [["v", 5, "x"], ["a", 4, "y"]]}, "message 2 is earlier"),
        ({"id": 1, "m": [["v", 0, " \n"]]}, "message 1 has no text"),
        ({"id": 1, "m": [["v", 0, "x" * 8_001]]}, "longer than 8000"),
        ({"id": 1, "m": [["a", 0, "x"]]}, "the visitor says nothing"),
        ({"id": 1, "messages": []}, "the visitor says nothing"),
        (STAR, "stands on line 1 already"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, line: object, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        read(written(tmp_path, STAR, line))
    assert caught.value.line == 2
    assert reason in str(caught.value)


def test_damaged_gzip_a_missing_and_an_empty_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.gz"
    path.write_bytes(gzip.compress(json.dumps(STAR).encode() * 50)[:-20])
    with pytest.raises(FileError, match="gzip"):
        read(path)
    with pytest.raises(FileError, match="No such file"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(FileError, match="no dialogue"):
        read(written(tmp_path, ""))
