"""``python -m bench [PART …] [--quick]``: all parts when none is named. Prints figures and gates; always ends with 0,
unless something that is needed is missing."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    browser,
    fanout,
    growth,
    machine,
    memory,
    messages,
    mirror,
    paper,
    peer,
    report,
    sockets,
    start,
    weight,
)

PARTS = (
    "messages",
    "memory",
    "sockets",
    "fanout",
    "growth",
    "mirror",
    "cobrowse",
    "fidelity",
    "peer",
    "browser",
    "start",
    "bytes",
)


def main() -> int:
    options = _options()
    machine.shield = options.shield
    load = os.getloadavg()[0]
    described = (
        f"{machine.describe()}; server on core {machine.SERVER_CORE}, generator on {machine.LOAD_CORE};"
        f" load at the start {load:.1f}{', shielded' if options.shield else ''}"
    )
    paper.out.print(described)
    if load > 0.5 and not options.shield:
        paper.out.print(
            f"[yellow]The machine is busy (load {load:.1f}): figures are too low. See --shield.[/]"
        )
    paper.out.print()
    try:
        for part in options.parts or PARTS:
            _run(part, options)
    except machine.MissingError as error:
        paper.out.print(f"[red]{error}[/]")
        return 2
    finally:
        if options.write:
            paper.write(options.write, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {described}.")
    return 0


def _run(part: str, options: argparse.Namespace) -> None:
    quick: bool = options.quick
    if part in ("messages", "memory", "sockets", "fanout", "peer"):
        machine.build_c()
    runs = options.runs or (1 if quick else 5)
    if part == "messages":
        for engine in options.engine:
            for conversations in options.conversations:
                messages.measure(engine, conversations, runs, 2.0 if quick else 5.0)
    elif part == "memory":
        count = options.sockets or (1_000 if quick else 5_000)
        report.memory({name: memory.measure(count, name) for name in ("balie", "relay", "c")})
    elif part == "sockets":
        for engine in options.engine:
            sockets.measure(engine, options.sockets or 10_000, 1 if quick else min(runs, 3), 20.0)
    elif part == "fanout" or part == "fanout":
        fanout.measure(runs, 3.0 if quick else 10.0)
        if "postgres" in options.engine:
            fanout.measure_nodes(runs, 3.0 if quick else 10.0)
    elif part == "peer":
        for engine in options.engine:
            peer.measure(engine, runs, 3.0 if quick else 10.0)
    elif part == "growth":
        for engine in options.engine:
            growth.measure(engine, options.rows or (1_000_000 if quick else 10_000_000), runs)
    elif part == "mirror":
        mirror.measure(runs, 3.0 if quick else 10.0)
    elif part == "cobrowse":
        from bench import (
            cobrowse,
            cobrowse_live,
        )  # its pages and rules are the tests', which nothing else here needs

        cobrowse.measure(runs, quick=quick)
        cobrowse_live.measure(quick=quick)
    elif part == "fidelity":
        from bench import fidelity  # likewise

        fidelity.measure(options.pictures)
    elif part == "browser":
        report.browser(browser.measure(100 if quick else 200))
    elif part == "start":
        report.start(start.measure())
    else:
        report.weight(weight.measure())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Balie beside the raw limit, in one run.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="one short run of everything")
    parser.add_argument("--runs", type=int, default=0, help="runs behind each median (5)")
    parser.add_argument("--conversations", type=int, nargs="+", default=[1, 50, 500, 2_000], metavar="N")
    parser.add_argument(
        "--engine", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"], metavar="ENGINE",
        help="sqlite, postgres; both when left out",
    )  # fmt: skip
    parser.add_argument("--rows", type=int, default=0, help="messages in the large database (10 million)")
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="fidelity: where pictures of the worst pages go"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the results as markdown")
    parser.add_argument(
        "--sockets", type=int, default=0, help="idle visitors to open (memory 5000, sockets 10000)"
    )
    parser.add_argument(
        "--shield",
        action="store_true",
        help="real-time priority for servers and generator, when the machine cannot be made quiet (root)",
    )
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
