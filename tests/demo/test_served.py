"""The demo website through the running desk: addresses without extension, the strict policy, its own 404."""

from running import Running


def test_the_site_is_served_under_its_strict_policy(desk: Running) -> None:
    browser = desk.browser()
    for path in (
        "/demo/",
        "/demo/jaarnota",
        "/demo/nl/jaarnota",
        "/demo/en/annual-bill",
        "/demo/nl/mijn/facturen",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_an_unknown_address_gets_the_sites_own_page_in_its_language(desk: Running) -> None:
    browser = desk.browser()
    dutch, english = browser.get("/demo/nergens"), browser.get("/demo/en/nowhere")
    assert (dutch.status_code, english.status_code) == (404, 404)
    assert '<html lang="nl">' in dutch.text
    assert '<html lang="en">' in english.text


def test_scripts_and_drawings_come_with_their_kind(desk: Running) -> None:
    browser = desk.browser()
    assert browser.get("/demo/assets/site.js").headers["content-type"].startswith("text/javascript")
    assert browser.get("/demo/assets/logo.svg").headers["content-type"].startswith("image/svg+xml")
