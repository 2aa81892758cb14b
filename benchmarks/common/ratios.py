"""A line of a table of ratios."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RatioRow:
    """The ratio ours / reference, by round; wanted is at least or at most a figure."""

    name: str
    reference: str
    ratios: tuple[float, ...]
    wanted: float
    at_least: bool

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        return self.median >= self.wanted if self.at_least else self.median <= self.wanted

    def json(self) -> dict[str, Any]:
        """All there is to know of it."""
        return {**asdict(self), "median": self.median, "met": self.is_met}

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return (
            f"{self.name:<34} {self.median:>6.2f} x  ({spread(self.ratios)})"
            f"  wanted {sign} {self.wanted:g}  {'met' if self.is_met else 'MISSED'}   against {self.reference}"
        )


def spread(ratios: Sequence[float]) -> str:
    rounds = f"{len(ratios)} round{'s' if len(ratios) > 1 else ''}"
    return f"{min(ratios):.2f}–{max(ratios):.2f}, {rounds}"
