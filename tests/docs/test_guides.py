"""The guides against the sources of the browser's side: keys, variables, settings, calls and tokens."""

import re

from doc_pages import ROOT

AGENTS = (ROOT / "docs/answer-chats.md").read_text("utf-8")
WEBMASTERS = (ROOT / "docs/install-the-widget.md").read_text("utf-8")


def source(path: str) -> str:
    return (ROOT / "web" / path).read_text("utf-8")


def test_every_key_of_the_console_is_told_and_no_other() -> None:
    lists = re.findall(r"combos: \[(.*?)\]", source("console/src/keys/table.ts"))
    bound = {combo for found in lists for combo in re.findall(r"'([^']+)'", found)}
    cells = re.findall(r"^\| (`.*?) \|", AGENTS[AGENTS.index("## Keys") :], re.MULTILINE)
    told = {combo for cell in cells for combo in re.findall(r"`([^`]+)`", cell)}
    assert told == bound


def test_every_variable_of_a_canned_reply_is_told_and_no_other() -> None:
    listed = source("console/src/canned/variables.ts")
    known = set(re.findall(r"^  '([\w.]+)': string;", listed, re.MULTILINE))
    assert set(re.findall(r"\{\{([\w.]+)", AGENTS)) == known


def test_every_setting_of_the_widget_is_told_and_no_other() -> None:
    body = re.search(r"interface Settings \{(.*?)\}", source("widget/src/loader/options.ts"), re.DOTALL)
    assert body
    known = set(re.findall(r"^  (\w+)\?:", body[1], re.MULTILINE))
    assert set(re.findall(r"`data-(\w+)`", WEBMASTERS)) == known


def test_every_call_of_the_widget_is_told_and_no_other() -> None:
    body = re.search(
        r"const commands\b.*?^\]\);", source("widget/src/loader/main.ts"), re.DOTALL | re.MULTILINE
    )
    assert body
    assert set(re.findall(r"Balie\('(\w+)'", WEBMASTERS)) == set(re.findall(r"'(\w+)'", body[0]))


def test_every_token_a_site_may_set_is_told_and_no_other() -> None:
    styles = "".join(p.read_text("utf-8") for p in (ROOT / "web/widget/src").rglob("*.css"))
    assert set(re.findall(r"--balie-[\w-]*\w", WEBMASTERS)) == set(re.findall(r"--balie-[\w-]*\w", styles))
