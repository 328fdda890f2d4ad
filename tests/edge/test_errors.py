"""One error shape for everything that goes wrong over HTTP."""

import httpx
import pytest

from balie.edge.errors import to_problem
from balie.engine.ports import UnavailableError
from balie.lib.errors import TooManyError
from running import Running


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:balie:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == answer.headers["x-request-id"]


def test_an_unknown_path_is_a_problem(desk: Running) -> None:
    assert_problem(desk.browser().get("/v1/nothing"), 404, "not_found")


def test_a_method_that_a_path_does_not_have_is_a_problem(desk: Running) -> None:
    assert_problem(desk.browser().put("/healthz"), 405, "method_not_allowed")


def test_a_call_without_sign_in_is_a_problem(desk: Running) -> None:
    assert_problem(desk.browser().get("/v1/conversations"), 401, "not_signed_in")


def test_all_flaws_of_a_body_are_named_together(desk: Running) -> None:
    answer = desk.agent(desk.cast.stroom, "sanne").post(
        "/v1/agents", json={"email": "nobody", "role": "boss", "password": "short", "shoeSize": 43}
    )
    assert_problem(answer, 400, "invalid")
    assert {flaw["pointer"] for flaw in answer.json()["errors"]} == {
        "/email", "/role", "/password", "/name", "/shoeSize",
    }  # fmt: skip


def test_all_flaws_of_the_parameters_are_named_together(desk: Running) -> None:
    answer = desk.agent(desk.cast.stroom, "sanne").get("/v1/conversations?view=lost&limit=0")
    assert_problem(answer, 400, "invalid")
    assert {flaw["pointer"] for flaw in answer.json()["errors"]} == {"view", "limit"}


@pytest.mark.parametrize("limit", ["-1", "201", "999999999999999999999999", "NaN", "1e3", ""])
def test_a_number_out_of_range_is_a_flaw_and_no_crash(desk: Running, limit: str) -> None:
    browser = desk.agent(desk.cast.stroom, "sanne")
    assert_problem(browser.get("/v1/conversations", params={"limit": limit}), 400, "invalid")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "////", "é", "MC5jbnZfeA"])
def test_a_made_up_cursor_is_a_flaw_and_no_crash(desk: Running, cursor: str) -> None:
    browser = desk.agent(desk.cast.stroom, "sanne")
    assert_problem(browser.get("/v1/conversations", params={"cursor": cursor}), 400, "invalid")


def test_a_store_that_is_away_says_try_later() -> None:
    problem, headers = to_problem(UnavailableError("disk full at /var/lib/secret"), "id")
    assert (problem.status, problem.code, headers) == (503, "try_later", {"retry-after": "1"})
    assert "secret" not in problem.detail


def test_what_we_did_not_expect_tells_nothing_of_our_inside() -> None:
    problem, _ = to_problem(RuntimeError("password=hunter2"), "id")
    assert (problem.status, problem.code) == (500, "internal")
    assert "hunter2" not in str(problem)


def test_a_limit_says_how_long_to_wait() -> None:
    assert to_problem(TooManyError(retry_after_s=1.2), "id")[1] == {"retry-after": "2"}
