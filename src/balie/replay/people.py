"""The two sides of a replay: a visitor with one conversation, a console in which an agent attends many."""

import asyncio
from typing import Any

import msgspec

from balie.replay import wire
from balie.replay.ledger import Script
from balie.replay.link import Link
from balie.replay.web import Web

_LOG_PAGE = 200


class _Session(msgspec.Struct):
    token: str
    ticket: str


class _Ticket(msgspec.Struct):
    ticket: str
    token: str | None = None


class _Numbered(msgspec.Struct):
    seq: int


class _Snapshot(msgspec.Struct):
    conversation: _Numbered
    log: list[wire.Fact]
    more: bool = False


class _Page(msgspec.Struct):
    log: list[wire.Fact]
    more: bool = False


class Visitor(Link):
    """One browser on the site. Sees facts of its own conversation only."""

    side = "visitor"

    def __init__(self, web: Web, inbox: str, script: Script) -> None:
        super().__init__(web)
        self._inbox = inbox
        self._script = script
        self._seqs: dict[str, int] = {}
        self._first_ticket: str | None = None

    async def ticket(self) -> str:
        if not self.web.token:
            session = await self.web.call(
                "POST", "/v1/visitor/sessions", {"inbox": self._inbox}, type=_Session
            )
            self.web.token = session.token
            return session.ticket
        answer = await self.web.call("POST", "/v1/visitor/tickets", {}, type=_Ticket)
        self.web.token = answer.token or self.web.token
        return answer.ticket

    def cursor(self) -> dict[str, Any]:
        return {"streams": self._seqs}

    def on_fact(self, fact: wire.Fact) -> None:
        known = self._seqs.get(fact.stream, 0)
        if fact.seq > known + 1:
            self.reconnect()
        elif fact.seq == known + 1:
            self._seqs[fact.stream] = fact.seq
            if fact.kind == "message_added":
                self._script.show("visitor", fact.body.cid)

    def on_resync(self, resync: wire.Resync) -> None:
        for conversation in resync.visitor.conversations if resync.visitor else []:
            known = self._seqs.get(conversation.id, 0)
            for fact in conversation.log:
                if fact.seq > known and fact.kind == "message_added":
                    self._script.show("visitor", fact.body.cid)
            self._seqs[conversation.id] = max(known, conversation.seq)


class Console(Link):
    """An agent's open console. Gets the facts of every conversation the agent may read, in global order."""

    side = "agent"
    pace_per_s = 80.0

    def __init__(self, web: Web) -> None:
        super().__init__(web)
        self._position: int | None = None
        self._seqs: dict[str, int] = {}
        self._scripts: dict[str, Script] = {}
        self._waiting: set[Script] = set()
        self._missed = False
        self._fetching: dict[str, list[wire.Fact]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def attend(self, script: Script) -> None:
        """From now on the messages of this dialogue are shown here."""
        self._waiting.add(script)

    def known(self, script: Script, conversation: str) -> None:
        """The visitor knows the conversation's id; after a resync its beginning may be missing here."""
        if self._missed and conversation not in self._seqs:
            self._scripts[conversation] = script
            self._fetch(conversation)

    def leave(self, script: Script) -> None:
        self._waiting.discard(script)
        if script.conversation is not None:
            self._scripts.pop(script.conversation, None)
            self._seqs.pop(script.conversation, None)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await super().stop()

    async def ticket(self) -> str:
        return (await self.web.call("POST", "/v1/session/ticket", {}, type=_Ticket)).ticket

    def cursor(self) -> dict[str, Any]:
        return {} if self._position is None else {"position": self._position}

    def on_fact(self, fact: wire.Fact) -> None:
        if self._position is not None and fact.pos <= self._position:
            return
        self._position = fact.pos
        self._take(fact)

    def on_resync(self, resync: wire.Resync) -> None:
        self._missed = self._position is not None
        self._position = resync.agent.position if resync.agent else 0
        if self._missed:
            for script in (*self._waiting, *self._scripts.values()):
                if script.conversation is not None:
                    self._scripts[script.conversation] = script
                    self._fetch(script.conversation)

    def _take(self, fact: wire.Fact) -> None:
        if fact.stream in self._fetching:
            self._fetching[fact.stream].append(fact)
            return
        known = self._seqs.get(fact.stream)
        if known is None:
            if fact.seq > 1 and fact.stream not in self._scripts:
                return  # a conversation of somebody else's, older than this replay
        elif fact.seq <= known:
            return
        elif fact.seq > known + 1:
            self.reconnect()
            return
        self._seqs[fact.stream] = fact.seq
        self._show(fact)

    def _show(self, fact: wire.Fact) -> None:
        if fact.kind != "message_added":
            return
        script = self._scripts.get(fact.stream)
        if script is None:
            script = next((s for s in self._waiting if s.knows(fact.body.cid)), None)
            if script is None:
                return
            self._waiting.discard(script)
            self._scripts[fact.stream] = script
        script.conversation = fact.stream
        script.show("agent", fact.body.cid)

    # Catching up over HTTP

    def _fetch(self, conversation: str) -> None:
        if conversation in self._fetching:
            return
        self._fetching[conversation] = []
        task = asyncio.create_task(self._fetched(conversation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fetched(self, conversation: str) -> None:
        seq, facts = await log_of(self.web, conversation)
        known = self._seqs.get(conversation, 0)
        for fact in facts:
            if fact.seq > known:
                self._show(fact)
        self._seqs[conversation] = max(known, seq)
        for fact in self._fetching.pop(conversation):
            self._take(fact)


async def log_of(web: Web, conversation: str) -> tuple[int, list[wire.Fact]]:
    """A conversation's seq and whole log, over HTTP."""
    snapshot = await web.call("GET", f"/v1/conversations/{conversation}", type=_Snapshot)
    facts, more = snapshot.log, snapshot.more
    while more and facts:
        path = f"/v1/conversations/{conversation}/facts?before={facts[0].seq}&limit={_LOG_PAGE}"
        page = await web.call("GET", path, type=_Page)
        facts, more = page.log + facts, page.more
    return snapshot.conversation.seq, facts
