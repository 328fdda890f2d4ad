"""A desk whose webhooks may reach loopback, with a receiver there."""

from typing import Any

import httpx
import msgspec

from cast import Office
from receiver import Got, Receiver
from running import Running

EVENTS = ["conversation.opened", "message.added", "conversation.closed", "contact.changed"]


def reaching_loopback(running: Running) -> Running:
    """Before its start."""
    running.settings = msgspec.structs.replace(running.settings, outward_networks="127.0.0.0/8")
    return running


class Hooked:
    """An admin's browser on a desk, and what the admin does with webhooks."""

    def __init__(self, desk: Running, receiver: Receiver) -> None:
        self.desk = desk
        self.receiver = receiver
        self.office: Office = desk.cast.stroom
        self.admin: httpx.Client = desk.sign_in(self.office, "sanne")

    def add(self, path: str = "/hook", events: list[str] | None = None, **more: Any) -> tuple[str, str]:
        """The new webhook's id and secret."""
        body = {"url": self.receiver.url + path, "events": events or EVENTS, **more}
        answer = self.admin.post("/v1/webhooks", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["webhook"]["id"], answer.json()["secret"]

    def one(self, webhook: str) -> dict[str, Any]:
        items: list[dict[str, Any]] = self.admin.get("/v1/webhooks").json()["items"]
        return next(item for item in items if item["id"] == webhook)

    def change(self, webhook: str, **changes: Any) -> httpx.Response:
        known = self.one(webhook)
        body = {key: known[key] for key in ("url", "description", "events", "active")} | changes
        return self.admin.put(f"/v1/webhooks/{webhook}", json=body)

    def log(self, webhook: str, **query: Any) -> list[dict[str, Any]]:
        """Newest first."""
        answer = self.admin.get(f"/v1/webhooks/{webhook}/deliveries", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def settle(self) -> None:
        """Let the loops do all that is due at the desk's own time."""

        async def work() -> None:
            backstage = self.desk.app.backstage
            before: list[Any] = []
            while True:
                for loop in backstage.worker._loops.values():
                    if loop.name != "courier":
                        await loop.run()
                await backstage.courier.run()
                await backstage.courier.settle_all()
                now = await self.desk.db.read(
                    lambda tx: tx.all("select number, state, attempts from delivery order by number")
                )
                if now == before:
                    return
                before = now

        self.desk.run(work)

    def later(self, seconds: float) -> None:
        """Move the clock and let everything due happen."""
        self.desk.clock.advance(seconds)
        self.settle()
        if seconds > 1_800:
            self.admin = self.desk.sign_in(self.office, "sanne")  # the session may have ended meanwhile

    def got(self, count: int) -> list[Got]:
        self.settle()
        return self.receiver.wait_for(count)
