"""Reads the whole log, or a part of it, and finds what is not as it was stored. Constant memory: a page of streams at a
time, each in one snapshot, so that it can run beside a busy desk."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import msgspec

from balie.desk import rows
from balie.engine.ports import Blobs, DamagedError, Row
from balie.engine.whole import Reader, Whole, whole
from balie.keep.files import Files, noted
from balie.keep.streams import FACT_COLUMNS, TEXTS, Checked, Damage, Head, check, name_of

STREAMS_AT_ONCE = 200
KEYS_AT_ONCE = 2_000
FACTS_FOR_HELPERS = 200_000
"""So many facts are worth the start of processes of their own."""
LAST = "zzzz"
"""Sorts behind every id."""

_CONVERSATION = rows.COLUMNS.split(", ")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to check. Without any choice: everything, and the engine's own check too.

    ``conversations`` are ids or numbers. ``since``: only conversations in which something happened from then on (UTC
    milliseconds)."""

    conversations: Sequence[str] = ()
    organisation: str = ""
    since: int | None = None

    @property
    def everything(self) -> bool:
        return not self.conversations and not self.organisation and self.since is None


class Report(msgspec.Struct):
    """What was looked at and what was found. ``own_check``: what the engine says, ``own_check_named``: by which check;
    empty when there was none. ``flaws``: files that are missing or damaged, in words."""

    conversations: int = 0
    facts: int = 0
    erased: int = 0
    keys: int = 0
    damage: list[Damage] = msgspec.field(default_factory=list)
    own_check: list[str] = msgspec.field(default_factory=list)
    own_check_named: str = ""
    files: int = 0
    flaws: list[str] = msgspec.field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.damage and not self.own_check and not self.flaws


class UnknownError(Exception):
    """There is no such conversation or organisation."""


Told = Callable[[str, int, int], None]
"""``told(what is being checked, done, of how many)``."""


def verify(
    url: str,
    wanted: Wanted,
    told: Told = lambda *_: None,
    jobs: int | None = None,
    *,
    blobs: Blobs | None = None,
) -> Report:
    """Check the database at ``url``, and the files it refers to where their store is given. Raises UnknownError,
    UnavailableError, and DamagedError when not even the list of conversations can be read."""
    store = whole(url)
    report = Report()
    if wanted.everything:
        told("pages", 0, 1)
        report.own_check_named = store.own_check_named()
        if report.own_check_named:
            report.own_check = _own_check(store)
        told("pages", 1, 1)
    with store.snapshot() as reader:
        selected = _selected(reader, wanted)
        total = _facts(reader, selected)
    jobs = jobs or (os.cpu_count() or 1 if total > FACTS_FOR_HELPERS else 1)
    told("log", 0, total)
    for checked, conversations in _pages(store, url, selected, jobs):
        report.conversations += conversations
        report.facts += checked.facts
        report.erased += checked.erased
        report.damage += checked.damage
        told("log", report.facts, max(total, report.facts))
    if wanted.everything:
        try:
            for count, damage in _message_keys(store):
                report.keys += count
                report.damage += damage
                told("keys", report.keys, 0)
        except DamagedError as error:
            report.own_check.append(f"the keys of the messages cannot all be read: {error}")
        if blobs is not None:
            _check_files(store, blobs, report, told)
    return report


def _check_files(store: Whole, blobs: Blobs, report: Report, told: Told) -> None:
    with store.snapshot() as reader, Files(blobs) as files:
        for blob in noted(reader):
            report.files += 1
            told("files", report.files, 0)
            flaw = files.flaw(blob)
            if flaw:
                report.flaws.append(flaw)


def _own_check(store: Whole) -> list[str]:
    try:
        return list(store.own_check())
    except DamagedError as error:  # so bad that the check itself gives up
        return [str(error)]


# Which streams


class Selected(msgspec.Struct, frozen=True):
    """A condition on ``stream_head``, the heads of all streams. ``whole``: no stream is left out, so a log without a
    head is found too."""

    where: str = "1 = 1"
    params: Sequence[Any] = ()
    whole: bool = True


_HEADS = (
    "(select id, organisation, seq, number, last_at from conversation"
    " union all select id, organisation, seq, 0, 0 from stream)"
)


