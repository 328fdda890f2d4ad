"""What an inbox lets its agents see: the keys, checked as the recorder reads them, and their hash. Pure."""

import hashlib
import json
import re
from typing import Any, Literal, get_args

from balie.lib.errors import Flaw, InvalidError
from balie.lib.text import origin

Profile = Literal["open", "normal", "regulated"]
"""``open`` and ``normal`` differ in what the console proposes; ``regulated`` is held to its rules here."""

MODES = ("view", "view-without-fields", "pause", "never")
CONTROLS = ("scroll", "act")
RULES_MAX = 200
TEXT_MAX = 500
_SWITCHES = ("labels", "cssContent", "title", "hints")
_SELECTORS = ("mask", "show", "block", "canvas", "noControl")
RECORDINGS = ("ask", "off")
DAYS_MAX = 365
SISTERS_MAX = 20
_LOCAL = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\Z")
_OWN: dict[str, Any] = {"recording": "off", "recordingDays": 30, "hints": False, "sisters": []}
"""What the recorder on the page need not know, as it is where nobody changed it. It counts for no hash."""
_KEYS = frozenset({"version", "text", "elsewhere", "pages", *_SWITCHES, *_SELECTORS, *_OWN})
_PAIRS = {")": "(", "]": "["}

START: dict[str, Any] = {
    "version": 1, "pages": [], "elsewhere": "view", "text": "show", "labels": True, "cssContent": False, "title": False,
    "mask": [], "show": [], "block": [], "canvas": [], "noControl": [], **_OWN,
}  # fmt: skip
"""Version 0 of every inbox: texts and their labels are seen, what stands in fields is not. Never change it: consent was
given under its hash, which the desk's own keys are no part of."""


def filled(stored: dict[str, Any]) -> dict[str, Any]:
    """A stored policy with the keys that came later."""
    return {**_OWN, **stored}


def for_the_page(policy: dict[str, Any]) -> dict[str, Any]:
    """What the recorder on the visitor's page gets of it."""
    return {key: value for key, value in policy.items() if key not in _OWN}


def checked(profile: Profile, policy: dict[str, Any]) -> dict[str, Any]:
    """The policy with every key, a missing one as it hides. InvalidError ``policy_invalid`` names each key that is
    wrong, as a JSON pointer into the request's body."""
    reading = _Reading()
    found = reading.policy(policy)
    if profile == "regulated":
        reading.regulated(found)
    if reading.flaws:
        raise InvalidError("The looking policy is not valid.", code="policy_invalid", errors=reading.flaws)
    return found


def digest(policy: dict[str, Any]) -> str:
    """SHA-256 in hex of what the page gets of the checked policy, in the order of its keys, as ``policyHash`` in
    web/cobrowse computes it."""
    told = json.dumps(sorted(for_the_page(policy).items()), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def allows_control(profile: str) -> bool:
    return profile != "regulated"


def allows_recording(profile: str, policy: dict[str, Any]) -> bool:
    return profile != "regulated" and policy["recording"] == "ask"


class _Reading:
    """Collects what is wrong while it reads."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def policy(self, given: dict[str, Any]) -> dict[str, Any]:
        for key in given:
            if key not in _KEYS:
                self._wrong(key[:100], "is not known")
        if type(given.get("version")) is not int or given["version"] != 1:
            self._wrong("version", "must be 1")
        found: dict[str, Any] = {
            "version": 1,
            "text": self._among(given.get("text", "mask"), ("show", "mask"), "text"),
            "elsewhere": self._among(given.get("elsewhere", "view"), MODES, "elsewhere"),
        }
        for key in _SWITCHES:
            found[key] = given.get(key, False)
            if not isinstance(found[key], bool):
                self._wrong(key, "must be true or false")
        for key in _SELECTORS:
            found[key] = [self._selector(one, f"{key}/{i}") for i, one in enumerate(self._list(given, key))]
        found["recording"] = self._among(given.get("recording", "off"), RECORDINGS, "recording")
        found["recordingDays"] = self._days(given.get("recordingDays", _OWN["recordingDays"]))
        found["sisters"] = self._sisters(given)
        found["pages"] = [self._page(one, f"pages/{i}") for i, one in enumerate(self._list(given, "pages"))]
        return found

    def regulated(self, found: dict[str, Any]) -> None:
        """View only, nothing of fields, and nothing is recorded."""
        if found["recording"] != "off":
            self._wrong("recording", "must be off in the regulated profile")
        for key in ("show", "canvas"):
            if found[key]:
                self._wrong(key, "must be empty in the regulated profile")
        if found["elsewhere"] == "view":
            self._wrong("elsewhere", "must be view-without-fields, pause or never in the regulated profile")
        for index, page in enumerate(found["pages"]):
            if page["mode"] == "view":
                self._wrong(f"pages/{index}/mode", "must not be view in the regulated profile")

    def _days(self, value: Any) -> int:
        if type(value) is not int or not 1 <= value <= DAYS_MAX:
            self._wrong("recordingDays", f"must be a whole number from 1 to {DAYS_MAX}")
            return 1
        return value

    def _sisters(self, given: dict[str, Any]) -> list[str]:
        """Origins, each once."""
        sites = self._list(given, "sisters")
        if len(sites) > SISTERS_MAX:
            self._wrong("sisters", f"holds at most {SISTERS_MAX}")
            return []
        found: list[str] = []
        for index, one in enumerate(sites):
            site = self._text(one, f"sisters/{index}")
            if not site:
                continue
            if "*" in site or origin(site) != site or not (site.startswith("https://") or _LOCAL.match(site)):
                self._wrong(f"sisters/{index}", "must be an origin such as https://mijn.example.nl")
            elif site not in found:
                found.append(site)
        return found

    def _page(self, given: Any, path: str) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._wrong(path, "must be an object")
            return {"url": "", "mode": "never"}
        for key in given:
            if key not in ("url", "mode"):
                self._wrong(f"{path}/{key[:100]}", "is not known")
        return {
            "url": self._text(given.get("url"), f"{path}/url"),
            "mode": self._among(given.get("mode"), MODES, f"{path}/mode"),
        }

    def _list(self, given: dict[str, Any], key: str) -> list[Any]:
        value = given.get(key, [])
        if not isinstance(value, list):
            self._wrong(key, "must be a list")
            return []
        if len(value) > RULES_MAX:
            self._wrong(key, f"holds at most {RULES_MAX}")
            return []
        return value

    def _selector(self, value: Any, path: str) -> str:
        # Only a browser knows selectors; what none can read would end every look at its start.
        text = self._text(value, path)
        if text and not _is_closed(text):
            self._wrong(path, "is no selector: a bracket or a quote is not closed, or it holds a brace")
        return text

    def _text(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self._wrong(path, "needs text")
            return ""
        if len(value) > TEXT_MAX or not value.isprintable():
            self._wrong(path, f"must be one line of at most {TEXT_MAX} characters")
            return ""
        return value

    def _among(self, value: Any, choices: tuple[str, ...], path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            self._wrong(path, f"must be one of {', '.join(choices)}")
            return choices[-1]
        return value

    def _wrong(self, path: str, detail: str) -> None:
        self.flaws.append(Flaw(f"/policy/{path}", detail))


def _is_closed(selector: str) -> bool:
    open_: list[str] = []
    quote = ""
    escaped = False
    for sign in selector:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([":
            open_.append(sign)
        elif sign in ")]":
            if not open_ or open_.pop() != _PAIRS[sign]:
                return False
        elif sign in "{};":
            return False
    return not (open_ or quote or escaped)


PROFILES = get_args(Profile)
