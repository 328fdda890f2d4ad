"""Puts the house together: the one place that names concrete engines, channels and features.

What not every desk needs (PostgreSQL, Redis, S3, changes of the schema) is imported where it is used: a desk that does
without should not wait for it at each start.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from prometheus_client import Gauge

from balie import console
from balie.channels import web
from balie.console.socket import AgentDoor
from balie.demo import seed
from balie.demo.day import Reply
from balie.demo.pages import render_site
from balie.desk import log, roster
from balie.desk.access import Access
from balie.desk.feed import Feed
from balie.desk.messages import Receive
from balie.desk.model import Role
from balie.desk.nodes import Nodes
from balie.desk.openings import Openings
from balie.desk.presence import Presence
from balie.edge import static
from balie.edge.backstage import Backstage
from balie.edge.connection import Connection
from balie.edge.doorman import Doorman
from balie.edge.front import Front, HttpOptions
from balie.edge.handles import room_for_sockets
from balie.edge.health import Health
from balie.edge.http import create_http
from balie.edge.limits import Buckets, networks
from balie.edge.metrics import Meters
from balie.edge.outward import Outward
from balie.edge.passwords import LENGTH_MIN, Passwords
from balie.edge.plugs import House, Slice
from balie.edge.reference import reference_area
from balie.edge.server import Server
from balie.edge.session import Budget
from balie.edge.siblings import Siblings
from balie.edge.signin import Endings
from balie.edge.socket import Sockets
from balie.edge.talk import Parts
from balie.edge.tickets import Tickets
from balie.edge.whereabouts import show_whereabouts
from balie.engine.disk import DiskBlobs
from balie.engine.local import LocalBus, LocalLeases
from balie.engine.ports import Blobs, Bus, Database, Leases, Tx, UnavailableError
from balie.engine.revisions import missing
from balie.engine.secret import SecretError, read_or_make, read_secrets
from balie.engine.sqlite import SqliteDatabase
from balie.features import cobrowse, replies, webhooks
from balie.features.replies import commands
from balie.features.replies.facts import CannedReply
from balie.lib import ids
from balie.lib.clock import Clock, SystemClock
from balie.lib.errors import BalieError
from balie.lib.seals import Keyring
from balie.settings import Settings, SettingsError

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
MIGRATIONS: Sequence[Path] = (
    _HERE / "desk" / "migrations",
    _HERE / "edge" / "migrations",
    replies.MIGRATIONS,
    webhooks.MIGRATIONS,
    cobrowse.MIGRATIONS,
)
AGENT_SOCKET = "/v1/socket/agent"
SLICES: Sequence[Slice] = (
    console.CONSOLE,
    replies.REPLIES,
    webhooks.WEBHOOKS,
    cobrowse.COBROWSE,
)

_NO_LIMIT = 1e12


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A put-together desk: its HTTP side, its sockets and its engine."""

    http: Front
    sockets: Sockets
    db: Database
    feed: Feed
    nodes: Nodes
    house: House
    backstage: Backstage


def create_database(settings: Settings) -> Database:
    if settings.database.startswith("postgresql://"):
        from balie.engine.postgres import PostgresDatabase

        return PostgresDatabase(settings.database)
    return SqliteDatabase(Path(settings.database.removeprefix("sqlite:///")))


def create_bus(settings: Settings) -> Bus:
    if settings.redis_url:
        from balie.engine.redis import RedisBus

        return RedisBus(settings.redis_url)
    return LocalBus()


def create_leases(settings: Settings, clock: Clock) -> Leases:
    if settings.redis_url:
        from balie.engine.redis import RedisLeases

        return RedisLeases(settings.redis_url)
    return LocalLeases(clock.monotonic)


def create_blobs(settings: Settings) -> Blobs:
    if settings.blobs.startswith("s3://"):
        from balie.engine.s3 import S3Blobs

        return S3Blobs(settings.blobs)
    return DiskBlobs(Path(settings.blobs.removeprefix("file://")))


