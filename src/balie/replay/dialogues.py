"""Recorded dialogues from a file. Three shapes, one dialogue a line or all in one JSON list, plain or gzipped:

``{"id": 17, "m": [["v", 0, "Hello"], ["a", 7, "Hi"]]}`` (STAR; v visitor, a agent, seconds since the start);
``{"id": "17", "messages": [{"from": "visitor", "at": 0, "text": "Hello"}, …]}``;
``{"convo_id": 17, "original": [["agent", "Hi"], ["customer", "Hello"], ["action", "…"]]}`` (ABCD, which tells no times:
everybody types TYPED_PER_S characters a second; what the agent did in other systems is left out).

Other members are ignored. Times must not run backwards. What an agent said before the visitor's first
message is played right after it, since it is the visitor who opens a conversation here.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from balie.lib.text import clean

TEXT_LIMIT = 8_000
TYPED_PER_S = 5

Who = Literal["visitor", "agent"]


class FileError(Exception):
    """The file cannot be played. ``line`` counts from 1; 0 means the file as a whole."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"{path.name}, line {line}: {reason}" if line else f"{path.name}: {reason}")


class Said(msgspec.Struct, frozen=True):
    """One message: ``at`` seconds after the start of its dialogue."""

    who: Who
    at: float
    text: str


class Dialogue(msgspec.Struct, frozen=True):
    id: str
    said: list[Said]


def read(path: Path, limit: int | None = None) -> list[Dialogue]:
    """The dialogues of a file, in its order, at most ``limit``. Raises FileError at the first thing wrong."""
    dialogues: list[Dialogue] = []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        dialogue = _dialogue(path, number, line)
        if dialogue.id in seen:
            raise FileError(
                path, number, f"dialogue {dialogue.id} stands on line {seen[dialogue.id]} already"
            )
        seen[dialogue.id] = number
        dialogues.append(dialogue)
        if limit is not None and len(dialogues) >= limit:
            break
    if not dialogues:
        raise FileError(path, 0, "there is no dialogue in it")
    return dialogues


_Seconds = Annotated[float, msgspec.Meta(ge=0)]


class _Short(msgspec.Struct):
    id: int | str
    m: list[tuple[Literal["v", "a"], _Seconds, str]]


class _LongSaid(msgspec.Struct, rename={"who": "from"}):
    who: Who
    at: _Seconds
    text: str


class _Long(msgspec.Struct):
    id: int | str
    messages: list[_LongSaid]


class _Abcd(msgspec.Struct):
    convo_id: int | str
    original: list[tuple[Literal["agent", "customer", "action"], str]]


class _Shape(msgspec.Struct):
    m: msgspec.Raw = msgspec.Raw(b"")
    messages: msgspec.Raw = msgspec.Raw(b"")
    original: msgspec.Raw = msgspec.Raw(b"")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The dialogues of a file as JSON, each with its line, or its place in the list."""
    lines = _raw_lines(path)
    first = next(lines, None)
    if first is None:
        return
    if not first[1].lstrip().startswith(b"["):
        yield first
        yield from lines
        return
    try:
        listed = msgspec.json.decode(first[1] + b"".join(line for _, line in lines), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileError(path, 0, f"it is no JSON list of dialogues: {error}") from error
    yield from enumerate(map(bytes, listed), 1)


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            for number, line in enumerate(gzip.GzipFile(fileobj=raw) if packed else raw, 1):
                if line.strip():
                    yield number, line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileError(path, number + 1, f"the gzip data is damaged ({error})") from error
    except OSError as error:
        raise FileError(path, 0, error.strerror or str(error)) from error


def _dialogue(path: Path, number: int, line: bytes) -> Dialogue:
    try:
        shape = msgspec.json.decode(line, type=_Shape)
        if shape.m:
            short = msgspec.json.decode(line, type=_Short)
            id, said = (
                short.id,
                [Said("visitor" if w == "v" else "agent", at, text) for w, at, text in short.m],
            )
        elif shape.messages:
            long = msgspec.json.decode(line, type=_Long)
            id, said = long.id, [Said(s.who, s.at, s.text) for s in long.messages]
        elif shape.original:
            abcd = msgspec.json.decode(line, type=_Abcd)
            id, said = abcd.convo_id, _typed(abcd.original)
        else:
            raise FileError(path, number, 'it has neither "m" nor "messages" nor "original"')
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileError(path, number, str(error)) from error
    return Dialogue(str(id), _in_order(path, number, said))


def _typed(original: list[tuple[Literal["agent", "customer", "action"], str]]) -> list[Said]:
    """What was said, at the pace of typing."""
    said, at = [], 0.0
    for who, text in original:
        if who != "action":
            at += len(text) / TYPED_PER_S
            said.append(Said("agent" if who == "agent" else "visitor", at, text))
    return said


def _in_order(path: Path, number: int, said: list[Said]) -> list[Said]:
    before = 0.0
    for index, message in enumerate(said, 1):
        if message.at < before:
            raise FileError(path, number, f"message {index} is earlier than the one before it")
        if not clean(message.text):
            raise FileError(path, number, f"message {index} has no text")
        if len(message.text) > TEXT_LIMIT:
            raise FileError(path, number, f"message {index} is longer than {TEXT_LIMIT} characters")
        before = message.at
    opening = next((index for index, message in enumerate(said) if message.who == "visitor"), None)
    if opening is None:
        raise FileError(path, number, "the visitor says nothing")
    first = said[opening]
    greetings = [Said("agent", first.at, message.text) for message in said[:opening]]
    return [first, *greetings, *said[opening + 1 :]]
