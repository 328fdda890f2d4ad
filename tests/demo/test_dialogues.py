"""The demo's day and canned replies: enough to show the product on, written as agents should write."""

import re
from collections import Counter
from collections.abc import Callable
from typing import get_args

import msgspec
import pytest

from balie.demo.catalogue import ALIASES, BASE, LANGS, PAGES
from balie.demo.day import (
    AGENTS,
    CLOSES_S,
    OPENS_S,
    DemoDataError,
    Dialogue,
    Line,
    Subject,
    check,
    load_day,
    load_replies,
)

DAY = load_day()
REPLIES = load_replies()
LINES = [line for dialogue in DAY for line in dialogue.messages]
AGENT_TEXTS = [line.text for line in LINES if line.kind == "agent"] + [reply.text for reply in REPLIES]

GREETING_LENGTH = 25
"""Shorter texts ("ok thanks") may recur, as they do in life."""

EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
SECRET = r"\b(wachtwoord(en)?|password|pincode|pin|inlogcode|sms-code|bsn)\b"
ASKS = re.compile(
    r"\b(geef|noem|stuur|deel|typ|vertel|zeg|wat is|wat zijn|mag ik|tell|give|send|share|type|what is|what's"
    r"|may i|can i have|could you|i need|heb ik)\b[^.?!\n]{0,60}" + SECRET,
    re.IGNORECASE,
)
REFUSES = re.compile(r"\b(niet|nooit|geen|not|never|don't|shouldn't)\b", re.IGNORECASE)
REAL_COMPANIES = re.compile(
    r"\b(eneco|essent|vattenfall|nuon|greenchoice|vandebron|tibber|zonneplan|oxxio|engie|energiedirect|nle"
    r"|(budget|pure|frank) energie|liander|enexis|stedin|rendo|coteq|independer|gaslicht\.com"
    r"|whatsapp|gmail|hotmail|outlook|google|apple|samsung|firefox|chrome|paypal|tikkie)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s|\n", text)


def asks_for_a_secret(text: str) -> bool:
    return any(ASKS.search(sentence) and not REFUSES.search(sentence) for sentence in sentences(text))


def test_the_day_fills_every_list() -> None:
    assert len(DAY) >= 64
    states = Counter(dialogue.state for dialogue in DAY)
    assert states["closed"] >= 50
    assert states["open"] >= 4
    assert states["waiting"] >= 8
    assert any(dialogue.state == "waiting" and dialogue.assignee is None for dialogue in DAY)
    assert any(dialogue.state == "waiting" and dialogue.assignee for dialogue in DAY)


def test_both_languages_are_spoken_and_dutch_most() -> None:
    dutch = sum(dialogue.language == "nl" for dialogue in DAY) / len(DAY)
    assert 0.55 <= dutch <= 0.68


@pytest.mark.parametrize("subject", get_args(Subject))
def test_every_subject_has_dialogues_in_both_languages(subject: str) -> None:
    spoken = [dialogue.language for dialogue in DAY if dialogue.subject == subject]
    assert len(spoken) >= 3
    assert set(spoken) == set(LANGS)


def test_every_kind_of_conversation_occurs() -> None:
    def some(test: Callable[[Dialogue], bool]) -> bool:
        return any(test(dialogue) for dialogue in DAY)

    assert some(lambda d: len({line.agent for line in d.messages if line.kind == "agent"}) > 1), "a transfer"
    assert some(lambda d: any(line.kind == "note" for line in d.messages)), "a note"
    assert some(lambda d: len(d.messages) == 1), "one message, never answered"
    assert some(lambda d: len(d.messages) >= 18), "a long one"
    assert some(lambda d: any(len(line.text) > 1000 for line in d.messages)), "a long message"
    assert some(lambda d: any(line.text.count("\n") >= 5 for line in d.messages)), "many lines"
    assert some(lambda d: [line.kind for line in d.messages].count("close") > 1), "reopened"
    assert some(lambda d: any(EMOJI.search(line.text) for line in d.messages)), "emoji"
    assert some(lambda d: d.contact.name == ""), "a visitor without a name"
    assert some(lambda d: len(d.contact.name) == 60), "the longest name"


def test_every_agent_works_and_has_something_left_to_do() -> None:
    assert {line.agent for line in LINES if line.kind == "agent"} == set(AGENTS)
    assert {dialogue.assignee for dialogue in DAY if dialogue.state != "closed"} >= set(AGENTS)


def test_all_happens_within_the_working_day() -> None:
    times = [at for dialogue in DAY for at, _ in dialogue.moments()]
    assert min(times) >= OPENS_S
    assert max(times) <= CLOSES_S


def test_no_text_occurs_twice_beyond_greetings() -> None:
    texts = Counter(line.text.casefold() for line in LINES if len(line.text) >= GREETING_LENGTH)
    assert [text for text, times in texts.items() if times > 1] == []


