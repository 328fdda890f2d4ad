"""``python -m bench [PART …] [--quick]``: all parts when none is named. Prints figures and gates; always ends with 0,
unless something that is needed is missing."""

import argparse
import os
import subprocess
import sys

import msgspec

from bench import browser, inserts, machine, memory, report, servers, start, throughput, weight

PARTS = ("messages", "memory", "browser", "start", "bytes")


def main() -> int:
    options = _options()
    machine.shield = options.shield
    report.out.print(
        f"{machine.describe()}; server on core {machine.SERVER_CORE}, generator on {machine.LOAD_CORE}"
    )
    load = os.getloadavg()[0]
    if load > 0.5 and not options.shield:
        report.out.print(
            f"[yellow]The machine is busy (load {load:.1f}): figures are too low. See --shield.[/]"
        )
    report.out.print()
    try:
        for part in options.parts or PARTS:
            _run(part, options)
    except machine.MissingError as error:
        report.out.print(f"[red]{error}[/]")
        return 2
    return 0


def _run(part: str, options: argparse.Namespace) -> None:
    quick: bool = options.quick
    if part in ("messages", "memory"):
        machine.build_c()
    if part == "messages":
        for conversations in options.conversations:
            _messages(conversations, options.runs or (1 if quick else 5), 2.0 if quick else 5.0)
    elif part == "memory":
        sockets = options.sockets or (1_000 if quick else 5_000)
        report.memory({name: memory.measure(sockets, name) for name in ("balie", "relay", "c")})
    elif part == "browser":
        report.browser(browser.measure(100 if quick else 200))
    elif part == "start":
        report.start(start.measure())
    else:
        report.weight(weight.measure())


def _messages(conversations: int, runs: int, seconds: float) -> None:
    """The servers take turns, so that a slower moment of the machine hits all of them."""
    loads: dict[str, list[throughput.Load]] = {"balie": [], "c": [], "relay": []}
    raw: list[inserts.Figures] = []
    for _ in range(runs):
        for name, found in loads.items():
            found.append(throughput.measure(name, conversations, seconds))
        raw.append(_raw(conversations, seconds))
    report.throughput(conversations, loads, raw)


def _raw(conversations: int, seconds: float) -> inserts.Figures:
    with servers.office_folder() as folder:
        command = [sys.executable, "-m", "bench.inserts", folder / "balie.db", conversations, seconds]
        done = subprocess.run(
            machine.pinned(machine.SERVER_CORE, [str(part) for part in command]),
            env={**os.environ, "PYTHONPATH": servers.PYTHONPATH},
            cwd=machine.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    return msgspec.json.decode(done.stdout, type=inserts.Figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Balie beside the raw limit, in one run.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="one short run of everything")
    parser.add_argument("--runs", type=int, default=0, help="runs behind each median (5)")
    parser.add_argument("--conversations", type=int, nargs="+", default=[1, 50, 500], metavar="N")
    parser.add_argument("--sockets", type=int, default=0, help="idle visitors to open (5000)")
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
