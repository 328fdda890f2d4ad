"""Sends a delivery to its endpoint by HTTP, signed, and says what the answer means."""

from email.utils import parsedate_to_datetime

from balie import __version__
from balie.desk.deliveries import Claimed, Outcome, Settled
from balie.desk.log import Writer
from balie.edge.outward import Answer, Outward, OutwardError
from balie.engine.ports import Database
from balie.features.webhooks import commands, signing, store
from balie.lib.clock import Clock
from balie.lib.text import clean

EXCERPT = 2_000
"""Characters kept of a request's head and of an answer."""
GONE = 410
_MAY_PASS = frozenset({408, 425, 429})
_TOLD = ("content-type", "content-length", "retry-after", "location", "server", "date")


class WebhookSender:
    """The sender of the channel. A receiver knows a repeat by its webhook-id, so repeats are safe."""

    repeatable = True

    def __init__(self, db: Database, clock: Clock, outward: Outward) -> None:
        self._db = db
        self._clock = clock
        self._outward = outward

    async def send(self, one: Claimed) -> Outcome:
        now = self._clock.now()
        endpoint = await self._db.read(lambda tx: store.endpoint(tx, one.organisation, one.target, now))
        if endpoint is None or not endpoint.active:
            return Outcome(result="refused", reason="the webhook is off")
        body = one.body.encode()
        headers = [
            ("content-type", "application/json"),
            ("user-agent", f"Balie/{__version__}"),
            *signing.headers(endpoint.secrets, one.key, now // 1000, body),
        ]
        request = "\n".join([f"POST {endpoint.url}", *(f"{name}: {value}" for name, value in headers)])[
            :EXCERPT
        ]
        try:
            answer = await self._outward.post(endpoint.url, headers, body)
        except OutwardError as error:
            return Outcome(
                result="refused" if error.lasting else "retry", reason=error.reason, request=request
            )
        return self._read(answer, request)

    def settled(self, writer: Writer, one: Claimed, outcome: Outcome, settled: Settled) -> None:
        failing_ms = writer.now - settled.failing_since if settled.failing_since is not None else 0
        if outcome.status == GONE:
            commands.disable(writer, one.organisation, one.target, "gone")
        elif failing_ms >= commands.FAILING_MS:
            commands.disable(writer, one.organisation, one.target, "failing")

    def _read(self, answer: Answer, request: str) -> Outcome:
        status = answer.status
        response = _excerpt(answer)
        if 200 <= status < 300:
            return Outcome(result="sent", status=status, request=request, response=response)
        if status >= 500 or status in _MAY_PASS:
            wait_s = self._retry_after_s(answer.headers.get("retry-after", ""))
            return Outcome(
                result="retry",
                reason=f"answered {status}",
                status=status,
                retry_after_s=wait_s,
                request=request,
                response=response,
            )
        told = " (redirects are not followed)" if 300 <= status < 400 else ""
        return Outcome(
            result="refused",
            reason=f"answered {status}{told}",
            status=status,
            request=request,
            response=response,
        )

    def _retry_after_s(self, text: str) -> float | None:
        """Seconds or a date (RFC 9110 §10.2.3); none for anything else."""
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            at = parsedate_to_datetime(text)
            return max(0.0, at.timestamp() - self._clock.now() / 1000)
        except (TypeError, ValueError, OverflowError):
            return None


def _excerpt(answer: Answer) -> str:
    head = [f"{name}: {answer.headers[name]}" for name in _TOLD if name in answer.headers]
    text = clean(answer.body.decode("utf-8", "replace"))
    return clean("\n".join([f"HTTP {answer.status}", *head, "", text])[:EXCERPT])
