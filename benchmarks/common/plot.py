"""One small plot as SVG, whose text can be selected: lines over a scale, or bars."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 30, 480, 255
"""Edges of the field in which lines are drawn; right of it stand their names."""
_COLOURS = ("#222222", "#1f6f8b", "#c7772e", "#5a8f3c", "#8b3f7d")
_BAR, _NAMES = 26, 190
"""Pixels from one bar to the next, and those that their names take."""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """Points (x, y) in order of x."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands between two edges, and which values are written there."""

    ticks: Sequence[float]
    begin: float
    end: float
    logarithmic: bool

    def place(self, value: float) -> float:
        low, high, at = (
            math.log(number) if self.logarithmic else number for number in (self.ticks[0], self.ticks[-1], value)
        )
        return round(self.begin + (at - low) / (high - low) * (self.end - self.begin), 1)


def lines(title: str, drawn: Sequence[PlotLine], across: str, *, logarithmic: bool = False) -> str:
    """The lines over `across`. Axes begin at 0, unless both are logarithmic."""
    columns, values = zip(*(point for line in drawn for point in line.points), strict=True)
    right, up = (_scale(columns, _LEFT, _RIGHT, logarithmic), _scale(values, _BOTTOM, _TOP, logarithmic))
    return _svg(
        title, _HEIGHT, [*_axes(right, up), *_drawn(drawn, right, up), _text((_LEFT + _RIGHT) / 2, 292, across)]
    )


def bars(title: str, values: Mapping[str, float]) -> str:
    """A bar for each value, below each other."""
    unit = (_WIDTH - _NAMES - 70) / max(values.values())
    parts = []
    for number, (name, value) in enumerate(values.items()):
        top = _TOP + _BAR * number
        parts.append(_text(_NAMES - 8, top + 15, name, "end"))
        parts.append(f'<rect x="{_NAMES}" y="{top}" width="{value * unit:.1f}" height="20" fill="{_COLOURS[1]}"/>')
        parts.append(_text(_NAMES + value * unit + 6, top + 15, f"{value:,g}", "start"))
    return _svg(title, _TOP + _BAR * len(values) + 6, parts)


def _scale(values: Sequence[float], begin: float, end: float, logarithmic: bool) -> _Scale:
    ticks = _ten_by_ten(min(values), max(values)) if logarithmic else _evenly(max(values))
    return _Scale(ticks, begin, end, logarithmic)


def _evenly(high: float) -> list[float]:
    """From 0 on, at most six steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(high / 6))
    step = next(power * times for times in (1, 2, 5, 10) if high / (power * times) <= 6)
    return [round(step * number, 9) for number in range(math.ceil(high / step) + 1)]


def _ten_by_ten(low: float, high: float) -> list[float]:
    """Powers of ten, with 2 and 5 times these where they would be few. A hundredth beyond the last gets no room."""
    times = (1, 2, 5) if high / low < 100 else (1,)
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    every = [10.0**power * factor for power in powers for factor in times]
    first = max(tick for tick in every if tick <= low * 1.01)
    last = min(tick for tick in every if tick >= high * 0.99)
    return [tick for tick in every if first <= tick <= last]


def _axes(right: _Scale, up: _Scale) -> Iterator[str]:
    for value in up.ticks:
        y = up.place(value)
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#dddddd"/>' + _text(_LEFT - 6, y + 4, f"{value:,g}", "end")
    yield from (_text(right.place(value), _BOTTOM + 17, f"{value:,.0f}") for value in right.ticks)


def _drawn(drawn: Sequence[PlotLine], right: _Scale, up: _Scale) -> Iterator[str]:
    for number, line in enumerate(drawn):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{right.place(x)},{up.place(y)}" for x, y in line.points)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield _text(_RIGHT + 14, _TOP + 14 + 20 * number, line.label, "start", colour)


def _text(x: float, y: float, text: str, anchor: str = "middle", colour: str = "#222222") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif"'
    ground = f'<rect width="{_WIDTH}" height="{height}" fill="white"/>'
    return "\n".join([f'{head} font-size="12">', ground, _text(_WIDTH / 2, 18, title), *parts, "</svg>", ""])
