"""The tables, and the gates of the design with ✓ or ✗."""

from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.browser import Latency
from bench.inserts import Figures
from bench.memory import Idle
from bench.start import Starts
from bench.throughput import Load
from bench.weight import Weights

out = Console(width=132, highlight=False)

EJABBERD_PER_S = 900
"""Messages a second of ejabberd with its archive on a machine like the one the design was measured on."""

NAMES = {
    "balie": "Balie",
    "c": "C epoll + SQLite, same work",
    "relay": "bare relay on our sockets, no storage",
}


def gate(name: str, value: str, limit: str, passed: bool) -> None:
    mark = "[green]✓[/]" if passed else "[red]✗[/]"
    out.print(f"{mark} {name}: {value} (gate {limit})")


def throughput(conversations: int, runs: dict[str, list[Load]], raw: Sequence[Figures]) -> None:
    """One table: medians of the runs, and each server as a part of the C one."""
    unit = "conversation" if conversations == 1 else "conversations"
    table = Table(
        title=f"Durable messages, visitor → agent, {conversations} {unit}, 4 unacked each, medians of {len(raw)}",
        title_justify="left",
    )
    table.add_column()
    for name in (
        "messages/s",
        "of C",
        "p50 ms",
        "p99 ms",
        "CPU ms a message",
        "core busy",
        "lost, doubled, disordered",
    ):
        table.add_column(name, justify="right")
    limit = _median(runs["c"], "per_second")
    for name, loads in runs.items():
        unsound = sum(load.lost + load.doubled + load.out_of_order for load in loads)
        table.add_row(
            NAMES[name],
            f"{_median(loads, 'per_second'):,.0f}",
            f"{_median(loads, 'per_second') / limit:.2f}",
            f"{_median(loads, 'p50_ms'):.2f}",
            f"{_median(loads, 'p99_ms'):.2f}",
            f"{_median(loads, 'cpu_ms_per_message'):.3f}",
            f"{_median(loads, 'server_busy'):.0%}",
            "none" if all(load.sound for load in loads) else f"[red]{unsound}[/]",
        )
    per_second = median(figures.per_second for figures in raw)
    table.add_row(
        f"raw inserts, {raw[0].batch} a commit",
        f"{per_second:,.0f}",
        f"{per_second / limit:.2f}",
        f"{median(f.p50_ms for f in raw):.2f}",
        f"{median(f.p99_ms for f in raw):.2f}",
        f"{median(f.cpu_ms_per_message for f in raw):.3f}",
        "",
        "",
    )
    out.print(table)
    ours = _median(runs["balie"], "per_second")
    cpu = _median(runs["balie"], "cpu_ms_per_message")
    gate("messages a second beside the C server", f"{ours / limit:.2f}", "≥ 0.70", ours >= 0.7 * limit)
    gate("CPU a message", f"{cpu:.3f} ms", "≤ 0.1 ms", cpu <= 0.1)
    if conversations > 1:
        ratio = ours / EJABBERD_PER_S
        gate("beside ejabberd's figure, which was taken elsewhere", f"{ratio:.1f} ×", "≥ 15 ×", ratio >= 15)
    out.print()


def memory(idle: dict[str, Idle]) -> None:
    table = Table(
        title="Memory of an idle visitor: session, ticket, hello, open socket", title_justify="left"
    )
    for name in ("", "sockets", "before MB", "after MB", "bytes each"):
        table.add_column(name, justify="right" if name else "left")
    for name, found in idle.items():
        table.add_row(
            NAMES[name],
            f"{found.sockets:,}",
            f"{found.before_mb:.1f}",
            f"{found.after_mb:.1f}",
            f"{found.bytes_each:,.0f}",
        )
    out.print(table)
    each = idle["balie"].bytes_each
    gate("memory of an idle visitor", f"{each / 1000:.1f} kB", "≤ 12 kB", each <= 12_000)
    out.print()


def browser(latency: Latency) -> None:
    out.print(
        f"Browser to browser, Enter → painted, {latency.samples} samples: p50 {latency.p50_ms:.1f} ms,"
        f" p95 {latency.p95_ms:.1f} ms (in the page, before the frame: {latency.shown_p50_ms:.1f} /"
        f" {latency.shown_p95_ms:.1f})"
    )
    gate("browser to browser p50", f"{latency.p50_ms:.1f} ms", "≤ 12 ms", latency.p50_ms <= 12)
    gate("browser to browser p95", f"{latency.p95_ms:.1f} ms", "≤ 25 ms", latency.p95_ms <= 25)
    out.print()


def start(starts: Starts) -> None:
    out.print(f"bin/demo → first page: first start {starts.first_s:.1f} s, second {starts.second_s:.1f} s")
    gate("first page on a warm machine", f"{starts.first_s:.1f} s", "≤ 120 s", starts.first_s <= 120)
    out.print()


def weight(weights: Weights) -> None:
    gate("widget before any click, gzip", f"{weights.loader:,} bytes", "≤ 4,096", weights.loader <= 4_096)
    gate("widget opened, gzip", f"{weights.panel:,} bytes", "≤ 46,080", weights.panel <= 46_080)
    out.print()


def _median(loads: Sequence[Load], field: str) -> float:
    return median(float(getattr(load, field)) for load in loads)
