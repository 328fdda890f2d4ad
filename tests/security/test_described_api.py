"""Threats S13 and S14: calls made from the API's own description, valid and broken ones, as every kind of caller.

Nothing that comes in may end in a server error, and every refusal is a problem with a code. Seeded and short here; with
``BALIE_TEST_LONG=1`` each operation gets a hundred times as many calls on both engines, from a seed that is printed.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from cast import Visit
from running import Running

LONG = bool(os.environ.get("BALIE_TEST_LONG"))
EXAMPLES = 500 if LONG else 5
SEED = random.randrange(1 << 32) if LONG else 20_261_122
HEADERS_OF_OURS = {
    "cookie",
    "origin",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "x-csrf-token",
}


class Callers(msgspec.Struct):
    """The desk without limits, an administrator's browser, a visitor's, and ids that exist."""

    desk: Running
    admin: httpx.Client
    guest: httpx.Client
    ids: dict[str, str]

    def renew(self) -> None:
        """Sign in again: a call may have ended the session."""
        self.admin = self.desk.sign_in(self.desk.cast.stroom, "sanne")


@pytest.fixture(scope="module")
def callers(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    if engine != "sqlite" and not LONG:
        pytest.skip("both engines in the long form")
    desk = Running(tmp_path_factory.mktemp("described"), engine)
    desk.settings = msgspec.structs.replace(desk.settings, limits="off")
    desk.start()
    office = desk.cast.stroom
    visit: Visit = desk.asks(office, "Waar blijft mijn nota?")
    admin = desk.sign_in(office, "sanne")
    reply = admin.post("/v1/replies", json={"shortcut": "hoi", "title": "Hoi", "text": "Hoi"}).json()
    guest = desk.browser(
        headers={"origin": office.site.allowed_origins[0], "authorization": f"Bearer {visit.token}"}
    )
    look = admin.post(f"/v1/conversations/{visit.conversation}/looks").json()["id"]
    known = {
        "look": look,
        "conversation": visit.conversation,
        "contact": visit.contact,
        "agent": office.agents["fatima"].id,
        "inbox": office.engineers.id,
        "reply": reply["id"],
        "kind": "note",
    }
    yield Callers(desk, admin, guest, known)
    desk.stop()


def called(browser: httpx.Client, case: Any, known: dict[str, str], *, real: bool) -> httpx.Response:
    """The generated call; with ``real``, on things that exist, or it would seldom come further than 404."""
    given_ids = {**(case.path_parameters or {}), **({k: v for k, v in known.items() if real})}
    case.path_parameters = {key: given_ids[key] for key in case.path_parameters or {}}
    raw = case.as_transport_kwargs(base_url=str(browser.base_url))
    headers = {
        key: value
        for key, value in dict(raw.get("headers") or {}).items()
        if key.lower() not in HEADERS_OF_OURS
    }
    more = {key: raw[key] for key in ("params", "json") if raw.get(key) is not None}
    data = raw.get("data")
    if data is not None:
        more["data" if isinstance(data, dict) else "content"] = data
    request = browser.build_request(raw["method"], raw["url"], headers=headers, **more)
    return browser.send(request)


def tried(callers: Callers, operation: Any, strategy: Any, seen: Counter[int]) -> list[str]:
    """Make the calls of one operation; those that ended in a server error, or in a refusal without a code."""
    wrong: list[str] = []
    visitors = operation.path.startswith("/v1/visitor")

    def attempt(case: Any) -> None:
        for real in (True, False):
            browser = callers.guest if visitors else callers.admin
            try:
                answer = called(browser, case, callers.ids, real=real)
            except (httpx.InvalidURL, httpx.LocalProtocolError, ValueError):
                continue  # no client could send it
            if answer.status_code == 401 and not visitors:
                callers.renew()
            seen[answer.status_code] += 1
            kind = answer.headers.get("content-type", "")
            if answer.status_code >= 500 or (answer.status_code >= 400 and "problem+json" not in kind):
                sent = answer.request
                wrong.append(f"{sent.method} {sent.url} {sent.content[:300]!r}: {answer.text[:300]}")

    with suppress(Unsatisfiable):
        seed(SEED)(
            settings(
                max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
            )(given(strategy)(attempt))
        )()
    return wrong


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "broken"])
def test_no_call_ends_in_a_server_error(callers: Callers, mode: GenerationMode) -> None:
    print(f"seed {SEED}")
    described = schemathesis.openapi.from_dict(callers.desk.anybody.get("/v1/openapi.json").json())
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    for found in described.get_all_operations():
        operation = found.ok()
        wrong += tried(callers, operation, operation.as_strategy(generation_mode=mode), seen)
    print(dict(sorted(seen.items())))
    assert wrong == []
    assert seen.total() > 10 * EXAMPLES
    assert callers.desk.anybody.get("/readyz").status_code == 200
