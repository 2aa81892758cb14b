"""What the soak saw, as one plot."""

from collections.abc import Mapping
from typing import Any

from benchmarks.common.plot import PlotLine, lines


def plot(results: Mapping[str, Any]) -> str:
    """Seconds that an answer took, by the minute of asking."""
    windows = results["windows"]
    drawn = [
        PlotLine(name, [(window["at"] / 60, window[name]) for window in windows]) for name in ("max", "p95", "p50")
    ]
    return lines("Seconds from question to answer", drawn, "minute of asking")