def create_keyring(settings: Settings) -> Keyring:
    """The desk's secrets. None where several processes may run and the settings name no file: each would make its own.
    SettingsError."""
    try:
        if settings.secret_file:
            return Keyring(read_secrets(Path(settings.secret_file)))
        if settings.redis_url:
            return Keyring()
        return Keyring(read_or_make(settings.data_dir / "secret.key"))
    except SecretError as error:
        raise SettingsError(f"BALIE_SECRET_FILE cannot be used: {error}.") from None


async def check_engines(settings: Settings) -> None:
    """SettingsError, in one line, unless the Redis and the bucket that the settings name can be reached."""
    if settings.redis_url:
        from balie.engine.redis import check_redis

        try:
            await check_redis(settings.redis_url)
        except (UnavailableError, ValueError) as error:
            raise SettingsError(f"BALIE_REDIS_URL: no Redis answers there. {error}") from None
    if settings.blobs.startswith("s3://"):
        from balie.engine.s3 import S3Blobs

        try:
            await S3Blobs(settings.blobs).check()
        except (UnavailableError, ValueError) as error:
            raise SettingsError(f"BALIE_BLOB_URL: the bucket cannot be read. {error}") from None


def check_workers(settings: Settings, workers: int) -> None:
    """SettingsError when these settings hold one process only."""
    if workers > 1 and not (settings.redis_url and settings.database.startswith("postgresql://")):
        raise SettingsError(
            "More than one worker needs PostgreSQL and Redis: set BALIE_DATABASE_URL and BALIE_REDIS_URL."
        )


def migrate_database(settings: Settings) -> list[str]:
    """Bring the database to the newest schema; the revisions that were applied."""
    if settings.database.startswith("sqlite:///"):
        folder = Path(settings.database.removeprefix("sqlite:///")).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(f"{folder} cannot be made: {error.strerror}") from error
    if not missing_revisions(settings):
        return []
    from balie.engine.migrate import migrate

    return migrate(settings.database, MIGRATIONS)


