"""`balie serve --workers`: several processes on one port, looked after by one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from nodes.cluster import Browser, Cluster, Console, answers, hears, says
from nodes.cluster import Node as At

WITHIN_S = 240.0


class Supervisor(At):
    """The real command, with two workers."""

    def start(self) -> "Supervisor":
        env = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")} | self._env
        self.process = subprocess.Popen([sys.executable, "-m", "balie", "serve", "--workers", "2"], env=env)
        self.pid = self.process.pid
        until(lambda: answers(self.port))
        until(lambda: len(self.workers()) == 2)
        return self

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sorted(int(child) for child in children)


def until(done: object, within_s: float = WITHIN_S) -> None:
    started = time.monotonic()
    while not done():  # type: ignore[operator]
        assert time.monotonic() - started < within_s
        time.sleep(0.05)  # processes come and go without a word


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def supervisor(cluster: Cluster) -> Iterator[Supervisor]:
    supervisor = Supervisor(cluster)
    supervisor.start()
    yield supervisor
    if supervisor.process.poll() is None:
        supervisor.process.terminate()
        supervisor.process.wait(90)


def test_workers_share_a_port_come_back_when_killed_and_leave_together(
    cluster: Cluster, supervisor: Supervisor
) -> None:
    office = cluster.cast.stroom
    visitors = [Browser(office, supervisor).come(supervisor) for _ in range(4)]
    agent = Console(office, supervisor).come(supervisor)
    for n, visitor in enumerate(visitors):
        says(visitor, f"vraag {n}")
        hears(agent, f"vraag {n}")
    before = supervisor.workers()
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(supervisor.workers()) == 2 and supervisor.workers() != before)
    assert before[1] in supervisor.workers(), "the other one was left alone"
    workers = supervisor.workers()
    supervisor.process.terminate()
    assert supervisor.process.wait(90) == 0
    assert not [pid for pid in workers if lives(pid)]


def test_a_scrape_of_whichever_worker_tells_the_figures_of_all(supervisor: Supervisor) -> None:
    def scraped() -> dict[str, dict[str, float]]:
        """Value by worker, by the name of the metric, of those without other labels."""
        text = httpx.get(f"{supervisor.origin}/metrics", timeout=60).raise_for_status().text
        found: dict[str, dict[str, float]] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.labels.keys() == {"worker"}:
                    assert sample.labels["worker"] not in found.setdefault(sample.name, {}), sample
                    found[sample.name][sample.labels["worker"]] = sample.value
        return found

    until(lambda: scraped()["balie_worker_up"] == {"0": 1, "1": 1})
    figures = scraped()
    assert figures["balie_sockets"] == {"0": 0, "1": 0}
    started = figures["process_start_time_seconds"]
    before = supervisor.workers()
    os.kill(before[0], signal.SIGSTOP)
    try:
        stopped = scraped()
    finally:
        os.kill(before[0], signal.SIGCONT)
    assert sorted(stopped["balie_worker_up"].values()) == [0, 1]
    assert len(stopped["balie_sockets"]) == 1
    os.kill(before[0], signal.SIGKILL)
    until(lambda: scraped()["balie_worker_up"] == {"0": 1, "1": 1} and supervisor.workers() != before)
    assert scraped()["process_start_time_seconds"] != started, "the new one, in the place of the old one"


def test_workers_do_not_outlive_a_supervisor_that_was_killed(supervisor: Supervisor) -> None:
    workers = supervisor.workers()
    supervisor.process.kill()
    supervisor.process.wait(90)
    until(lambda: not any(lives(pid) for pid in workers))
    assert not answers(supervisor.port)


def said(**env: str) -> tuple[int, str]:
    """Exit code and words of a start that fails."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")}
    words = [sys.executable, "-m", "balie", "serve", *env.pop("words", "").split()]
    ended = subprocess.run(words, env=clean | env, capture_output=True, text=True, timeout=90, check=False)
    return ended.returncode, ended.stderr + ended.stdout


def test_several_workers_on_sqlite_are_refused_in_one_line(tmp_path: Path) -> None:
    code, words = said(words="--workers 2", BALIE_DATA_DIR=str(tmp_path))
    assert code == 2
    assert words.strip().splitlines() == [
        "More than one worker needs PostgreSQL and Redis: set BALIE_DATABASE_URL and BALIE_REDIS_URL."
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("BALIE_REDIS_URL", "redis://:geheim@127.0.0.1:1/0"),
        ("BALIE_REDIS_URL", "redis://127.0.0.1:port"),
        ("BALIE_BLOB_URL", "s3://balie?endpoint=http://127.0.0.1:1"),
    ],
)
def test_an_address_that_is_wrong_or_where_nobody_answers_ends_the_start_with_one_line(
    cluster: Cluster, setting: str, value: str
) -> None:
    more = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    code, words = said(**(cluster.env | more | {setting: value}))
    assert code == 2
    assert len(words.strip().splitlines()) == 1, words
    assert words.startswith(setting)
    assert "geheim" not in words


def test_a_port_that_is_taken_is_said_before_any_worker_starts(cluster: Cluster) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, words = said(words="--workers 2", **(cluster.env | {"BALIE_PORT": port}))
    assert code == 2
    assert words.strip().splitlines() == [
        f"Port {port} cannot be used; is something else listening there? Set BALIE_PORT."
    ]
