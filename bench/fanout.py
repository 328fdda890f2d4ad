"""One message to a thousand watching consoles: encoded how often, how long until the last one has it, what it costs.
And what a message costs when two nodes share the work."""

import tempfile
from pathlib import Path
from statistics import median

import msgspec

from bench import machine, office, servers
from bench.paper import gap, gate, table
from bench.throughput import Load, drive

WATCHERS = 1_000
RATE = 10.0
CONVERSATIONS = 50
NODES_RATE = 400.0


class Watched(msgspec.Struct, frozen=True):
    load: Load
    encoded_each: float


def measure(runs: int, seconds: float) -> None:
    machine.allow_files(4 * WATCHERS)
    seen = [_watched(seconds) for _ in range(runs)]
    plain = [_relayed(seconds) for _ in range(runs)]
    rows = [_row("Balie", [one.load for one in seen]), _row("bare relay on our sockets, no storage", plain)]
    table(
        f"One message to {WATCHERS:,} consoles, {RATE:.0f} messages a second, medians of {runs}",
        [
            "",
            "last watcher p50 / p99 ms",
            "any watcher p50 ms",
            "CPU ms a message",
            "CPU µs a watcher",
        ],
        rows,
    )
    encoded = median(one.encoded_each for one in seen)
    gate("encodings of one message for all its watchers", f"{encoded:.2f}", "1", encoded == 1)
    gap()


def measure_nodes(runs: int, seconds: float) -> None:
    """One node with all visitors and both consoles; two with half of them each, at the same load over both, and at
    twice that load."""
    found: dict[str, list[Load]] = {
        "one node": [],
        "two nodes, same load over both": [],
        "two nodes, same load on each": [],
    }
    for _ in range(runs):
        for name, count, times in zip(found, (1, 2, 2), (1, 1, 2), strict=True):
            with servers.nodes(count) as nodes:
                plan = _plan(nodes * (2 // count), CONVERSATIONS * times)
                pids = [node.pid for node in nodes]
                found[name].append(drive(nodes[0].port, pids, plan, seconds, 1.0, NODES_RATE * times))
    costs = {name: median(load.cpu_ms_per_message for load in loads) for name, loads in found.items()}
    one = costs["one node"]
    table(
        f"Two nodes with PostgreSQL and Redis, two consoles, {NODES_RATE:.0f} messages a second, medians of {runs}",
        [
            "",
            "messages/s",
            "delivery p50 / p99 ms",
            "nodes' CPU ms a message",
            "beside one",
            "lost, doubled, disordered",
        ],
        [
            [
                name,
                f"{median(load.per_second for load in loads):,.0f}",
                f"{median(load.p50_ms for load in loads):.1f} / {median(load.p99_ms for load in loads):.1f}",
                f"{costs[name]:.3f}",
                f"{costs[name] / one:.2f} ×",
                "none" if all(load.sound for load in loads) else "some",
            ]
            for name, loads in found.items()
        ],
    )
    for name in list(found)[1:]:
        gate(
            f"CPU a message, {name}, beside one",
            f"{costs[name] / one:.2f} ×",
            "≤ 1.15 ×",
            costs[name] <= 1.15 * one,
        )
    gap()


def _watched(seconds: float) -> Watched:
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / "counted"
        with servers.serving("balie", counted=counted) as running:
            desk = office.Desk(running.port)
            plan = [*desk.agents(WATCHERS), *desk.visitors(1)]
            load = drive(running.port, [running.pid], plan, seconds, 1.0, RATE)
        # The opening of the conversation is a fact too: one encoding for agents and two for its visitor.
        return Watched(load, (int.from_bytes(counted.read_bytes()) - 3) / load.sent)


def _relayed(seconds: float) -> Load:
    with servers.serving("relay") as running:
        plan = [*running.plan(1)[:1] * WATCHERS, *running.visitors(1)]
        return drive(running.port, [running.pid], plan, seconds, 1.0, RATE)


def _plan(places: list[servers.Running], conversations: int) -> list[str]:
    lines = []
    for node in places:
        desk = office.Desk(node.port)
        here = [desk.agent(), *desk.visitors(conversations // len(places))]
        lines += [f"{line} {node.port}" for line in here]
    return lines


def _row(name: str, loads: list[Load]) -> list[str]:
    cpu = median(load.cpu_ms_per_message for load in loads)
    last = (
        f"{median(load.last_p50_ms for load in loads):.1f} / {median(load.last_p99_ms for load in loads):.1f}"
    )
    return [
        name,
        last,
        f"{median(load.p50_ms for load in loads):.1f}",
        f"{cpu:.2f}",
        f"{cpu / WATCHERS * 1000:.1f}",
    ]
