"""The numbers of the demo supplier: tariffs, a household's year and its bill, VAT included. No HTML."""

from dataclasses import dataclass
from typing import Final

from balie.demo.catalogue import Lang


@dataclass(frozen=True)
class Tariff:
    """Prices per unit in 1/100,000 euro, tax included; standing charges in cents a month."""

    key: str
    single: int
    normal: int
    low: int
    gas: int
    standing: int


TARIFFS: Final = (
    Tariff("fixed1", single=26_284, normal=27_512, low=25_136, gas=127_913, standing=699),
    Tariff("fixed3", single=25_961, normal=27_149, low=24_870, gas=126_408, standing=699),
    Tariff("variable", single=28_461, normal=29_733, low=27_248, gas=133_846, standing=699),
    Tariff("dynamic", single=24_927, normal=24_927, low=24_927, gas=122_140, standing=599),
)
GRID_POWER: Final = 4_182  # cents a month, set by the grid operator
GRID_GAS: Final = 2_136
TAX_CREDIT: Final = 62_896  # cents a year, a deduction on the energy tax


@dataclass(frozen=True)
class Line:
    """One line of the bill. `rate` in 1/100,000 euro per unit; for fixed charges per month."""

    group: str
    label: dict[Lang, str]
    amount: int
    unit: str
    rate: int

    @property
    def cents(self) -> int:
        return round(self.amount * self.rate / 1000)


_NORMAL: Final[dict[Lang, str]] = {"nl": "Normaal tarief", "en": "Normal rate"}
_LOW: Final[dict[Lang, str]] = {"nl": "Laag tarief", "en": "Low rate"}
_GAS: Final[dict[Lang, str]] = {"nl": "Gas", "en": "Gas"}
_STANDING: Final[dict[Lang, str]] = {"nl": "Vaste leveringskosten", "en": "Standing charge"}
_FIRST: Final[dict[Lang, str]] = {"nl": "1 nov 2025 – 30 jun 2026", "en": "1 Nov 2025 – 30 Jun 2026"}
_SECOND: Final[dict[Lang, str]] = {"nl": "1 jul – 31 okt 2026", "en": "1 Jul – 31 Oct 2026"}


def _in(what: dict[Lang, str], period: dict[Lang, str]) -> dict[Lang, str]:
    return {"nl": f"{what['nl']}, {period['nl']}", "en": f"{what['en']}, {period['en']}"}


BILL: Final = (
    Line("power", _in(_NORMAL, _FIRST), 1_103, "kWh", 28_904),
    Line("power", _in(_NORMAL, _SECOND), 487, "kWh", 29_733),
    Line("power", _in(_LOW, _FIRST), 978, "kWh", 26_587),
    Line("power", _in(_LOW, _SECOND), 428, "kWh", 27_248),
    Line("power", _STANDING, 12, "month", 699_000),
    Line("gas", _in(_GAS, _FIRST), 1_098, "m³", 129_417),
    Line("gas", _in(_GAS, _SECOND), 186, "m³", 133_846),
    Line("gas", _STANDING, 12, "month", 699_000),
    Line("grid", {"nl": "Netbeheer stroom", "en": "Grid, electricity"}, 12, "month", GRID_POWER * 1000),
    Line("grid", {"nl": "Netbeheer gas", "en": "Grid, gas"}, 12, "month", GRID_GAS * 1000),
    Line(
        "credit",
        {"nl": "Vermindering energiebelasting", "en": "Energy tax reduction"},
        amount=1,
        unit="year",
        rate=-TAX_CREDIT * 1000,
    ),
)
ADVANCE: Final = 20_500  # cents a month
PREPAID: Final = 12 * ADVANCE

# November to October, this year and the year before.
MONTHS: Final[dict[Lang, tuple[str, ...]]] = {
    "nl": ("nov", "dec", "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt"),
    "en": ("Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"),
}
POWER: Final = (286, 318, 324, 281, 262, 221, 199, 190, 204, 218, 231, 262)
POWER_BEFORE: Final = (271, 301, 306, 268, 251, 214, 196, 188, 193, 205, 221, 249)
GAS: Final = (162, 217, 248, 201, 142, 76, 34, 18, 15, 16, 42, 113)
GAS_BEFORE: Final = (141, 178, 196, 164, 121, 72, 38, 19, 16, 15, 39, 97)

# A windy, sunny Sunday on the day-ahead market: cents per kWh for each hour, tax included.
DAY: Final = (21, 20, 19, 19, 19, 20, 22, 24, 24, 21, 17, 13, 9, 7, 6, 8, 13, 21, 29, 32, 30, 27, 25, 23)


def total(*groups: str) -> int:
    """Cents of the bill lines of these groups, or of all."""
    return sum(line.cents for line in BILL if not groups or line.group in groups)


def to_pay() -> int:
    return total() - PREPAID


def monthly(tariff: Tariff, power_kwh: int = 2_990, gas_m3: int = 1_230) -> int:
    """Cents a month in whole euros, grid and tax reduction included. `calculator.js` does the same sum."""
    use = (power_kwh * tariff.single + gas_m3 * tariff.gas) / 1000
    fixed = 12 * (2 * tariff.standing + GRID_POWER + GRID_GAS) - TAX_CREDIT
    return round((use + fixed) / 1200) * 100


def money(cents: int, lang: Lang) -> str:
    """`€ 1.845,37` or `€1,845.37`, with a real minus sign and a space that does not break."""
    sign = "−" if cents < 0 else ""
    figures = number(abs(cents), lang, 2)
    return f"{sign}€\u00a0{figures}" if lang == "nl" else f"{sign}€{figures}"


def round_money(cents: int, lang: Lang) -> str:
    """Whole euros: `€ 409` or `€409`."""
    return money(cents, lang)[:-3]


def number(scaled: int, lang: Lang, decimals: int = 0) -> str:
    """An integer scaled by 10^decimals, written the way the language does."""
    text = f"{scaled / 10**decimals:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text
