"""Plays dialogues: who speaks when, taking turns as people do, and what counts as having arrived."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import msgspec

from balie.replay.dialogues import Dialogue
from balie.replay.ledger import Script, Tally, Turn
from balie.replay.link import Link, Parcel
from balie.replay.people import Console, Visitor, log_of
from balie.replay.web import DeskError, Web

ARRIVAL_S = 120.0
"""How long a message may take to reach the other side, restarts included, before it counts as lost."""
ENTRY_S = 180.0
"""How long a visitor waits to be let in."""
SIGN_IN_S = 2.0
"""A wrong address should be told soon; later on a desk that is away may be restarting."""
CHATS_PER_CONSOLE = 5


class Plan(msgspec.Struct, kw_only=True):
    """How to play. ``speed`` divides the recorded times; none plays as fast as the answers come. Empty
    ``inbox`` and ``origin`` are filled in from the desk's list. ``keep_open``: conversations stay open."""

    url: str
    speed: float | None
    concurrency: int
    inbox: str
    origin: str
    agent: str
    password: str
    keep_open: bool = False


class _Me(msgspec.Struct):
    id: str


class _SignedIn(msgspec.Struct):
    me: _Me


class _Inbox(msgspec.Struct, rename="camel"):
    key: str
    allowed_origins: list[str] = []


class _Inboxes(msgspec.Struct):
    items: list[_Inbox]


