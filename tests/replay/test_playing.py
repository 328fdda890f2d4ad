"""The replay against a running desk: it counts what really arrived, through cuts too."""

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from wire_cutter import WireCutter

import cast
from balie.replay import run
from running import Running

DIALOGUES = [
    ["v Hallo, mijn jaarnota klopt niet.", "a Goedemiddag! Wat is er mis?", "v 300 euro te veel.", "v Kijkt u even?",
     "a Ik kijk mee.", "a De meterstand was geschat.", "v Dank u wel!"],
    ["v Can I move my contract?", "v I leave on 1 May.", "v To Zwolle.", "v Number 12.", "v And my name is Kim.",
     "a Yes, I moved it.", "v \u201cGreat\u201d \U0001f389", "a Bye"],
    ["v Ik kan niet inloggen", "a Ik stuur u een nieuwe link.", "v Gelukt"],
    ["v Storing in de straat", "a Er komt een monteur.", "v Wanneer?", "a Om drie uur.", "v Fijn"],
]  # fmt: skip
MESSAGES = sum(map(len, DIALOGUES))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    sides = {"v": "visitor", "a": "agent"}
    lines = [
        json.dumps(
            {
                "id": number,
                "messages": [
                    {"from": sides[line[0]], "at": 20 * i, "text": line[2:]}
                    for i, line in enumerate(dialogue)
                ],
            }
        )
        for number, dialogue in enumerate(DIALOGUES)
    ]
    path = tmp_path / "day.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def cut_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, WireCutter]]:
    """A desk behind a wire that is cut seven times, which is where browsers reach it."""
    running = Running(tmp_path_factory.mktemp("cut_desk"))
    with WireCutter(running.port, cuts=7, after=2_500) as wire:
        running.settings = msgspec.structs.replace(running.settings, public_url=wire.url)
        running.start()
        yield running, wire
        running.stop()


def played(desk: Running, file: Path, *, url: str = "", **more: object) -> tuple[int, dict[str, str]]:
    """The exit code and the rows of the table."""
    screen = io.StringIO()
    code = run(
        file,
        url=url or desk.origin,
        agent=desk.cast.stroom.email("sanne"),
        password=cast.PASSWORD,
        console=Console(file=screen, width=120),
        **{"speed": "max", **more},  # type: ignore[arg-type]
    )
    cells = [[cell.strip() for cell in line.split("│")] for line in screen.getvalue().splitlines()]
    rows = {row[1]: row[2] for row in cells if len(row) > 2}
    rows["screen"] = screen.getvalue()
    return code, rows


def texts(desk: Running) -> list[list[str]]:
    """What is stored, by conversation."""
    rows = desk.read(
        lambda tx: tx.all(
            "select stream, json_extract(body, '$.text') from fact where kind = 'message_added' order by stream, seq"
        )
    )
    logs: dict[str, list[str]] = {}
    for stream, text in rows:
        logs.setdefault(stream, []).append(text)
    return sorted(logs.values())


def test_everything_arrives_once_and_in_order(own_desk: Running, recording: Path) -> None:
    code, rows = played(own_desk, recording)
    assert code == 0, rows["screen"]
    assert rows["messages sent"] == f"{MESSAGES} of {MESSAGES}"
    assert rows["acked"] == rows["received by the other side"] == rows["in order"] == str(MESSAGES)
    assert rows["lost"] == rows["doubled"] == rows["out of order"] == rows["reconnects"] == "0"
    assert texts(own_desk) == sorted([line[2:] for line in dialogue] for dialogue in DIALOGUES)


def test_the_agent_takes_and_closes_every_conversation(own_desk: Running, recording: Path) -> None:
    assert played(own_desk, recording)[0] == 0
    rows = own_desk.read(lambda tx: tx.all("select status, assignee from conversation"))
    sanne = own_desk.cast.stroom.agents["sanne"].id
    assert [tuple(row) for row in rows] == [("closed", sanne)] * len(DIALOGUES)


def test_cut_sockets_cost_no_message(cut_desk: tuple[Running, WireCutter], recording: Path) -> None:
    desk, wire = cut_desk
    code, rows = played(desk, recording, url=wire.url)
    assert code == 0, rows["screen"]
    assert wire.cut == 7
    assert int(rows["reconnects"]) > 0
    assert texts(desk) == sorted([line[2:] for line in dialogue] for dialogue in DIALOGUES)


def test_the_recorded_clock_can_be_compressed(desk: Running, recording: Path) -> None:
    code, rows = played(desk, recording, speed="400", limit=1)
    assert code == 0, rows["screen"]
    assert float(rows["duration"].split()[0]) >= 20 * (len(DIALOGUES[0]) - 1) / 400


def test_a_wrong_password_is_told_and_nothing_is_played(desk: Running, recording: Path) -> None:
    screen = io.StringIO()
    code = run(
        recording,
        url=desk.origin,
        agent=desk.cast.stroom.email("daan"),
        password="not-the-password",
        console=Console(file=screen, width=120),
    )
    assert code == 2
    assert "password" in screen.getvalue().lower()


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "inf", "nan"])
def test_a_speed_that_makes_no_sense_is_refused(desk: Running, recording: Path, speed: str) -> None:
    assert played(desk, recording, speed=speed)[0] == 2


def test_a_desk_that_is_not_there_is_told(recording: Path) -> None:
    screen = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    code = run(
        recording,
        url=f"http://127.0.0.1:{port}",
        agent="a@b.example",
        password="x",
        console=Console(file=screen, width=120),
    )
    assert code == 2
    assert "cannot be reached" in screen.getvalue()
