"""An agent who answers over the public HTTP resources, with an open socket so that visitors see somebody there."""

import json
import time
from contextlib import ExitStack, suppress
from threading import Thread
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed

from balie.lib.ids import new_cid
from running import Running


class DeskAgent:
    def __init__(self, desk: Running, name: str) -> None:
        self._http = desk.agent(desk.cast.stroom, name)
        ticket = self._http.post("/v1/session/ticket").raise_for_status().json()["ticket"]
        self._open = ExitStack()
        self._socket = self._open.enter_context(desk.socket(ticket))
        self.say_frame("hello", {"dev": "test"})
        self.me = desk.cast.stroom.agents[name]
        Thread(target=self._drain, daemon=True).start()

    def say_frame(self, kind: str, data: dict[str, Any]) -> None:
        self._socket.send(json.dumps({"t": kind, "d": data}))

    def conversation_with(self, text: str) -> str:
        """The conversation whose last message is ``text``."""
        items = self._http.get("/v1/conversations?view=all&limit=50").raise_for_status().json()["items"]
        return next(item["id"] for item in items if item["last"] and item["last"]["text"] == text)

    def take(self, conversation: str) -> None:
        self._http.put(
            f"/v1/conversations/{conversation}/assignment", json={"agent": self.me.id}
        ).raise_for_status()

    def say(self, conversation: str, text: str) -> None:
        body = {"cid": new_cid(), "text": text}
        self._http.post(f"/v1/conversations/{conversation}/messages", json=body).raise_for_status()

    def texts(self, conversation: str) -> list[str]:
        """Every message of a conversation, as stored."""
        log = self._http.get(f"/v1/conversations/{conversation}").raise_for_status().json()["log"]
        return [fact["body"]["text"] for fact in log if fact["kind"] == "message_added"]

    def trail_until(self, text: str, pages: int) -> list[tuple[str, str]]:
        """Address and title of the pages of the visit, once there are so many; signals are not acknowledged."""
        items = self._http.get("/v1/conversations?view=all&limit=50").raise_for_status().json()["items"]
        contact = next(
            item["contact"]["id"] for item in items if item["last"] and item["last"]["text"] == text
        )
        deadline = time.monotonic() + 60
        while True:
            visit = self._http.get(f"/v1/contacts/{contact}/visit").raise_for_status().json()
            trail = [(page["url"], page["title"]) for page in visit["pages"]]
            if len(trail) >= pages or time.monotonic() > deadline:
                return trail

    def visit(self, conversation: str) -> dict[str, Any]:
        """What is known of the pages of this conversation's contact."""
        found = self._answer(self._http.get(f"/v1/conversations/{conversation}"))
        contact = found["conversation"]["contact"]["id"]
        return self._answer(self._http.get(f"/v1/contacts/{contact}/visit"))

    def invites(self, conversation: str) -> dict[str, Any]:
        """Asks to look along."""
        return self._answer(self._http.post(f"/v1/conversations/{conversation}/looks", json={}))

    def joins(self, code: str) -> dict[str, Any]:
        return self._answer(self._http.post("/v1/looks/join", json={"code": code}))

    def look(self, look: str) -> dict[str, Any]:
        return self._answer(self._http.get(f"/v1/looks/{look}"))

    def look_of(self, conversation: str) -> dict[str, Any]:
        return self._answer(self._http.get(f"/v1/conversations/{conversation}/look"))

    def look_until(self, look: str, **wanted: Any) -> dict[str, Any]:
        """The look, once it has these values; as it is when that never comes."""
        deadline = time.monotonic() + 60
        while True:
            found = self.look(look)
            if all(found[key] == value for key, value in wanted.items()) or time.monotonic() > deadline:
                return found

    def asks_control(self, look: str, kind: str) -> dict[str, Any]:
        return self._answer(self._http.post(f"/v1/looks/{look}/control", json={"kind": kind}))

    def ends(self, look: str) -> dict[str, Any]:
        return self._answer(self._http.post(f"/v1/looks/{look}/end", json={}))

    def mirror_ticket(self, look: str) -> str:
        ticket: str = self._answer(self._http.post(f"/v1/looks/{look}/tickets", json={}))["ticket"]
        return ticket

    def closes(self, what: Any) -> None:
        """Closes this, too, at the end."""
        self._open.callback(what.close)

    def facts(self, conversation: str) -> list[tuple[str, dict[str, Any]]]:
        """Kind and body of every fact of a conversation."""
        log = self._http.get(f"/v1/conversations/{conversation}/facts").raise_for_status().json()["log"]
        return [(fact["kind"], fact["body"]) for fact in log]

    def close(self) -> None:
        self._open.close()

    def _answer(self, answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def _drain(self) -> None:
        with suppress(ConnectionClosed):
            for _ in self._socket:
                pass
