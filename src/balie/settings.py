"""The settings, read from the environment once and handed down. Only ``app`` and ``cli`` import this.

docs/run-balie.md lists them all.
"""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

PREFIX = "BALIE_"
COMMANDS_OWN = frozenset({"BALIE_NEW_PASSWORD", "BALIE_REPLAY_PASSWORD"})
"""What single commands take from the environment; no settings."""


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it should be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``BALIE_`` + the upper-case name of a field is its environment variable."""

    data_dir: Path = Path(".balie")
    """Where the embedded engine keeps its files."""
    database_url: str = ""
    """``sqlite:///path`` or ``postgresql://user:password@host/name``; a SQLite file in the data folder when empty."""
    redis_url: str = ""
    """``redis://…``: what several processes share hints and leases by; one process needs none."""
    blob_url: str = ""
    """``file:///folder`` or ``s3://bucket/prefix``; a folder in the data folder when empty."""
    secret_file: str = ""
    """The file with the desk's secret, which opens what lies sealed in the stores; ``secret.key`` in the data folder
    when empty, made there at the first start of a desk of one process. Several nodes need the same one."""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    """The desk's address as browsers see it, when a proxy stands in front."""
    trusted_proxies: str = ""
    """Networks whose X-Forwarded-For counts, separated by commas."""
    outward_networks: str = ""
    """Internal networks that webhooks may be sent to, separated by commas; none when empty."""
    metrics_readers: str = "127.0.0.0/8,::1"
    """Networks that may read /metrics, separated by commas."""
    log: Literal["", "json", "pretty"] = ""
    """How logs are written; readable on a terminal and JSON elsewhere when empty."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    socket_limit: int = 20_000
    """Sockets this process holds at most."""
    limits: Literal["on", "off"] = "on"
    """``off`` lifts the limits per address and per socket: for benchmarks on a closed network, never for use."""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'balie.db').absolute()}"

    @property
    def blobs(self) -> str:
        return self.blob_url or f"file://{(self.data_dir / 'blobs').absolute()}"

    @property
    def own_origins(self) -> frozenset[str]:
        """The addresses under which browsers reach this desk."""
        own = {f"http://{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        return frozenset(own | ({self.public_url.rstrip("/")} if self.public_url else set()))

    @property
    def address(self) -> str:
        """Where a person opens the desk."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. SettingsError names the variable that cannot be used."""
    environment = os.environ if environment is None else environment
    known = {field.name for field in msgspec.structs.fields(Settings)}
    given = {}
    for key, value in environment.items():
        if key.startswith(PREFIX) and key not in COMMANDS_OWN:
            name = key.removeprefix(PREFIX).lower()
            if name not in known:
                raise SettingsError(f"{key} is no setting of Balie; see docs/run-balie.md.")
            given[name] = value
    try:
        settings = msgspec.convert(given, Settings, strict=False, dec_hook=_from_text)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("$.")[2].rstrip("`")
        raise SettingsError(f"{PREFIX}{name.upper()} cannot be used: {error}") from None
    try:
        networks = settings.outward_networks.split(",") if settings.outward_networks.strip() else []
        for network in networks:
            ipaddress.ip_network(network.strip(), strict=False)
    except ValueError as error:
        raise SettingsError(f"BALIE_OUTWARD_NETWORKS cannot be used: {error}.") from None
    if not 0 <= settings.port <= 65_535:
        raise SettingsError("BALIE_PORT is a number from 0 to 65535.")
    if not settings.database.startswith(("sqlite:///", "postgresql://")):
        raise SettingsError("BALIE_DATABASE_URL must start with sqlite:/// or postgresql://.")
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("BALIE_REDIS_URL must start with redis://, rediss:// or unix://.")
    if not settings.blobs.startswith(("file:///", "s3://")):
        raise SettingsError("BALIE_BLOB_URL must start with file:/// or s3://.")
    return settings


def _from_text(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError
