"""``bin/chaos``: every fault, as often as asked, with a table at the end. docs/reliability.md tells what came of it."""

import argparse
import asyncio
import json
import math
import random
import sys
from pathlib import Path

import catalogue
import scenario
import soak
from process_faults import PowerCut
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
from scenario import Scenario, Tally

out = Console(width=150 if not sys.stdout.isatty() else None, highlight=False)
COLUMNS = ("cycles", "sent", "acked", "stored", "shown", "resent", "lost", "doubled", "disordered", "other")
TIMES = ("p50_s", "p95_s", "max_s")


def main() -> int:
    options = _options()
    if options.markdown:
        print(markdown(options.results))
        return 0
    seed = random.randrange(1 << 32) if options.seed is None else options.seed
    out.print(f"seed {seed}")
    if options.soak:
        return soak.run(options.soak, seed, options.engine or "sqlite", out, options.results)
    if options.mutants:
        return _mutants(seed)
    wanted = [
        one for one in catalogue.SCENARIOS
        if one.name in (options.scenarios or catalogue.NAMES) and options.engine in ("", one.engine)
    ]  # fmt: skip
    tallies = []
    bar = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bar, TimeRemainingColumn(), console=out, disable=not sys.stdout.isatty()) as progress:
        for kind in wanted:
            tallies.append(_run(kind, options, seed, progress))
    out.print(table(tallies))
    for tally in tallies:
        for word in tally.violations[:10]:
            out.print(f"[red]✗[/] {tally.scenario}: {word}")
    return int(any(tally.violations for tally in tallies))


def table(tallies: list[Tally]) -> Table:
    found = Table()
    found.add_column("scenario")
    for name in (*COLUMNS, "p50 s", "p95 s", "max s"):
        found.add_column(name, justify="right")
    for tally in tallies:
        figures = [f"{getattr(tally, name):,}" for name in COLUMNS]
        times = [f"{tally.recovery(part):.2f}" for part in (0.5, 0.95, 1.0)]
        style = "red" if tally.violations else ""
        found.add_row(f"{tally.scenario} ({tally.engine})", *figures, *times, style=style)
    return found


def _run(kind: type[Scenario], options: argparse.Namespace, seed: int, progress: Progress) -> Tally:
    cycles = options.cycles or (kind.short if options.short else kind.long)
    bar = progress.add_task(kind.name, total=cycles)
    within_s = soak.seconds(options.within) if options.within else math.inf
    played = asyncio.run(
        scenario.play(kind(), cycles, seed, lambda: progress.advance(bar), within_s=within_s)
    )
    with options.results.open("a") as file:
        file.write(json.dumps(played.line()) + "\n")
    return played


def markdown(results: Path) -> str:
    """The table of docs/reliability.md from all lines of a results file; runs of one scenario are added up."""
    sums: dict[tuple[str, str], dict[str, float]] = {}
    for line in results.read_text().splitlines():
        run = json.loads(line)
        if "cycles" not in run:
            continue
        total = sums.setdefault((run["scenario"], run["engine"]), dict.fromkeys((*COLUMNS, *TIMES), 0))
        for name in COLUMNS:
            total[name] += run[name]
        for name in TIMES:
            total[name] = max(total[name], run[name])
    heads = ["scenario", "engine", *COLUMNS, *(name.replace("_", " ") for name in TIMES)]
    lines = [heads, ["---", "---", *["---:"] * (len(heads) - 2)]]
    lines += [[*key, *(f"{figure:,.10g}" for figure in total.values())] for key, total in sums.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mutants(seed: int) -> int:
    """Every deliberate bug must be found; the exit code."""
    missed = 0
    for kind, mutant, name in catalogue.MUTANTS:
        guilty = kind(mutant) if mutant else PowerCut(lies=True)
        guilty.per_world = 5
        names = asyncio.run(scenario.play(guilty, 40, seed, until_broken=name)).names
        missed += name not in names
        broke = ", ".join(f"{one} {count}" for one, count in sorted(names.items()))
        mark = "[green]✓[/]" if name in names else "[red]✗[/]"
        out.print(f"{mark} {mutant or 'a disk that lies'} ({guilty.engine}) must break {name}; broke {broke}")
    out.print(f"{len(catalogue.MUTANTS) - missed} of {len(catalogue.MUTANTS)} deliberate bugs found")
    return int(bool(missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"{', '.join(catalogue.NAMES)}; all when left out"
    )
    parser.add_argument(
        "--cycles", type=int, default=0, help="strikes of each; its own long number when left out"
    )
    parser.add_argument("--within", metavar="TIME", help="no new cycle of a scenario after this, such as 5m")
    parser.add_argument("--short", action="store_true", help="the short form, as bin/test runs it")
    parser.add_argument("--mutants", action="store_true", help="show that deliberate bugs are found")
    parser.add_argument("--markdown", action="store_true", help="print the results file as a table, and end")
    parser.add_argument(
        "--engine", choices=("sqlite", "postgres"), default="", help="only the scenarios of one engine"
    )
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run")
    parser.add_argument(
        "--soak", metavar="DURATION", help="load and random faults for so long (90s, 10m, 2h)"
    )
    parser.add_argument(
        "--results", type=Path, default=Path("chaos.jsonl"), help="where a line for each is added"
    )
    options = parser.parse_args()
    unknown = set(options.scenarios) - set(catalogue.NAMES)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
