"""What every answer carries, and the routes for those who run the desk."""

import pytest

from running import Running


@pytest.mark.parametrize(
    "path", ["/v1/session", "/v1/nothing", "/healthz", "/", "/console/", "/v1/reference/", "/v1/openapi.json"]
)
def test_every_answer_says_what_browsers_may_do_with_it(desk: Running, path: str) -> None:
    headers = desk.anybody.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in ("no-store", "no-cache")
    assert len(headers["x-request-id"]) == 16
    assert "server" not in headers


def test_answers_to_visitors_can_be_read_by_the_site_that_asked_and_carry_no_cookies(desk: Running) -> None:
    site = desk.cast.stroom.site
    browser = desk.browser(headers={"origin": site.allowed_origins[0]})
    preflight = browser.options(
        "/v1/visitor/sessions",
        headers={"access-control-request-method": "POST", "access-control-request-headers": "content-type"},
    )
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    answer = browser.post("/v1/visitor/sessions", json={"inbox": site.key})
    assert answer.status_code == 201
    assert answer.headers["access-control-allow-origin"] == site.allowed_origins[0]
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in browser.get("/v1/session").headers


def test_a_site_that_is_not_allowed_gets_a_refusal_it_can_read(desk: Running) -> None:
    browser = desk.browser(headers={"origin": "https://evil.example"})
    answer = browser.post("/v1/visitor/sessions", json={"inbox": desk.cast.stroom.site.key})
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert answer.headers["access-control-allow-origin"] == "https://evil.example"


def test_health_and_readiness_answer_and_metrics_count(desk: Running) -> None:
    assert desk.anybody.get("/healthz").json() == {"status": "ok"}
    assert desk.anybody.get("/readyz").json() == {"status": "ok", "degraded": []}
    text = desk.anybody.get("/metrics").text
    assert 'balie_http_requests_total{method="GET",route="/healthz",status="200"}' in text
    assert "agt_" not in text


def test_metrics_are_not_for_the_world_behind_an_unnamed_proxy(desk: Running) -> None:
    for header in ({"x-forwarded-for": "198.51.100.1"}, {"forwarded": "for=198.51.100.1"}):
        assert desk.anybody.get("/metrics", headers=header).status_code == 404


def test_the_description_names_every_route_once_with_its_errors(desk: Running) -> None:
    answer = desk.anybody.get("/v1/openapi.json")
    schema = answer.json()
    assert schema["openapi"].startswith("3.1")
    operations = [
        (method, path, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(names) == len(set(names))
    listed = {(method.upper(), path) for method, path, _ in operations}
    served = {
        (method, route.path.replace(":str}", "}").replace(":int}", "}"))
        for route in desk.app.http.litestar.routes
        for method in getattr(route, "methods", ())
        if method != "OPTIONS"
    }
    assert served - listed == {("GET", "/"), ("GET", "/metrics"), ("GET", "/v1/openapi.json")}
    for _, path, operation in operations:
        assert operation["summary"], path
        assert operation["tags"], path
        assert "$ref" in operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
    tags = {tag["name"] for tag in schema["tags"]}
    assert {tag for _, _, operation in operations for tag in operation["tags"]} <= tags


def test_the_reference_page_loads_nothing_from_elsewhere(desk: Running) -> None:
    page = desk.anybody.get("/v1/reference/", headers={"accept": "text/html"})
    assert page.status_code in (200, 503)
    assert "http" not in page.text.replace("http-equiv", "")
    assert desk.anybody.get("/v1/reference").headers["location"] == "/v1/reference/"


def test_the_address_alone_leads_to_the_console(desk: Running) -> None:
    assert desk.anybody.get("/").headers["location"] == "/console/"
