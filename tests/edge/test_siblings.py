"""Workers that tell each other's figures, over their real socket files."""

import asyncio
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from balie.edge.metrics import Meters
from balie.edge.siblings import Siblings

Told = dict[tuple[str, str], float]
"""Value by the name of the sample and the worker."""


def read(text: bytes) -> Told:
    found: Told = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            where = (sample.name, sample.labels.get("worker", ""))
            found[where] = found.get(where, 0) + sample.value
    return found


def test_each_tells_the_figures_of_all_and_who_is_away(tmp_path: Path) -> None:
    async def run() -> tuple[Told, Told, Told]:
        one, other = (Meters(Siblings(tmp_path / "workers", number, 3)) for number in (0, 2))
        for meters in (one, other):
            await meters.start()
        one.calls.labels("GET", "/v1/me", "200").inc(3)
        other.calls.labels("GET", "/v1/me", "200").inc(4)
        other.seconds.labels("/v1/me").observe(0.1)
        by_one, by_other = read(await one.told()), read(await other.told())
        await other.stop()
        after = read(await one.told())
        await one.stop()
        return by_one, by_other, after

    by_one, by_other, after = asyncio.run(run())
    calls, up = "balie_http_requests_total", "balie_worker_up"
    for told in (by_one, by_other):
        assert [told[up, worker] for worker in "012"] == [1, 0, 1]
        assert [told.get((calls, worker)) for worker in "012"] == [3, None, 4]
        assert told["balie_http_request_seconds_count", "2"] == 1
        assert {worker for _, worker in told} == {"0", "1", "2"}, "no figure without its worker"
    assert [after[up, worker] for worker in "012"] == [1, 0, 0]
    assert [after.get((calls, worker)) for worker in "012"] == [3, None, None]
    assert not (tmp_path / "workers").exists(), "the last one leaves nothing behind"


def test_who_takes_the_place_of_one_that_was_killed_is_heard(tmp_path: Path) -> None:
    async def run() -> Told:
        killed = Meters(Siblings(tmp_path, 0, 2))
        await killed.start()  # and never stopped: its socket file stays
        fresh, other = Meters(Siblings(tmp_path, 0, 2)), Meters(Siblings(tmp_path, 1, 2))
        await fresh.start()
        fresh.calls.labels("GET", "/v1/me", "200").inc(7)
        told = read(await other.told())
        await fresh.stop()
        await killed.stop()
        return told

    assert asyncio.run(run())["balie_http_requests_total", "0"] == 7


def test_a_process_alone_tells_its_figures_without_the_label() -> None:
    meters = Meters()
    meters.calls.labels("GET", "/v1/me", "200").inc()
    told = read(asyncio.run(meters.told()))
    assert told["balie_http_requests_total", ""] == 1
    assert {worker for _, worker in told} == {""}