def test_no_person_or_conversation_occurs_twice() -> None:
    names = Counter(dialogue.contact.name for dialogue in DAY if dialogue.contact.name)
    phones = Counter(dialogue.contact.phone for dialogue in DAY if dialogue.contact.phone)
    assert max(names.values()) == 1
    assert max(phones.values()) == 1


def test_addresses_and_numbers_can_belong_to_nobody() -> None:
    for dialogue in DAY:
        contact = dialogue.contact
        assert not contact.email or re.fullmatch(r"[a-z0-9._]+@example\.(com|net|org)", contact.email)
        assert not contact.phone or contact.phone.startswith("+31 6 00"), "no Dutch mobile number starts so"


def test_agents_never_ask_for_a_password() -> None:
    assert [text for text in AGENT_TEXTS if asks_for_a_secret(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Wat is uw wachtwoord?",
        "Mag ik ook de sms-code?",
        "Could you give me your password",
        "Ik heb uw naam. Typ je pincode.",
    ],
)
def test_a_question_for_a_password_would_be_found(text: str) -> None:
    assert asks_for_a_secret(text)


def test_agents_write_calmly_without_cheer_or_emoji() -> None:
    loud = re.compile(r"!|\b(oeps|oops|yay|super leuk|awesome)\b", re.IGNORECASE)
    assert [text for text in AGENT_TEXTS if loud.search(text) or EMOJI.search(text)] == []


def test_no_real_company_is_named() -> None:
    said = [line.text for line in LINES] + [reply.text for reply in REPLIES]
    assert [text for text in said if REAL_COMPANIES.search(text)] == []


def test_trails_and_links_lead_to_pages_of_the_site() -> None:
    titles = {page.url(lang): page.head(lang).title for page in PAGES for lang in LANGS}
    tabs = {page.url(lang, tab) for page in PAGES for lang in LANGS for tab in range(len(page.tabs))}
    for dialogue in DAY:
        for seen in dialogue.pages:
            assert titles[seen.path] in seen.title
    links = set(
        re.findall(
            rf"{BASE}/[a-z0-9/-]+", " ".join([line.text for line in LINES] + [r.text for r in REPLIES])
        )
    )
    assert len(links) >= 8
    assert links <= titles.keys() | tabs | {f"{BASE}/{slug}" for slug in ALIASES}


def test_links_speak_the_language_of_the_conversation() -> None:
    for dialogue in DAY:
        for line in dialogue.messages:
            assert all(lang == dialogue.language for lang in re.findall(rf"{BASE}/(nl|en)/", line.text))


def test_no_conversation_starts_on_the_page_where_the_widget_refuses_to_show() -> None:
    payment = {page.url(lang) for page in PAGES if page.payment for lang in LANGS}
    assert [dialogue.id for dialogue in DAY if dialogue.pages[-1].path in payment] == []


def test_placeholders_are_filled_in_safely() -> None:
    day = load_day(company='"Groen" & Zn', site="https://desk.example")
    texts = [line.text for dialogue in day for line in dialogue.messages]
    assert any('Mijn "Groen" & Zn' in text for text in texts)
    assert any("https://desk.example/demo/nl/" in text for text in texts)
    assert not [text for text in texts if "{" in text]


def test_there_are_thirty_canned_replies_in_two_languages() -> None:
    languages = Counter(reply.language for reply in REPLIES)
    assert languages["nl"] >= 15
    assert languages["en"] >= 12
    assert {"hallo", "meterstand", "jaarnota", "inloggen", "verhuizen", "bedankt"} <= {
        r.shortcut for r in REPLIES
    }


def test_canned_replies_read_well_for_a_contact_without_a_name() -> None:
    assert [reply.shortcut for reply in REPLIES if re.search(r", \{\{contact\.firstName", reply.text)] == []


def dialogue(state: str, *lines: Line) -> Dialogue:
    return msgspec.structs.replace(DAY[0], state=state, assignee=None, messages=list(lines))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (dialogue("open", Line("agent:sanne", 0, "Dag")), "line 1: the visitor speaks first"),
        (
            dialogue("open", Line("visitor", 0, "hoi"), Line("agent:tom", 9, "Dag")),
            "line 2: agent:tom answers while assigned to None",
        ),
        (dialogue("waiting", Line("visitor", 0, " ")), "line 1: a text is missing"),
        (dialogue("waiting", Line("visitor", 60_000, "hoi")), "line 1: outside the day 08:00–21:00"),
        (
            dialogue(
                "closed", Line("visitor", 0, "hoi"), Line("close:agent:tom", 9), Line("close:agent:tom", 9)
            ),
            "line 3: closed; only the visitor reopens",
        ),
        (dialogue("closed", Line("visitor", 0, "hoi")), "says closed, None; its lines end waiting, None"),
    ],
)
def test_a_wrong_dialogue_is_refused_with_its_place(broken: Dialogue, says: str) -> None:
    with pytest.raises(DemoDataError, match=re.escape(f"{broken.id}")) as caught:
        check(broken, f"{broken.subject}.json")
    assert says in str(caught.value)
