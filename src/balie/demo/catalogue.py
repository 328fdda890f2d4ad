"""Which pages the demo website has, in both languages, and where each stands. No HTML."""

from dataclasses import dataclass
from typing import Final, Literal

Lang = Literal["nl", "en"]
LANGS: Final[tuple[Lang, ...]] = ("nl", "en")
BASE: Final = "/demo"


@dataclass(frozen=True)
class Head:
    """What one language says of a page: its address, and the title and description in `<head>`."""

    slug: str
    title: str
    description: str


@dataclass(frozen=True)
class Page:
    """One page in both languages. `tabs` are further addresses of it, which its script switches."""

    key: str
    nl: Head
    en: Head
    script: str | None = None
    payment: bool = False
    tabs: tuple[tuple[str, str], ...] = ()

    def head(self, lang: Lang) -> Head:
        return self.nl if lang == "nl" else self.en

    def url(self, lang: Lang, tab: int | None = None) -> str:
        """The address on the site; `tab` picks one of `tabs`."""
        slug = self.head(lang).slug
        if tab is not None:
            slug += "/" + self.tabs[tab][LANGS.index(lang)]
        return f"{BASE}/{lang}/{slug}"


PAGES: Final[tuple[Page, ...]] = (
    Page(
        "home",
        Head(
            "",
            "Groene stroom en gas uit het Noorden",
            "Energie van wind, zon en wad. Bereken je maandbedrag.",
        ),
        Head(
            "",
            "Green power and gas from the north",
            "Energy from wind, sun and sea. Work out your monthly amount.",
        ),
        script="calculator.js",
    ),
    Page(
        "tariffs",
        Head("tarieven", "Tarieven", "Onze tarieven voor stroom en gas: vast, variabel en dynamisch."),
        Head("tariffs", "Tariffs", "Our prices for electricity and gas: fixed, variable and dynamic."),
        script="calculator.js",
    ),
    Page(
        "bill",
        Head(
            "jaarnota",
            "Jaarnota",
            "Hoe je jaarnota is opgebouwd en waarom je bijbetaalt of geld terugkrijgt.",
        ),
        Head(
            "annual-bill",
            "Annual bill",
            "How your annual bill is made up, and why you pay more or get money back.",
        ),
    ),
    Page(
        "readings",
        Head("meterstanden", "Meterstanden doorgeven", "Geef de standen van je stroom- en gasmeter door."),
        Head(
            "meter-readings", "Send meter readings", "Send us the readings of your electricity and gas meter."
        ),
        script="readings.js",
    ),
    Page(
        "moving",
        Head("verhuizen", "Verhuizen", "Neem je energie mee naar je nieuwe huis. Geef je verhuizing door."),
        Head(
            "moving", "Moving house", "Take your energy along to your new home. Tell us that you are moving."
        ),
        script="steps.js",
    ),
    Page(
        "login",
        Head("inloggen", "Inloggen", "Log in op Mijn Kwelder."),
        Head("log-in", "Log in", "Log in to My Kwelder."),
        script="login.js",
    ),
    Page(
        "account",
        Head("mijn", "Mijn Kwelder", "Je verbruik, contract, facturen en gegevens."),
        Head("account", "My Kwelder", "Your usage, contract, invoices and details."),
        script="account.js",
        tabs=(
            ("verbruik", "usage"),
            ("contract", "contract"),
            ("facturen", "invoices"),
            ("gegevens", "details"),
        ),
    ),
    Page(
        "contact",
        Head("contact", "Contact", "Chat, bel of mail met Kwelder. Openingstijden van de klantenservice."),
        Head("contact", "Contact", "Chat with, call or e-mail Kwelder. Opening hours of customer service."),
    ),
    Page(
        "outage",
        Head("storing", "Storing of gaslucht", "Actuele storingen en wat je nu kunt doen."),
        Head("outage", "Power cut or smell of gas", "Current outages, and what you can do now."),
        script="outage.js",
    ),
    Page(
        "order",
        Head("bestellen", "Klant worden", "Sluit je contract af in drie stappen."),
        Head("order", "Become a customer", "Take out your contract in three steps."),
        script="steps.js",
        payment=True,
    ),
    Page(
        "privacy",
        Head("privacy", "Privacy en chat", "Wat deze website en de chat bewaren, in gewone taal."),
        Head("privacy", "Privacy and chat", "What this website and the chat store, in plain words."),
    ),
    Page(
        "missing",
        Head("404", "Pagina niet gevonden", "Deze pagina bestaat niet (meer)."),
        Head("404", "Page not found", "This page does not exist, or no longer does."),
    ),
)

# Short Dutch addresses, as printed on letters.
ALIASES: Final = {
    "": "home",
    "jaarnota": "bill",
    "bestellen": "order",
    "meterstanden": "readings",
    "404": "missing",
}


def page(key: str) -> Page:
    """The page of that key. Raises KeyError: a wrong link fails at start-up, not in a visitor's hands."""
    for one in PAGES:
        if one.key == key:
            return one
    raise KeyError(key)
