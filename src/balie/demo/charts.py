"""Charts as plain SVG text. Colours and type come from the site's style sheet by class; no inline style."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 520, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 4, 14, 28


@dataclass(frozen=True)
class Series:
    """One row of values, drawn with the class `bar-{tone}`."""

    name: str
    tone: str
    values: Sequence[int]


def bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    tones: Sequence[str] | None = None,
    every: int = 1,
) -> str:
    """Grouped bars from zero. `tones` colours the bars one by one; `every` thins the labels out."""
    step, top = _scale(max(max(one.values) for one in series))
    height = HEIGHT - TOP - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / len(labels)
    wide = slot * 0.72 / len(series)
    parts = []
    for value in range(0, top + 1, step):
        y = TOP + height * (1 - value / top)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    for at, label in enumerate(labels):
        x = LEFT + slot * at
        for order, one in enumerate(series):
            tall = max(height * one.values[at] / top, 1)
            tone = tones[at] if tones else one.tone
            parts.append(
                f'<rect class="bar bar-{tone}" x="{x + slot * 0.14 + wide * order:.1f}" '
                f'y="{TOP + height - tall:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}" rx="2"/>'
            )
        if at % every == 0:
            middle = f'x="{x + slot / 2:.1f}" text-anchor="middle"'
            parts.append(f'<text class="tick" {middle} y="{HEIGHT - 8}">{label}</text>')
    return _svg(title, WIDTH, HEIGHT, parts)


def shares(title: str, parts_of: Sequence[tuple[str, int]]) -> str:
    """One bar divided by (tone, amount); negative amounts are left out, as they make no share."""
    whole = sum(amount for _, amount in parts_of if amount > 0)
    x = 0.0
    parts = []
    for tone, amount in parts_of:
        if amount > 0:
            wide = WIDTH * amount / whole
            parts.append(
                f'<rect class="bar bar-{tone}" x="{x:.1f}" y="0" width="{wide - 2:.1f}" height="28" rx="4"/>'
            )
            x += wide
    return _svg(title, WIDTH, 28, parts)


def _scale(most: int) -> tuple[int, int]:
    """A round step and a top at or above `most`, with four to six lines."""
    for step in (5, 10, 20, 25, 50, 100, 200, 500, 1_000):
        if most / step <= 5:
            return step, step * ceil(most / step)
    return most, most


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(title)}">'
        + "".join(parts)
        + "</svg>"
    )