def _selected(reader: Reader, wanted: Wanted) -> Selected:
    where, params = [], []
    if wanted.organisation:
        found = reader.all("select id from organisation where id = ? or name = ?", [wanted.organisation] * 2)
        if len(found) != 1:
            raise UnknownError(
                f"There is {'no' if not found else 'more than one'} organisation {wanted.organisation}."
            )
        where.append("organisation = ?")
        params.append(found[0][0])
    if wanted.conversations:
        ids: list[str] = []
        for name in wanted.conversations:
            number = int(name.lstrip("#")) if name.lstrip("#").isdecimal() else 0
            here = f" and {where[0]}" if wanted.organisation else ""
            found = reader.all(
                f"select id from conversation where (id = ? or number = ?){here}", [name, number, *params[:1]]
            )
            if not found:
                raise UnknownError(f"There is no conversation {name}.")
            ids += [row[0] for row in found]
        where.append(f"id in ({','.join('?' * len(ids))})")
        params += ids
    if wanted.since is not None:
        where.append("last_at >= ?")
        params.append(wanted.since)
    return Selected(" and ".join(where), params, False) if where else Selected()


def _facts(reader: Reader, selected: Selected) -> int:
    found = reader.all(
        f"select coalesce(sum(seq), 0) from {_HEADS} h where {selected.where}", selected.params
    )
    return int(found[0][0])


# The log, page by page


def _pages(store: Whole, url: str, selected: Selected, jobs: int) -> Iterator[tuple[Checked, int]]:
    """The findings of each page of streams, and how many conversations it held."""
    with store.snapshot() as reader:
        places = _places(reader, selected)
    if jobs == 1 or len(places) < 2 * jobs:
        for place in places:
            yield _checked(store, selected, place)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _open, (url,)) as helpers:
        yield from _in_helpers(helpers, selected, places, jobs)


def _in_helpers(
    helpers: Executor, selected: Selected, places: Sequence[tuple[str, str]], jobs: int
) -> Iterator[tuple[Checked, int]]:
    todo = iter(places)
    running = [
        helpers.submit(_help, selected, place) for _, place in zip(range(4 * jobs), todo, strict=False)
    ]
    while running:
        yield running.pop(0).result()
        for place in todo:
            running.append(helpers.submit(_help, selected, place))
            break


_opened: dict[str, Whole] = {}


def _open(url: str) -> None:
    _opened["store"] = whole(url)


def _help(selected: Selected, place: tuple[str, str]) -> tuple[Checked, int]:
    return _checked(_opened["store"], selected, place)


def _places(reader: Reader, selected: Selected) -> list[tuple[str, str]]:
    """The ids of all streams in parts of STREAMS_AT_ONCE: after which id a part begins, and at which it ends."""
    bounds: list[str] = [""]
    last = ""
    for piece in reader.pieces(
        f"select id from {_HEADS} h where {selected.where} order by id", selected.params
    ):
        for start in range(STREAMS_AT_ONCE - 1, len(piece), STREAMS_AT_ONCE):
            bounds.append(piece[start][0])
        last = piece[-1][0]
    if bounds[-1] != last or selected.whole:
        bounds.append(LAST)
    return list(pairwise(bounds))


def _checked(store: Whole, selected: Selected, place: tuple[str, str]) -> tuple[Checked, int]:
    """One part, in one snapshot. Where the engine cannot read the part as a whole, each stream alone."""
    try:
        with store.snapshot() as reader:
            heads, bad = _heads(reader, selected, place)
            checked = check(heads, _facts_of(reader, selected, place, heads))
            checked.damage += bad
            checked.damage += _facts_without_key(reader, checked, {head.id: head.name for head in heads})
    except DamagedError:
        return _one_by_one(store, selected, place)
    return checked, sum(1 for head in heads if head.number)


def _one_by_one(store: Whole, selected: Selected, place: tuple[str, str]) -> tuple[Checked, int]:
    with store.snapshot(lenient=True) as reader:
        heads, bad = _heads(reader, selected, place)
    checked = Checked(damage=list(bad))
    for head in heads:
        alone = Selected("id = ?", [head.id], False)
        try:
            with store.snapshot(lenient=True) as reader:
                one = check([head], _facts_of(reader, alone, place, [head]))
        except DamagedError as error:
            checked.damage.append(Damage(head.id, head.name, 0, f"the engine cannot read it: {error}"))
        else:
            checked.facts += one.facts
            checked.erased += one.erased
            checked.damage += one.damage
    return checked, sum(1 for head in heads if head.number)


