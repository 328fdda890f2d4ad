"""The commands: migrate, serve, demo, doctor, agent add, replay; and those of ``keep``."""

import asyncio
import gc
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from balie import app as house
from balie import doctor
from balie.desk.model import Role
from balie.edge.logs import set_up_logs
from balie.engine.ports import DamagedError, SchemaError, UnavailableError
from balie.keep import commands as keeping
from balie.settings import Settings, SettingsError, read_settings
from balie.workers import Place, supervise

cli = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
agent_cli = typer.Typer(no_args_is_help=True, help="People who answer.")
cli.add_typer(agent_cli, name="agent")
keeping.add_to(cli)
out = Console()
err = Console(stderr=True)


def main() -> None:
    try:
        cli()
    except (SettingsError, SchemaError) as error:
        _stop(str(error))
    except DamagedError as error:
        _stop(f"The database is damaged: {error}. docs/operate.md says how to restore a back-up.")
    except UnavailableError as error:
        _stop(f"The database cannot be used: {str(error).rstrip('.')}. Is BALIE_DATABASE_URL right?")


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    applied = house.migrate_database(read_settings())
    out.print(f"Applied: {', '.join(applied)}." if applied else "The schema is up to date.")


@cli.command()
def serve(
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that share the port.")] = 1,
    place: Annotated[str, typer.Option(hidden=True, help="What a worker inherits from its supervisor.")] = "",
) -> None:
    """Serve the desk: HTTP and sockets on one port. More than one worker needs PostgreSQL and Redis."""
    settings = read_settings()
    if place:
        # Its supervisor has looked at everything; a worker comes back also while Redis is away.
        _serve(settings, demo=False, place=Place.of(place))
        return
    house.check_workers(settings, workers)
    asyncio.run(house.check_engines(settings))
    missing = house.missing_revisions(settings)
    if missing:
        _stop("The database is behind this version. Run: balie migrate")
    if workers == 1:
        _serve(settings, demo=False)
        return
    set_up_logs(pretty={"json": False, "pretty": True}.get(settings.log), level=settings.log_level)
    try:
        code = supervise(workers, settings.host, settings.port)
    except OSError:
        _stop_at_port(settings)
    raise typer.Exit(code)


@cli.command()
def demo(
    port: Annotated[int | None, typer.Option(help="The port to serve on.")] = None,
    fresh: Annotated[bool, typer.Option(help="Begin again with an empty demo office.")] = False,
) -> None:
    """Serve a seeded office with its website; made on the first start."""
    settings = house.demo_settings(read_settings(), port)
    if fresh:
        house.forget_demo(settings)
    house.migrate_database(settings)
    told = asyncio.run(house.seed_demo(settings))
    if told is None:
        _stop("This database holds a real office. Set BALIE_DATA_DIR to an empty folder for the demo.")
    if told:
        out.print(f"Made the demo office with {told} conversations of today.")
    _print_links(settings)
    _serve(settings, demo=True)


@cli.command("doctor")
def examine() -> None:
    """Check the set-up and say in plain words what is wrong."""
    findings = doctor.examine(read_settings())
    for finding in findings:
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
        out.print(f"{mark} {finding.subject}: {finding.word}", highlight=False, soft_wrap=True)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@agent_cli.command("add")
def add_agent(
    email: Annotated[str, typer.Argument(help="What the agent signs in with.")],
    name: Annotated[str, typer.Option(help="The name that visitors see.")],
    role: Annotated[Role, typer.Option(help="What the agent may do.")] = "agent",
    organisation: Annotated[str, typer.Option(help="Its name; made when there is none of that name.")] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="BALIE_NEW_PASSWORD")
    ] = "",
) -> None:
    """Add an agent; the first one becomes administrator of a new organisation."""
    settings = read_settings()
    house.migrate_database(settings)
    out.print(asyncio.run(house.add_agent(settings, email, name, role, organisation, password)))


@cli.command("replay")
def replay_dialogues(
    file: Annotated[Path, typer.Argument(help="Recorded dialogues: JSON lines, .gz too.")],
    url: Annotated[str, typer.Option(help="The desk.")] = "http://127.0.0.1:8080",
    speed: Annotated[str, typer.Option(help="How many times as fast as recorded, or max.")] = "60",
    concurrency: Annotated[int, typer.Option(min=1, help="Dialogues at once.")] = 50,
    inbox: Annotated[str, typer.Option(help="The inbox's public key; the first inbox when left out.")] = "",
    origin: Annotated[
        str, typer.Option(help="The site the visitors are on; its first allowed one when left out.")
    ] = "",
    agent: Annotated[
        str, typer.Option(help="The e-mail address of the agent who answers.")
    ] = "sanne@kwelder.example",
    password: Annotated[str, typer.Option(envvar="BALIE_REPLAY_PASSWORD")] = house.DEMO_PASSWORD,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many dialogues.")] = None,
    keep_open: Annotated[bool, typer.Option(help="Do not close the conversations at the end.")] = False,
) -> None:
    """Play recorded dialogues through the public sockets, as visitors and agents."""
    from balie import replay

    raise typer.Exit(
        replay.run(
            file,
            url=url,
            speed=speed,
            concurrency=concurrency,
            inbox=inbox,
            origin=origin,
            agent=agent,
            password=password,
            limit=limit,
            keep_open=keep_open,
        )
    )


def _serve(settings: Settings, *, demo: bool, place: Place | None = None) -> None:
    set_up_logs(pretty={"json": False, "pretty": True}.get(settings.log), level=settings.log_level)
    app = house.create_app(settings, demo=demo, siblings=place.siblings if place is not None else None)
    server = house.create_server(app, settings)
    # What is loaded now stays for good: the collector need not look at it again, nor look so often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if place is not None:
        server.up = lambda: place.is_up(partial(setattr, server, "should_exit", True))
    server.run([place.listener] if place is not None else None)
    if not server.started:
        _stop_at_port(settings)


def _stop_at_port(settings: Settings) -> NoReturn:
    _stop(f"Port {settings.port} cannot be used; is something else listening there? Set BALIE_PORT.")


def _print_links(settings: Settings) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_row("Demo website", f"[bold]{settings.address}/demo/nl/[/]")
    table.add_row("Agent console", f"[bold]{settings.address}/console/[/]")
    table.add_row("API reference", f"[bold]{settings.address}/v1/reference[/]")
    for login in house.demo_logins():
        table.add_row("Log in as", f"{login.email}  ({login.name}, {login.role})")
    table.add_row("Password", house.DEMO_PASSWORD)
    out.print()
    out.print(table, highlight=False, soft_wrap=True)
    out.print()


def _stop(word: str) -> NoReturn:
    err.print(f"[red]{word}[/]", highlight=False, soft_wrap=True)
    sys.exit(2)