async def play(
    dialogues: Sequence[Dialogue], plan: Plan, on_progress: Callable[[Tally], None]
) -> tuple[Tally, list[Script]]:
    """Play all, ``concurrency`` at once. The scripts that failed come back with their reason."""
    agent = Web(plan.url, plan.url.rstrip("/"))
    person = {"email": plan.agent, "password": plan.password}
    me = (await agent.call("POST", "/v1/session", person, type=_SignedIn, patience_s=SIGN_IN_S)).me
    plan = await _completed(agent, plan)
    consoles = [Console(agent) for _ in range(-(-min(plan.concurrency, len(dialogues)) // CHATS_PER_CONSOLE))]
    for console in consoles:
        console.start()
    tally, failed = Tally(), []
    slots = asyncio.Semaphore(plan.concurrency)

    async def one(dialogue: Dialogue, console: Console) -> None:
        async with slots:
            script, visitor = await _Scene(dialogue, console, agent, me.id, plan).run()
        tally.add(script)
        tally.reconnects += visitor.reconnects
        tally.resent += visitor.resent
        if script.failure is not None:
            failed.append(script)
        on_progress(tally)

    try:
        for console in consoles:
            await console.ready.wait()
            if console.failed is not None:
                raise console.failed
        await asyncio.gather(*(one(d, consoles[i % len(consoles)]) for i, d in enumerate(dialogues)))
    finally:
        for console in consoles:
            await console.stop()
            tally.reconnects += console.reconnects
            tally.resent += console.resent
    return tally, failed


async def _completed(agent: Web, plan: Plan) -> Plan:
    """The plan with inbox and origin filled in from the desk's own list where the caller named none."""
    inboxes = await agent.call("GET", "/v1/inboxes", type=_Inboxes)
    inbox = next((i for i in inboxes.items if plan.inbox in ("", i.key)), None)
    if inbox is None:
        which = f"no inbox with key {plan.inbox}" if plan.inbox else "no inbox"
        raise DeskError(404, "inbox_unknown", f"the desk has {which}")
    own = plan.url.rstrip("/")
    origin = plan.origin or next((o for o in inbox.allowed_origins if "*" not in o), own)
    return msgspec.structs.replace(plan, inbox=inbox.key, origin=origin)


class _Scene:
    """One dialogue, from the visitor's session to the agent's closing."""

    def __init__(self, dialogue: Dialogue, console: Console, agent: Web, me: str, plan: Plan) -> None:
        self._script = Script(dialogue)
        self._console = console
        self._agent = agent
        self._me = me
        self._plan = plan
        self._visitor = Visitor(Web(plan.url, plan.origin), plan.inbox, self._script)
        self._acks: list[asyncio.Task[None]] = []
        self._taken = False

    async def run(self) -> tuple[Script, Visitor]:
        script = self._script
        self._console.attend(script)
        self._visitor.start()
        try:
            await self._enter()
            await self._speak()
            await self._settle()
            await self._compare()
        except (DeskError, _StalledError) as error:
            script.failure = str(error)
            with contextlib.suppress(DeskError):
                await self._compare()
        finally:
            for task in self._acks:
                task.cancel()
            await self._visitor.stop()
            self._console.leave(script)
        return script, self._visitor

    async def _enter(self) -> None:
        """The clock starts when the visitor's chat window is open: a desk that admits few at once only delays that."""
        try:
            await asyncio.wait_for(self._visitor.ready.wait(), ENTRY_S)
        except TimeoutError:
            raise _StalledError(f"the visitor was not let in within {ENTRY_S:.0f} s") from None
        if self._visitor.failed is not None:
            raise self._visitor.failed

    async def _speak(self) -> None:
        start = asyncio.get_running_loop().time()
        heard: Turn | None = None
        for turn in self._script.turns:
            if self._plan.speed is not None:
                due = start + turn.said.at / self._plan.speed
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            before = self._script.turns[turn.index - 1] if turn.index else None
            if before is not None and before.said.who != turn.said.who:
                heard = before
            if heard is not None and heard.said.who != turn.said.who:
                await self._arrived(heard)
            if turn.said.who == "agent":
                await self._take()
            self._post(turn)

    def _post(self, turn: Turn) -> None:
        person: Link = self._visitor if turn.said.who == "visitor" else self._console
        parcel = Parcel(turn.cid, turn.said.text, self._script.conversation)
        turn.sent_at = asyncio.get_running_loop().time()
        person.post(parcel)
        self._acks.append(asyncio.create_task(self._acked(turn, parcel)))

    async def _acked(self, turn: Turn, parcel: Parcel) -> None:
        try:
            ack = await parcel.acked
        except DeskError as error:
            turn.refused = True
            self._script.failure = f"message {turn.index + 1} was refused: {error}"
            return
        turn.acked = True
        self._console.known(self._script, ack.conversation)
        if self._script.conversation is None:
            self._script.conversation = ack.conversation

    async def _take(self) -> None:
        """The agent takes the conversation before the first answer."""
        if not self._taken:
            self._taken = True
            path = f"/v1/conversations/{self._script.conversation}/assignment"
            await self._agent.call("PUT", path, {"agent": self._me}, type=object)

    async def _arrived(self, turn: Turn) -> None:
        try:
            await asyncio.wait_for(turn.seen.wait(), ARRIVAL_S)
        except TimeoutError:
            late = f"message {turn.index + 1} did not arrive in {ARRIVAL_S:.0f} s"
            raise _StalledError(self._script.failure or late) from None

    async def _settle(self) -> None:
        """Wait until all is acked and on both screens."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ARRIVAL_S
        while not self._script.complete:
            if self._script.failure is not None:
                raise _StalledError(self._script.failure)
            if loop.time() > deadline:
                raise _StalledError(f"not everything arrived within {ARRIVAL_S:.0f} s after the last message")
            await asyncio.sleep(0.02)

    async def _compare(self) -> None:
        """Hold the screens against the desk's own log, and close the conversation."""
        if self._script.conversation is None:
            return
        _, facts = await log_of(self._agent, self._script.conversation)
        self._script.store(
            [(fact.body.cid, fact.body.text) for fact in facts if fact.kind == "message_added"]
        )
        if not self._plan.keep_open:
            await self._agent.call(
                "PUT", f"/v1/conversations/{self._script.conversation}/closure", {}, type=object
            )


class _StalledError(Exception):
    """The dialogue cannot go on."""
