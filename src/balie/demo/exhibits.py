"""What the pages show of the figures: tables and charts as HTML, by slot name."""

import html
import json
from collections.abc import Sequence
from typing import Final

from balie.demo import figures as fig
from balie.demo.catalogue import Lang
from balie.demo.charts import Series, bars, shares

WORDS: Final[dict[str, dict[Lang, str]]] = {
    "power": {"nl": "Stroom", "en": "Electricity"},
    "gas": {"nl": "Gas", "en": "Gas"},
    "grid": {"nl": "Netbeheer", "en": "Grid operator"},
    "credit": {"nl": "Belastingvermindering", "en": "Tax reduction"},
    "subtotal": {"nl": "Samen", "en": "Together"},
    "what": {"nl": "Omschrijving", "en": "Description"},
    "amount": {"nl": "Hoeveelheid", "en": "Quantity"},
    "rate": {"nl": "Prijs", "en": "Price"},
    "cents": {"nl": "Bedrag", "en": "Amount"},
    "used": {"nl": "Totaal verbruikt en kosten", "en": "Total of usage and charges"},
    "prepaid": {"nl": "Al betaald: 12 × {}", "en": "Already paid: 12 × {}"},
    "due": {"nl": "Te betalen", "en": "To pay"},
    "months": {"nl": "maanden", "en": "months"},
    "year": {"nl": "jaar", "en": "year"},
    "month": {"nl": "Maand", "en": "Month"},
    "now": {"nl": "2025–2026", "en": "2025–2026"},
    "before": {"nl": "2024–2025", "en": "2024–2025"},
    "all": {"nl": "Heel het jaar", "en": "Whole year"},
    "power_title": {
        "nl": "Stroomverbruik per maand in kWh, vergeleken met het jaar ervoor",
        "en": "Electricity used per month in kWh, compared with the year before",
    },
    "gas_title": {
        "nl": "Gasverbruik per maand in m³, vergeleken met het jaar ervoor",
        "en": "Gas used per month in m³, compared with the year before",
    },
    "day_title": {
        "nl": "Stroomprijs per uur op een zonnige zondag: laagst 6 cent om 14 uur, hoogst 32 cent om 19 uur",
        "en": "Power price by the hour on a sunny Sunday: lowest 6 cents at 14:00, highest 32 cents at 19:00",
    },
    "share_title": {"nl": "Verdeling van de kosten", "en": "How the costs are divided"},
}


def exhibits(lang: Lang) -> dict[str, str]:
    """Slot name → HTML for this language."""
    power_now, power_before = sum(fig.POWER), sum(fig.POWER_BEFORE)
    gas_now, gas_before = sum(fig.GAS), sum(fig.GAS_BEFORE)
    return {
        **_rates(lang),
        "tariff_data": html.escape(json.dumps(_tariff_data())),
        "bill_table": _bill(lang),
        "bill_shares": shares(
            _say("share_title", lang), [(g, fig.total(g)) for g in ("power", "gas", "grid")]
        ),
        "bill_total": fig.money(fig.total(), lang),
        "bill_prepaid": fig.money(fig.PREPAID, lang),
        "bill_due": fig.money(fig.to_pay(), lang),
        "bill_power": fig.money(fig.total("power"), lang),
        "bill_gas": fig.money(fig.total("gas"), lang),
        "bill_grid": fig.money(fig.total("grid"), lang),
        "bill_credit": fig.money(fig.total("credit"), lang),
        "advance": fig.money(fig.ADVANCE, lang),
        "power_now": fig.number(power_now, lang),
        "gas_now": fig.number(gas_now, lang),
        "power_more": fig.number(power_now - power_before, lang),
        "gas_more": fig.number(gas_now - gas_before, lang),
        "power_chart": _year("power", lang, fig.POWER, fig.POWER_BEFORE),
        "gas_chart": _year("gas", lang, fig.GAS, fig.GAS_BEFORE),
        "power_table": _year_table(lang, "kWh", fig.POWER, fig.POWER_BEFORE),
        "gas_table": _year_table(lang, "m³", fig.GAS, fig.GAS_BEFORE),
        "day_chart": _day(lang),
    }


def _rates(lang: Lang) -> dict[str, str]:
    """`fixed1_single`, `variable_gas` and so on, five decimals; `…_standing` as money a month."""
    slots = {"grid_power": fig.money(fig.GRID_POWER, lang), "grid_gas": fig.money(fig.GRID_GAS, lang)}
    slots["credit_month"] = fig.money(round(fig.TAX_CREDIT / 12), lang)
    for tariff in fig.TARIFFS:
        name = {"fixed1": "one", "fixed3": "three"}.get(tariff.key, tariff.key)
        for kind in ("single", "normal", "low", "gas"):
            slots[f"{name}_{kind}"] = _rate(getattr(tariff, kind), lang)
        slots[f"{name}_standing"] = fig.money(tariff.standing, lang)
        slots[f"{name}_cents"] = str(fig.monthly(tariff))
        slots[f"{name}_month"] = fig.round_money(fig.monthly(tariff), lang)
    return slots