def _heads(reader: Reader, selected: Selected, place: tuple[str, str]) -> tuple[list[Head], list[Damage]]:
    heads: list[Head] = []
    bad: list[Damage] = []
    params = [*place, *selected.params]
    for r in reader.all(
        f"select {rows.COLUMNS} from conversation where id > ? and id <= ? and {selected.where}", params
    ):
        here = dict(zip(_CONVERSATION, r, strict=True))
        head = Head(here["id"], here["organisation"], here["seq"], here["chain"], here["number"])
        try:
            row = rows.row_of(r)
        except (msgspec.DecodeError, UnicodeError):
            bad.append(Damage(head.id, head.name, 0, "its row in the list cannot be read"))
            heads.append(head)
        else:
            heads.append(msgspec.structs.replace(head, row=row))
    if "last_at" in selected.where:
        return heads, bad
    where = f"id > ? and id <= ? and {selected.where}"
    found = reader.all(f"select id, organisation, seq, chain from stream where {where}", params)
    return heads + [Head(r[0], r[1], r[2], r[3]) for r in found], bad


def _facts_of(
    reader: Reader, selected: Selected, place: tuple[str, str], heads: Sequence[Head]
) -> Iterator[list[Row]]:
    if selected.whole:
        where, params = "stream > ? and stream <= ?", list(place)
    elif heads:
        where, params = f"stream in ({','.join('?' * len(heads))})", [head.id for head in heads]
    else:
        return iter(())
    return reader.pieces(f"select {FACT_COLUMNS} from fact where {where} order by stream, seq", params)


# The keys that make a repeat harmless


def _facts_without_key(reader: Reader, checked: Checked, names: dict[str, str]) -> Iterator[Damage]:
    """Messages whose key is gone or leads elsewhere: their repeat would be stored twice."""
    for start in range(0, len(checked.keys), 500):
        part = checked.keys[start : start + 500]
        found = reader.all(
            f"select external_id, conversation, seq from message where external_id in ({','.join('?' * len(part))})",
            [cid for cid, _, _ in part],
        )
        stored = {tuple(row) for row in found}
        for cid, stream, seq in part:
            if (cid, stream, seq) not in stored:
                word = "its key is gone, so a repeat of it would be stored again"
                yield Damage(stream, names.get(stream, stream), seq, word)


class _Cid(msgspec.Struct):
    cid: str


def _message_keys(store: Whole) -> Iterator[tuple[int, list[Damage]]]:
    """Keys that lead to no message, page by page; how many were read."""
    last: tuple[Any, ...] = ("", "", "", "")
    while True:
        try:
            found = _page_of_keys(store, last, lenient=False)
        except DamagedError:
            found = _page_of_keys(store, last, lenient=True)
        if not found:
            return
        last = tuple(found[-1][:4])
        yield (
            len(found),
            [
                Damage(r[4], name_of(r[4], r[8]), r[5], "a key leads here, and not to a message of its own")
                for r in found
                if r[6] not in TEXTS or (r[7] is not None and _cid(r[7]) != r[0])
            ],
        )


def _page_of_keys(store: Whole, last: Sequence[str], *, lenient: bool) -> list[Row]:
    with store.snapshot(lenient=lenient) as reader:
        return reader.all(
            "select m.external_id, m.sender, m.inbox, m.organisation, m.conversation, m.seq, f.kind, f.body,"
            " c.number from message m left join fact f on f.stream = m.conversation and f.seq = m.seq"
            " left join conversation c on c.id = m.conversation"
            " where (m.external_id, m.sender, m.inbox, m.organisation) > (?, ?, ?, ?)"
            " order by m.external_id, m.sender, m.inbox, m.organisation limit ?",
            [*last, KEYS_AT_ONCE],
        )


def _cid(body: str) -> str | None:
    try:
        return msgspec.json.decode(body.encode(errors="surrogateescape"), type=_Cid).cid
    except msgspec.DecodeError:
        return None
