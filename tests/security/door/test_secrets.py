"""Threats S2, S22: what must stay secret is in no log, no number and, in clear, in no file."""

import ast
import re
from pathlib import Path

import pytest

import balie
import cast
from people import greeted, says
from running import Running
from wire import AGENT_PATH, Peer

CANARY = "kanarie-7f3a"


def test_no_secret_and_no_word_reaches_logs_numbers_or_clear_storage(
    own_desk: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    office = own_desk.cast.stroom
    agent = own_desk.sign_in(office, "fatima")
    new = f"{CANARY}-wachtwoord"
    agent.patch("/v1/session", json={"password": {"old": cast.PASSWORD, "new": new}}).raise_for_status()
    ticket = agent.post("/v1/session/ticket").json()["ticket"]
    site = own_desk.browser(headers={"origin": cast.SITE})
    made = site.post(
        "/v1/visitor/sessions",
        json={"inbox": office.site.key, "name": CANARY, "email": f"{CANARY}@example.nl"},
    ).json()
    guest = Peer(own_desk.port, f"/v1/socket/visitor?ticket={made['ticket']}", cast.SITE)
    greeted(guest)
    home = says(guest, f"Mijn geheim is {CANARY}")["conversation"]
    window = Peer(own_desk.port, f"{AGENT_PATH}?ticket={ticket}", own_desk.origin)
    greeted(window)
    says(window, f"Notitie over {CANARY}", home, note=True)
    # Refusals and broken frames are logged too.
    agent.patch(f"/v1/contacts/{home}", json={"name": CANARY, CANARY: CANARY})
    agent.post("/v1/session", json={"email": f"{CANARY}@example.nl", "password": CANARY})
    agent.get(f"/v1/conversations?view={CANARY}&cursor={CANARY}")
    guest.frame(f'{{"t":"send","d":{{"cid":5,"text":"{CANARY}"}}}}'.encode())
    assert guest.code() == 4400
    numbers = own_desk.anybody.get("/metrics").text
    out, err = capfd.readouterr()
    secrets = [
        new, ticket, made["token"], made["ticket"], agent.cookies["balie_session"], agent.cookies["balie_csrf"],
    ]  # fmt: skip
    for secret in [*secrets, CANARY]:
        assert secret not in out + err
        assert secret not in numbers
    stored = b"".join(path.read_bytes() for path in own_desk.settings.data_dir.glob("balie.db*"))
    assert CANARY.encode() in stored  # the words are there; the files are the right ones
    for secret in secrets:
        assert secret.encode() not in stored


SECRET_NAMES = re.compile(r"token|csrf|secret|signature|passw|hmac|mac$", re.IGNORECASE)


def names_in(node: ast.expr) -> list[str]:
    return [
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Name | ast.Attribute)
    ]


def test_no_secret_is_compared_letter_by_letter() -> None:
    """``==`` stops at the first difference, and so tells how far a guess was right; hmac.compare_digest does not."""
    found = []
    for path in Path(balie.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Constant) for side in sides):
                    continue
                if any(SECRET_NAMES.search(name) for side in sides for name in names_in(side)):
                    found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    # Digests of tokens that the database found by that very digest: nothing is left to guess.
    assert [one for one in found if "digest(token)" not in one] == []