def _tariff_data() -> dict[str, object]:
    return {
        "tariffs": {t.key: {"power": t.single, "gas": t.gas, "standing": t.standing} for t in fig.TARIFFS},
        "gridPower": fig.GRID_POWER,
        "gridGas": fig.GRID_GAS,
        "creditYear": fig.TAX_CREDIT,
    }


def _bill(lang: Lang) -> str:
    rows = [
        f'<thead><tr><th scope="col">{_say("what", lang)}</th>'
        + "".join(
            f'<th scope="col" class="num">{_say(word, lang)}</th>' for word in ("amount", "rate", "cents")
        )
        + "</tr></thead>"
    ]
    for group in ("power", "gas", "grid", "credit"):
        lines = [line for line in fig.BILL if line.group == group]
        rows.append(
            f'<tbody><tr class="group"><th scope="rowgroup" colspan="3"><span class="key key-{group}"></span>'
            f'{_say(group, lang)}</th><td class="num">{fig.money(fig.total(group), lang)}</td></tr>'
        )
        rows += [_bill_row(line, lang) for line in lines]
        rows.append("</tbody>")
    rows.append(
        f'<tfoot><tr><th scope="row" colspan="3">{_say("used", lang)}</th>'
        f'<td class="num">{fig.money(fig.total(), lang)}</td></tr>'
        f'<tr><th scope="row" colspan="3">{_say("prepaid", lang).format(fig.money(fig.ADVANCE, lang))}</th>'
        f'<td class="num">{fig.money(-fig.PREPAID, lang)}</td></tr>'
        f'<tr class="due"><th scope="row" colspan="3">{_say("due", lang)}</th>'
        f'<td class="num">{fig.money(fig.to_pay(), lang)}</td></tr></tfoot>'
    )
    return "".join(rows)


def _bill_row(line: fig.Line, lang: Lang) -> str:
    if line.unit == "month":
        amount, rate = f"12 {_say('months', lang)}", fig.money(round(line.rate / 1000), lang)
    elif line.unit == "year":
        amount, rate = f"1 {_say('year', lang)}", ""
    else:
        amount, rate = f"{fig.number(line.amount, lang)} {line.unit}", _rate(line.rate, lang)
    return (
        f'<tr><th scope="row">{line.label[lang]}</th><td class="num">{amount}</td>'
        f'<td class="num">{rate}</td><td class="num">{fig.money(line.cents, lang)}</td></tr>'
    )


def _year(kind: str, lang: Lang, now: Sequence[int], before: Sequence[int]) -> str:
    series = [Series("before", f"{kind}-before", before), Series("now", kind, now)]
    return bars(_say(f"{kind}_title", lang), fig.MONTHS[lang], series)


def _year_table(lang: Lang, unit: str, now: Sequence[int], before: Sequence[int]) -> str:
    head = "".join(f'<th scope="col" class="num">{_say(w, lang)} ({unit})</th>' for w in ("before", "now"))
    rows = [
        f'<tr><th scope="row">{month}</th><td class="num">{was}</td><td class="num">{used}</td></tr>'
        for month, was, used in zip(fig.MONTHS[lang], before, now, strict=True)
    ]
    head = f'<thead><tr><th scope="col">{_say("month", lang)}</th>{head}</tr></thead>'
    totals = "".join(f'<td class="num">{fig.number(sum(year), lang)}</td>' for year in (before, now))
    foot = f'<tfoot><tr><th scope="row">{_say("all", lang)}</th>{totals}</tr></tfoot>'
    return f"{head}<tbody>{''.join(rows)}</tbody>{foot}"


def _day(lang: Lang) -> str:
    tones = ["cheap" if price <= 13 else "dear" if price >= 27 else "usual" for price in fig.DAY]
    hours = [f"{hour}:00" for hour in range(24)]
    return bars(_say("day_title", lang), hours, [Series("day", "usual", fig.DAY)], tones=tones, every=4)


def _rate(rate: int, lang: Lang) -> str:
    figures = fig.number(rate, lang, 5)
    return f"€\u00a0{figures}" if lang == "nl" else f"€{figures}"


def _say(word: str, lang: Lang) -> str:
    return WORDS[word][lang]
