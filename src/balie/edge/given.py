"""What a handler is given when it asks by parameter name: ``db``, ``clock``, ``leases``, ``house``, ``access``,
``signed_in``, ``write``, ``once``."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from balie.desk.access import Access
from balie.edge.auth import access_of, signed_in_of
from balie.edge.plugs import House
from balie.edge.signin import SignedIn
from balie.edge.writes import Once, Write, provide_once
from balie.engine.ports import Database, Leases
from balie.lib.clock import Clock

GivenDb = NamedDependency[SkipValidation[Database]]
GivenClock = NamedDependency[SkipValidation[Clock]]
GivenLeases = NamedDependency[SkipValidation[Leases]]
GivenHouse = NamedDependency[SkipValidation[House]]
GivenAccess = NamedDependency[SkipValidation[Access]]
GivenSignedIn = NamedDependency[SkipValidation[SignedIn]]
GivenWrite = NamedDependency[SkipValidation[Write]]
GivenOnce = NamedDependency[SkipValidation[Once]]


def providers(house: House) -> dict[str, Provide]:
    """The dependencies of the app."""
    return {
        "house": Provide(lambda: house, sync_to_thread=False),
        "db": Provide(lambda: house.db, sync_to_thread=False),
        "leases": Provide(lambda: house.leases, sync_to_thread=False),
        "clock": Provide(lambda: house.clock, sync_to_thread=False),
        "access": Provide(_access, sync_to_thread=False),
        "signed_in": Provide(_signed_in, sync_to_thread=False),
        "write": Provide(lambda: Write(house.db, house.clock), sync_to_thread=False),
        "once": Provide(provide_once),
    }


def _access(request: Request[Any, Any, Any]) -> Access:
    return access_of(request)


def _signed_in(request: Request[Any, Any, Any]) -> SignedIn:
    return signed_in_of(request)
