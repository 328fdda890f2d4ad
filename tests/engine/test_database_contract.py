"""What every database plug must do: two doors, one snapshot, commit before the answer, one bad command fails alone."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from plugs import DATABASES, Bench, put, put_all

from balie.engine.group import MAX_BACKLOG
from balie.engine.ports import Tx, UnavailableError
from core import Template, together


@pytest.fixture(params=DATABASES)
def bench(request: pytest.FixtureRequest, template: Template, tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "contract.db"
    shutil.copyfile(template.path, path)
    bench = DATABASES[request.param](path)
    yield bench
    bench.close()


def outcomes(bench: Bench, *texts: str) -> list[Any]:
    """What the callers of one batch hear."""
    return bench.run(together(bench.db, put_all, texts))


def test_a_write_is_committed_before_it_returns(bench: Bench) -> None:
    bench.put("a")
    with bench.locked():
        assert bench.lines() == ["a"]


def test_a_read_sees_one_snapshot_while_others_write(bench: Bench) -> None:
    bench.put("a")
    seen: list[int] = []

    async def read_twice_with_a_write_between() -> None:
        loop = asyncio.get_running_loop()

        def read(tx: Tx) -> None:
            seen.append(len(tx.all("select * from line")))
            asyncio.run_coroutine_threadsafe(bench.db.write(put("b")), loop).result(60)
            seen.append(len(tx.all("select * from line")))

        await bench.db.read(read)

    bench.run(read_twice_with_a_write_between())
    assert seen == [1, 1]
    assert bench.lines() == ["a", "b"]


def test_a_reader_cannot_write(bench: Bench) -> None:
    with pytest.raises(UnavailableError):
        bench.read(lambda tx: tx.execute("insert into line (text) values ('x')"))
    assert bench.lines() == []


def test_reads_go_on_while_a_write_transaction_is_open(bench: Bench) -> None:
    bench.put("a")
    with bench.locked():
        assert bench.lines() == ["a"]


def test_emitted_items_come_after_the_commit_and_before_the_answer_in_order(bench: Bench) -> None:
    story: list[str] = []

    def listener(items: list[Any]) -> None:
        story.append(f"emitted {items}")

    bench.db.on_commit(listener)

    async def together() -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        bench.db.submit(put_all, "a", lambda item, result: story.append(f"done {item} {result}"))
        bench.db.submit(put_all, "b", lambda item, result: ready.set_result(f"{item} {result}"))
        story.append("asked")
        story.append(f"done {await ready}")

    bench.run(together())
    assert story[0] == "asked"
    emitted = [line for line in story if line.startswith("emitted")]
    assert "".join(emitted).count("'a'") == 1
    for letter in "ab":
        heard = next(n for n, line in enumerate(story) if line == f"done {letter} {letter}")
        assert heard > next(n for n, line in enumerate(story) if f"'{letter}'" in line)
    assert story.index("done a a") < story.index("done b b")
    assert bench.lines() == ["a", "b"]


def test_an_emitted_item_is_readable_by_whoever_hears_it(bench: Bench) -> None:
    heard: list[list[str]] = []

    async def write_and_look() -> None:
        loop = asyncio.get_running_loop()
        looked = loop.create_future()

        def listener(items: list[Any]) -> None:
            task = loop.create_task(bench.db.read(lambda tx: tx.all("select text from line")))
            task.add_done_callback(lambda done: looked.set_result([row[0] for row in done.result()]))

        bench.db.on_commit(listener)
        await bench.db.write(put("a"))
        heard.append(await looked)

    bench.run(write_and_look())
    assert heard == [["a"]]


def test_a_failed_write_leaves_nothing_and_emits_nothing(bench: Bench) -> None:
    emitted: list[Any] = []
    bench.db.on_commit(emitted.extend)
    with pytest.raises(ValueError, match="bad"):
        bench.write(put("bad"))
    assert bench.lines() == []
    assert emitted == []
    bench.put("good")
    assert emitted == ["good"]


def test_one_bad_command_in_a_batch_fails_alone(bench: Bench) -> None:
    emitted: list[Any] = []
    bench.db.on_commit(emitted.extend)
    results = outcomes(bench, "a", "b", "bad", "c")
    assert [r for r in results if isinstance(r, str)] == ["a", "b", "c"]
    assert isinstance(results[2], ValueError)
    assert bench.lines() == ["a", "b", "c"]
    assert emitted == ["a", "b", "c"]


def test_what_one_caller_wrote_behind_an_unforeseen_failure_waits_for_it(bench: Bench) -> None:
    heard: dict[str, Any] = {}

    class Caller:
        def done(self, item: str, result: Any) -> None:
            heard[item] = result

    async def talk() -> None:
        one, other = Caller(), Caller()
        for text, caller in [("a", one), ("bad", one), ("b", one), ("c", other)]:
            bench.db.submit(put_all, text, caller.done)
        await bench.db.write(put("d"))
        bench.db.submit(put_all, "e", one.done)
        await bench.db.write(put("f"))

    bench.run(talk())
    assert isinstance(heard["bad"], ValueError)
    assert isinstance(heard["b"], UnavailableError)
    assert [heard[text] for text in "ace"] == ["a", "c", "e"]
    assert bench.lines() == ["a", "c", "d", "e", "f"]


def test_no_write_overtakes_one_that_was_turned_away(bench: Bench) -> None:
    """The caller of the second write could know that somebody's commit failed, and not that its own first write was
    turned away because of it."""
    heard: dict[str, Any] = {}
    begun, go_on = threading.Event(), threading.Event()

    class Caller:
        def done(self, item: str, result: Any) -> None:
            heard[item] = result

    def spoil(tx: Tx, items: list[Any]) -> list[Any]:
        begun.set()
        go_on.wait(30)
        tx.execute("rollback")
        return items

    async def talk() -> None:
        caller, again = Caller(), asyncio.get_running_loop().create_future()

        def second(*_: Any) -> None:
            assert not heard
            bench.db.submit(put_all, "second", caller.done)
            again.set_result(None)

        bench.db.submit(spoil, "spoilt", second)
        await asyncio.to_thread(begun.wait, 30)
        bench.db.submit(put_all, "first", caller.done)
        go_on.set()
        await again
        await bench.db.write(put("of somebody else"))

    bench.run(talk())
    assert isinstance(heard["first"], UnavailableError)
    assert isinstance(heard["second"], UnavailableError)
    assert bench.lines() == ["of somebody else"]


def test_a_broken_constraint_fails_alone_too(bench: Bench) -> None:
    results = outcomes(bench, "a", "a", "b")
    assert [isinstance(one, Exception) for one in results] == [False, True, False]
    assert bench.lines() == ["a", "b"]


def test_writes_that_come_together_share_a_commit(bench: Bench) -> None:
    commits: list[int] = []
    bench.db.on_commit(lambda items: commits.append(len(items)))
    texts = [f"{n:03}" for n in range(200)]
    assert outcomes(bench, *texts) == texts
    assert sum(commits) == 200
    assert len(commits) < 20
    assert bench.lines() == texts


def test_a_savepoint_undoes_rows_and_emitted_items(bench: Bench) -> None:
    emitted: list[Any] = []
    bench.db.on_commit(emitted.extend)

    def command(tx: Tx) -> None:
        put("kept")(tx)
        with suppress(ValueError), tx.savepoint():
            put("inner")(tx)
            put("bad")(tx)

    bench.write(command)
    assert bench.lines() == ["kept"]
    assert emitted == ["kept"]


def test_many_rows_go_in_with_one_call_and_conflicts_are_counted(bench: Bench) -> None:
    rows = [[f"{n}"] for n in range(301)]
    assert bench.write(lambda tx: tx.insert_many("line", ["text"], rows)) == 301
    more = [["300"], ["301"]]
    tail = "on conflict do nothing"
    assert bench.write(lambda tx: tx.insert_many("line", ["text"], more, tail)) == 1
    assert len(bench.lines()) == 302


def test_a_lock_held_by_another_is_named_and_does_no_lasting_harm(bench: Bench) -> None:
    with bench.locked(), pytest.raises(UnavailableError):
        bench.put("a")
    assert bench.lines() == []
    bench.put("b")
    assert bench.lines() == ["b"]


def test_too_long_a_queue_turns_new_writes_away_and_loses_none_of_the_others(bench: Bench) -> None:
    results: list[Any] = []

    async def flood() -> None:
        all_done = asyncio.get_running_loop().create_future()

        def done(_: Any, result: Any) -> None:
            results.append(result)
            if len(results) == MAX_BACKLOG + 100:
                all_done.set_result(None)

        for n in range(MAX_BACKLOG + 100):
            bench.db.submit(put_all, str(n), done)
        assert bench.db.backlog == MAX_BACKLOG
        await all_done

    bench.run(flood())
    turned_away = [one for one in results if isinstance(one, UnavailableError)]
    assert len(turned_away) == 100
    assert bench.lines() == [str(n) for n in range(MAX_BACKLOG)]
    assert bench.db.backlog == 0
    bench.put("after")


def test_stopping_commits_what_is_queued(bench: Bench) -> None:
    async def ask_and_stop() -> list[Any]:
        results: list[Any] = []
        for n in range(50):
            bench.db.submit(put_all, str(n), lambda _, result: results.append(result))
        await bench.db.stop()
        return results

    assert bench.run(ask_and_stop()) == [str(n) for n in range(50)]


def test_a_closed_database_says_so(bench: Bench) -> None:
    bench.run(bench.db.stop())
    with pytest.raises(UnavailableError):
        bench.put("a")
    with pytest.raises(UnavailableError):
        bench.lines()


def test_the_epoch_stays_the_same_over_a_restart(bench: Bench) -> None:
    epoch = bench.db.epoch
    assert len(epoch) == 36
    bench.run(bench.db.stop())
    bench.run(bench.db.start())
    assert bench.db.epoch == epoch


def test_a_listener_that_fails_keeps_the_news_from_nobody_else(bench: Bench) -> None:
    heard: list[Any] = []

    def deaf(_: list[Any]) -> None:
        raise ValueError("cannot hear")

    bench.db.on_commit(deaf)
    bench.db.on_commit(heard.extend)

    def deaf_caller(_: Any, __: Any) -> None:
        raise ValueError("cannot hear either")

    async def two_writes() -> None:
        bench.db.submit(put_all, "a", deaf_caller)
        await bench.db.write(lambda tx: tx.emit("news"))

    bench.run(two_writes())
    assert heard == ["a", "news"]
    assert bench.lines() == ["a"]
