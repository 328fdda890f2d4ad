"""Keeping, on the command line: verify, backup, restore, epoch.

Whatever changes the schema is imported where it is used: ``serve`` knows these commands too, and must not wait.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from balie import app as house
from balie.engine.ports import DamagedError, SchemaError, UnavailableError
from balie.engine.whole import whole
from balie.keep import backup as backups
from balie.keep import verify as checks
from balie.keep.archive import Archive, ArchiveError, Manifest
from balie.settings import SettingsError, read_settings

out = Console()
SHOWN = 50
"""Lines of damage printed; the rest is counted."""


def add_to(cli: typer.Typer) -> None:
    """Make these commands part of ``cli``."""
    for command in (verify, backup, restore, epoch):
        cli.command()(command)


def verify(
    conversation: Annotated[
        list[str] | None, typer.Argument(help="Only these conversations, by number or id.")
    ] = None,
    organisation: Annotated[str, typer.Option(help="Only this one's, by name or id.")] = "",
    since: Annotated[
        str,
        typer.Option(help="Only conversations in which something happened since: 2026-11-22, or 36h, or 7d."),
    ] = "",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that check; by itself all cores.")
    ] = None,
) -> None:
    """Check every fact that is stored against the hash chain of its conversation. Runs beside a busy desk."""
    wanted = checks.Wanted(
        conversations=conversation or (), organisation=organisation, since=_moment(since) if since else None
    )
    try:
        with _bar("facts") as told:
            settings = read_settings()
            report = checks.verify(settings.database, wanted, told, jobs, blobs=house.create_blobs(settings))
    except DamagedError as error:
        _say(f"[red]✗[/] The engine cannot read its own files: {error}. Restore a back-up.")
        raise typer.Exit(1) from None
    for damage in report.damage[:SHOWN]:
        _say(f"[red]✗[/] {damage}")
    if len(report.damage) > SHOWN:
        _say(f"[red]✗[/] … and {len(report.damage) - SHOWN} more.")
    for word in report.own_check[:SHOWN]:
        _say(f"[red]✗[/] {report.own_check_named}: {word}")
    for word in report.flaws[:SHOWN]:
        _say(f"[red]✗[/] The file {word}.")
    if len(report.flaws) > SHOWN:
        _say(f"[red]✗[/] … and {len(report.flaws) - SHOWN} more files.")
    erased = f", {report.erased:,} of them erased" if report.erased else ""
    files = f", and {report.files:,} files" if report.files else ""
    _say(f"Checked {report.facts:,} facts{erased} of {report.conversations:,} conversations{files}.")
    if wanted.everything and not report.own_check_named:
        _say("Pages and indexes were not checked: create extension amcheck, to have that done too.")
    if not report.well:
        _say("[red]This is not what was written.[/] Compare with a back-up; docs/operate.md says how.")
        raise typer.Exit(1)
    _say("[green]✓[/] Everything is as it was written.")


def backup(
    target: Annotated[
        Path, typer.Argument(help="A file, or a folder in which one is made, named by the time.")
    ],
    keep: Annotated[
        int | None, typer.Option(min=1, help="In a folder: remove all but so many of the newest back-ups.")
    ] = None,
) -> None:
    """Write everything that is stored into one file, consistent while the desk runs."""
    began = time.monotonic()
    if keep and not target.is_dir():
        raise SettingsError("--keep needs a folder.")
    try:
        with _bar("rows") as told:
            settings = read_settings()
            made = backups.backup(settings.database, target, told, blobs=house.create_blobs(settings))
    except (DamagedError, UnicodeEncodeError) as error:
        raise SettingsError(f"The database is damaged: {error}. Run: balie verify") from None
    except OSError as error:
        raise SettingsError(f"{target} cannot be written: {error.strerror}.") from None
    _say(
        f"[green]✓[/] {made.path}: {_told(made.manifest)}, {made.size / 1e6:,.1f} MB in"
        f" {time.monotonic() - began:.1f} s."
    )
    for word in made.lacks[:SHOWN]:
        _say(f"[red]✗[/] The file {word}.")
    if made.lacks:
        # The older ones may hold what this one lacks.
        _say(f"[red]{len(made.lacks)} files are not in it as they were put;[/] no older back-up was removed.")
        raise typer.Exit(1)
    if keep:
        removed = backups.rotate(target, keep)
        _say(f"Removed {len(removed)} older back-ups; {keep} are kept at most.")


def restore(
    archive: Annotated[Path, typer.Argument(help="A file made by balie backup, on either engine.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the office that is there.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the archive and compare its digests.")
    ] = False,
) -> None:
    """Fill the database from a back-up, wholly or not at all. The desk must not run meanwhile."""
    from balie.engine.refill import RefillError
    from balie.keep import restore as restores

    began = time.monotonic()
    settings = read_settings()
    try:
        with _bar("") as told:
            if check:
                with Archive(archive) as opened:
                    opened.check(told)
                    manifest = opened.manifest
            else:
                manifest = restores.restore(
                    archive,
                    settings.database,
                    house.MIGRATIONS,
                    blobs=house.create_blobs(settings),
                    replace=replace,
                    told=told,
                )
    except (ArchiveError, RefillError, SchemaError) as error:
        raise SettingsError(str(error)) from None
    except OSError as error:
        raise SettingsError(f"{error.filename} cannot be used: {error.strerror}.") from None
    word = "Whole" if check else "Restored"
    _say(f"[green]✓[/] {word}: {_told(manifest)}; {time.monotonic() - began:.1f} s.")
    if not check:
        _say("Agents sign in again; browsers fetch everything anew. Next: balie verify, and balie serve.")


def epoch(
    renew: Annotated[
        bool, typer.Option("--renew", help="Begin a new history, after a restore by other tools than ours.")
    ] = False,
) -> None:
    """Tell the id of this database's history, by which browsers know whether what they hold still counts."""
    url = read_settings().database
    with _bar("") as _:
        if renew:
            from balie.engine.refill import renew_epoch

            renew_epoch(url)
        with whole(url).snapshot() as reader:
            _say(str(reader.all("select epoch from history")[0][0]))


def _told(manifest: Manifest) -> str:
    """What an archive holds, in words."""
    last = manifest.last_at
    until = f", up to {datetime.fromtimestamp(last / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC" if last else ""
    return f"{manifest.conversations:,} conversations with {manifest.facts:,} facts{until}"


@contextmanager
def _bar(unit: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each thing that is told of: ``told(what, done, of how many)``."""
    columns = (
        TextColumn("{task.description:>8}"), BarColumn(), TextColumn("{task.completed:,.0f}"),
        TextColumn("{task.fields[unit]}"), TimeRemainingColumn(),
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total or None, unit=unit)
            progress.update(tasks[what], completed=done, total=total or None)

        try:
            yield told
        except UnavailableError as error:
            progress.stop()
            raise SettingsError(f"The database cannot be used: {error}.") from None
        except checks.UnknownError as error:
            progress.stop()
            raise SettingsError(str(error)) from None


def _moment(text: str) -> int:
    """``2026-11-22``, ``2026-11-22T08:00`` (UTC), ``36h`` or ``7d`` ago, as UTC milliseconds."""
    unit = {"h": "hours", "d": "days"}.get(text[-1:])
    try:
        if unit:
            when = datetime.now(UTC) - timedelta(**{unit: float(text[:-1])})
        else:
            when = datetime.fromisoformat(text)
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise SettingsError(f"--since takes a date such as 2026-11-22, or 36h, or 7d; not {text}.") from None
    return int(when.timestamp() * 1000)


def _say(word: str) -> None:
    out.print(word, highlight=False, soft_wrap=True)
