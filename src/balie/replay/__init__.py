"""``balie replay``: plays recorded dialogues through the public sockets and counts what arrived.

A pure client: it knows the wire and nothing of the server. ``run`` is the command.
"""

import asyncio
import time
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from balie.replay.dialogues import Dialogue, FileError, read
from balie.replay.ledger import Script, Tally
from balie.replay.stage import Plan, play
from balie.replay.web import DeskError

__all__ = ["DeskError", "Dialogue", "FileError", "Plan", "Tally", "play", "read", "run"]

_FAILURES_SHOWN = 10


def run(
    file: Path,
    *,
    agent: str,
    password: str,
    url: str = "http://127.0.0.1:8080",
    speed: str = "60",
    concurrency: int = 50,
    inbox: str = "",
    origin: str = "",
    limit: int | None = None,
    keep_open: bool = False,
    console: Console | None = None,
) -> int:
    """Play ``file`` against the desk at ``url``. ``speed``: how many times as fast as recorded, or ``max``
    for as fast as the answers come. Without ``inbox`` and ``origin`` the desk's first inbox and its first
    allowed site are used. The exit code: 0 when everything arrived once and in order, 1 when not, 2 when it
    could not be played."""
    console = console or Console()
    try:
        factor = None if speed == "max" else float(speed)
    except ValueError:
        factor = 0.0
    if factor is not None and not 0 < factor < float("inf"):
        console.print(f"[red]speed is a number above 0 or max, not {speed}[/]", highlight=False)
        return 2
    plan = Plan(
        url=url,
        speed=factor,
        concurrency=max(1, concurrency),
        inbox=inbox,
        origin=origin,
        agent=agent,
        password=password,
        keep_open=keep_open,
    )
    try:
        dialogues = read(file, limit)
        started = time.monotonic()
        tally, failed = _play(dialogues, plan, console)
    except (FileError, DeskError) as error:
        console.print(f"[red]{type(error).__name__.removesuffix('Error')} error:[/] {error}", highlight=False)
        return 2
    console.print(_table(tally, plan, time.monotonic() - started))
    for script in failed[:_FAILURES_SHOWN]:
        console.print(f"[red]dialogue {script.id}:[/] {script.failure}", highlight=False)
    if len(failed) > _FAILURES_SHOWN:
        console.print(f"… and {len(failed) - _FAILURES_SHOWN} more")
    return 0 if tally.clean else 1


def _play(dialogues: list[Dialogue], plan: Plan, console: Console) -> tuple[Tally, list[Script]]:
    messages = sum(len(dialogue.said) for dialogue in dialogues)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"dialogues, {{task.fields[received]}} of {messages} messages"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Playing", total=len(dialogues), received=0)

        def on_progress(tally: Tally) -> None:
            progress.update(bar, completed=tally.dialogues, received=tally.received)

        return asyncio.run(play(dialogues, plan, on_progress))


def _table(tally: Tally, plan: Plan, seconds: float) -> Table:
    pace = "as fast as the answers come" if plan.speed is None else f"{plan.speed:g} × the recorded clock"
    table = Table(
        title=f"{tally.dialogues} dialogues, {plan.concurrency} at once, {pace}",
        title_justify="left",
        show_header=False,
    )
    table.add_column()
    table.add_column(justify="right")
    bad = "[red]" if not tally.clean else ""
    for name, value in (
        ("dialogues played to the end", f"{tally.finished} of {tally.dialogues}"),
        ("messages sent", f"{tally.sent} of {tally.messages}"),
        ("acked", str(tally.acked)),
        ("received by the other side", str(tally.received)),
        ("in order", str(tally.in_order)),
        ("doubled", str(tally.doubled)),
        ("lost", str(tally.lost)),
        ("out of order", str(tally.out_of_order)),
        ("altered", str(tally.altered)),
        ("refused", str(tally.refused)),
        ("reconnects", str(tally.reconnects)),
        ("sent again after a reconnect", str(tally.resent)),
        (
            "delivery time p50 / p95 / p99",
            " / ".join(f"{tally.percentile_ms(p):.1f}" for p in (0.5, 0.95, 0.99)) + " ms",
        ),
        ("duration", f"{seconds:.1f} s, {tally.received / seconds:.0f} messages/s"),
    ):
        table.add_row(name, value)
    table.add_row(
        "result",
        "[green]everything once, in order[/]"
        if tally.clean
        else f"{bad}not everything arrived once and in order[/]",
    )
    return table