def missing_revisions(settings: Settings) -> list[str]:
    return missing(settings.database, MIGRATIONS)


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
    *,
    demo: bool = True,
    siblings: Siblings | None = None,
) -> App:
    """The desk for these settings; with ``demo`` the demo website is served at /demo/. ``siblings``: the workers that
    share the port with this one."""
    clock = clock or SystemClock()
    limited = settings.limits == "on"
    db = create_database(settings)
    bus, leases = create_bus(settings), create_leases(settings, clock)
    feed = Feed(db, bus)
    nodes = Nodes(bus, clock.monotonic)
    presence = Presence(feed, nodes)
    show_whereabouts(presence, feed)
    tickets, health = Tickets(leases, db, clock), Health(bus)
    house = House(
        db=db,
        bus=bus,
        leases=leases,
        blobs=create_blobs(settings),
        tickets=tickets,
        health=health,
        clock=clock,
        presence=presence,
        openings=Openings(db, clock, feed),
        passwords=passwords or Passwords(),
        outward=Outward(networks(_listed(settings.outward_networks))),
        doorman=Doorman(settings.own_origins),
        endings=Endings(db, bus),
        public_url=settings.public_url,
        keyring=create_keyring(settings),
        agent_calls=Buckets(rate=30, burst=300) if limited else _unlimited(),
    )
    backstage = Backstage(house, SLICES)
    receive = Receive(clock)
    shared = partial(Buckets, among=lambda: nodes.count)
    sessions = shared(rate=2, burst=100) if limited else _unlimited()
    claims = shared(rate=0.1, burst=20) if limited else _unlimited()
    channel = web.web_channel(web.WebParts(house.doorman, sessions, claims))

    proxies = networks(_listed(settings.trusted_proxies))
    room = room_for_sockets(settings.socket_limit)
    sockets = Sockets(room, max(1, room // 4) if limited else room, proxies)
    visitor_budget = Budget(burst=120, per_s=20) if limited else Budget(_NO_LIMIT, _NO_LIMIT)
    agent_budget = Budget(burst=600, per_s=100) if limited else Budget(_NO_LIMIT, _NO_LIMIT)
    visitors, agents = (
        Parts(
            db=db,
            tickets=tickets,
            feed=feed,
            presence=presence,
            openings=house.openings,
            clock=clock,
            receive=receive,
            budget=budget,
            spread_ms=sockets.spread_ms,
        )
        for budget in (visitor_budget, agent_budget)
    )
    unlimited = web.Floods(_unlimited(), _unlimited())
    floods = web.Floods(address=shared(rate=200, burst=2_400)) if limited else unlimited
    sockets.route(web.SOCKET, web.VisitorDoor(visitors, house.doorman, floods))
    sockets.route(
        AGENT_SOCKET,
        AgentDoor(
            agents, slices=SLICES, own_origins=settings.own_origins, endings=house.endings, health=health
        ),
    )
    for one in SLICES:
        for path, door in one.sockets.items():
            sockets.route(path, door.make(house), door.frame_limit)

    async def start() -> None:
        await db.start()
        await leases.start()
        await bus.start()
        await feed.start()
        await house.openings.run()
        if settings.redis_url:
            await nodes.start()
        sockets.start()
        backstage.start()
        await meters.start()

    async def stop() -> None:
        await meters.stop()
        await backstage.stop()
        await nodes.stop()
        await feed.stop()
        await bus.stop()
        await leases.stop()
        await db.stop()

    meters = Meters(siblings)
    _watch(meters, sockets, db)
    http = create_http(
        house,
        [channel, *SLICES],
        areas=_areas(demo=demo, desk=settings.public_url),
        options=HttpOptions(
            proxies=proxies,
            metrics_readers=networks(_listed(settings.metrics_readers)),
            calls=shared(rate=100, burst=1_000) if limited else _unlimited(),
        ),
        meters=meters,
        on_startup=[start],
        on_shutdown=[stop],
    )
    return App(http=http, sockets=sockets, db=db, feed=feed, nodes=nodes, house=house, backstage=backstage)


def _watch(meters: Meters, sockets: Sockets, db: Database) -> None:
    """Show how full this process is, at /metrics."""
    for name, word, value in (
        ("balie_sockets", "Open sockets", lambda: len(sockets.sessions)),
        ("balie_writes_waiting", "Writes that wait for the writer", lambda: db.backlog),
    ):
        Gauge(name, word, registry=meters.registry).set_function(value)


def create_server(app: App, settings: Settings) -> Server:
    """One process, one port: HTTP and sockets on the same loop."""
    protocol: Any = partial(app.sockets.protocol)
    config = uvicorn.Config(
        app.http,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Connection,
        ws=protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        backlog=4_096,
    )
    return Server(config, app.sockets, app.nodes, app.house.health)


def _areas(*, demo: bool, desk: str) -> list[static.Area]:
    built = static.read_folder(STATIC) if STATIC.is_dir() else {}

    def below(folder: str) -> dict[str, bytes]:
        return {name.removeprefix(folder): data for name, data in built.items() if name.startswith(folder)}

    areas = [
        static.Area(
            prefix="/console",
            files=below("console/"),
            csp=static.CONSOLE_CSP,
            immutable=("assets/",),
            fallback="index.html",
        ),
        static.Area(
            prefix="/widget",
            files=below("widget/"),
            csp=static.WIDGET_CSP,
            immutable=("panel-", "look-", "mirror-"),
            open_to_sites=True,
        ),
        static.Area(
            prefix="/widget.js",
            files={name: data for name, data in built.items() if name.startswith("widget.js")},
            csp=static.WIDGET_CSP,
            index="widget.js",
            open_to_sites=True,
        ),
        static.Area(
            prefix="/mirror",
            files=below("mirror/"),
            csp=cobrowse.VIEWER_CSP,
            index="viewer.html",
            open_to_sites=True,
            framed=True,
            desk=desk.rstrip("/"),
        ),
        reference_area(below("reference/")),
    ]
    if demo:
        site = {path: data for path, (_, data) in render_site(seed.INBOX_KEY).items()}
        areas.append(static.Area(prefix="/demo", files=site, csp=static.DEMO_CSP, missing="404.html"))
    return areas


def _unlimited() -> Buckets:
    return Buckets(rate=_NO_LIMIT, burst=_NO_LIMIT)


def _listed(text: str) -> list[str]:
    return [part for part in (one.strip() for one in text.split(",")) if part]


async def broken_streams(settings: Settings, limit: int) -> list[str]:
    """Check the hash chains of the streams written to last; those that do not hold, with the seq that is wrong."""
    db = create_database(settings)
    await db.start()
    try:
        found = await db.read(lambda tx: [(one, log.verify(tx, one)) for one in log.streams(tx, limit)])
    finally:
        await db.stop()
    return [f"{stream} at {seq}" for stream, seq in found if seq]


# The demo office

DEMO_PASSWORD = seed.PASSWORD
demo_logins = seed.logins


def demo_settings(settings: Settings, port: int | None) -> Settings:
    """The settings for the demo: another port where asked."""
    return settings if port is None else msgspec.structs.replace(settings, port=port)


def forget_demo(settings: Settings) -> None:
    """Remove the embedded database of the demo."""
    path = Path(settings.database.removeprefix("sqlite:///"))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


async def seed_demo(settings: Settings) -> int | None:
    """Make the demo office in an empty database. How many conversations it got (0: it was there already); none when
    the database holds another office."""
    db = create_database(settings)
    await db.start()
    try:
        if await db.read(seed.is_seeded):
            return 0
        if not await db.read(seed.is_empty):
            return None
        now, password = SystemClock().now(), Passwords().hash_now(seed.PASSWORD)
        return await db.write(lambda tx: seed.seed(tx, now, password, settings.address, _save_demo_reply))
    finally:
        await db.stop()


def _save_demo_reply(writer: log.Writer, access: Access, reply: Reply) -> None:
    saved = CannedReply(
        id=ids.new_id(ids.REPLY),
        shortcut=reply.shortcut,
        title=reply.title,
        text=reply.text,
        language=reply.language,
    )
    commands.add(writer, access, saved)


async def add_agent(
    settings: Settings, email: str, name: str, role: Role, organisation: str, password: str
) -> str:
    """Add an agent, and the organisation with a first inbox when it is new; a sentence that says what was done."""
    if len(password) < LENGTH_MIN:
        raise SettingsError(f"A password has at least {LENGTH_MIN} characters.")
    db = create_database(settings)
    await db.start()
    try:
        now, password_hash = SystemClock().now(), Passwords().hash_now(password)

        def write(tx: Tx) -> str:
            known = roster.organisations(tx)
            wanted = [one for one in known if not organisation or one.name == organisation]
            fresh = not wanted
            if len(wanted) > 1:
                raise SettingsError("There are several organisations: name one with --organisation.")
            home = wanted[0] if wanted else roster.create_organisation(tx, now, organisation or "Balie")
            if fresh:
                roster.create_inbox(tx, home.id, now, name="Website", allowed_origins=[settings.address])
            with log.Writer(tx, now) as writer:
                made = roster.create_agent(
                    writer,
                    home.id,
                    roster.system(home.id),
                    email=email,
                    name=name,
                    role="admin" if fresh else role,
                    password_hash=password_hash,
                )
            return f"{made.name} ({made.role}) can sign in at {settings.address}/console/ for {home.name}."

        return await db.write(write)
    except BalieError as error:
        raise SettingsError(error.detail) from None
    finally:
        await db.stop()
