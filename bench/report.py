"""The tables of the first parts, and the gates of the design. Later parts print their own."""

from collections.abc import Sequence
from statistics import median

from bench.browser import Latency
from bench.inserts import Figures
from bench.memory import Idle
from bench.paper import gap, gate, remark, table
from bench.start import Starts
from bench.throughput import Load
from bench.weight import Weights

NAMES = {
    "balie": "Balie",
    "balie-postgres": "Balie on PostgreSQL",
    "balie-half": "Balie at half of that",
    "c": "C epoll + SQLite, same work",
    "relay": "bare relay on our sockets, no storage",
    "raw": "raw inserts",
    "unnest": "raw inserts, one array a column",
    "pipeline": "raw inserts, pipelined",
}


def throughput(conversations: int, runs: dict[str, list[Load]], raw: dict[str, list[Figures]]) -> None:
    """One table: medians of the runs, and each as a part of the C server or of the fastest raw inserts."""
    ours = next(name for name in runs if name in ("balie", "balie-postgres"))
    unit = "conversation" if conversations == 1 else "conversations"
    inserted = {name: median(f.per_second for f in figures) for name, figures in raw.items()}
    unsound = {name: sum(not load.sound for load in loads) for name, loads in runs.items()}
    limits = ({"of C": _median(runs["c"], "per_second")} if "c" in runs else {}) | {
        "of raw": inserted["pipeline" if "pipeline" in inserted else "raw"]
    }
    rows = [
        [
            NAMES[name],
            f"{_median(loads, 'per_second'):,.0f}",
            *(f"{_median(loads, 'per_second') / limit:.2f}" for limit in limits.values()),
            f"{_median(loads, 'p50_ms'):.2f} / {_median(loads, 'p99_ms'):.2f}",
            f"{_median(loads, 'ack_p50_ms'):.2f} / {_median(loads, 'ack_p99_ms'):.2f}",
            f"{_median(loads, 'cpu_ms_per_message'):.3f}",
            f"{_median(loads, 'server_busy'):.0%}",
            "none" if not unsound[name] else f"[red]in {unsound[name]} runs[/]",
        ]
        for name, loads in runs.items()
    ]
    rows += [
        [
            f"{NAMES[name]}, {figures[0].batch} a commit",
            f"{inserted[name]:,.0f}",
            *(f"{inserted[name] / limit:.2f}" for limit in limits.values()),
            "",
            f"{median(f.p50_ms for f in figures):.2f} / {median(f.p99_ms for f in figures):.2f}",
            f"{median(f.cpu_ms_per_message for f in figures):.3f}",
            "",
            "",
        ]
        for name, figures in raw.items()
    ]
    where = "PostgreSQL" if ours == "balie-postgres" else "SQLite"
    table(
        f"Durable messages, visitor → agent, {where}, {conversations} {unit}, 4 unacked each,"
        f" medians of {len(runs[ours])}",
        ["", "messages/s", *limits, "delivery p50 / p99 ms", "ack p50 / p99 ms", "CPU ms a message", "core busy",
         "lost, doubled, disordered"],
        rows,
    )  # fmt: skip
    at = f"{where}, {conversations} {unit}"
    got, cpu = _median(runs[ours], "per_second"), _median(runs[ours], "cpu_ms_per_message")
    share = got / limits["of raw"]
    gate(f"{at}: messages a second beside raw inserts", f"{share:.2f}", "≥ 0.5", share >= 0.5)
    if "c" in runs:
        share = got / limits["of C"]
        gate(f"{at}: messages a second beside the C server", f"{share:.2f}", "≥ 0.7", share >= 0.7)
    gate(f"{at}: CPU a message, database included", f"{cpu:.3f} ms", "≤ 0.1 ms", cpu <= 0.1)
    gap()


def memory(idle: dict[str, Idle]) -> None:
    rows = [
        [
            NAMES[name],
            f"{found.sockets:,}",
            f"{found.before_mb:.1f}",
            f"{found.after_mb:.1f}",
            f"{found.bytes_each:,.0f}",
        ]
        for name, found in idle.items()
    ]
    columns = ["", "sockets", "before MB", "after MB", "bytes each"]
    table("Memory of an idle visitor: session, ticket, hello, open socket", columns, rows)
    each = idle["balie"].bytes_each
    gate("memory of an idle visitor", f"{each / 1000:.1f} kB", "≤ 12 kB", each <= 12_000)
    gap()


def browser(latency: Latency) -> None:
    remark(
        f"Browser to browser, Enter → painted, {latency.samples} samples: p50 {latency.p50_ms:.1f} ms,"
        f" p95 {latency.p95_ms:.1f} ms (in the page, before the frame: {latency.shown_p50_ms:.1f} /"
        f" {latency.shown_p95_ms:.1f})"
    )
    gate("browser to browser p50", f"{latency.p50_ms:.1f} ms", "≤ 12 ms", latency.p50_ms <= 12)
    gate("browser to browser p95", f"{latency.p95_ms:.1f} ms", "≤ 25 ms", latency.p95_ms <= 25)
    gap()


def start(starts: Starts) -> None:
    remark(f"bin/demo → first page: first start {starts.first_s:.1f} s, second {starts.second_s:.1f} s")
    gate("first page on a warm machine", f"{starts.first_s:.1f} s", "≤ 120 s", starts.first_s <= 120)
    gap()


def weight(weights: Weights) -> None:
    gate("widget before any click, gzip", f"{weights.loader:,} bytes", "≤ 4,096", weights.loader <= 4_096)
    gate("widget opened, gzip", f"{weights.panel:,} bytes", "≤ 46,080", weights.panel <= 46_080)
    remark(f"question whether an agent may look along, gzip: {weights.look:,} bytes")
    gate("recorder, gzip", f"{weights.mirror:,} bytes", "≤ 12,288", weights.mirror <= 12_288)
    gap()


def _median(loads: Sequence[Load], field: str) -> float:
    return median(float(getattr(load, field)) for load in loads)
