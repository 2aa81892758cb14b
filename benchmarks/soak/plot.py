"""What the soak saw, as one plot."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

_BOT, _WRITER = "#1f6f8b", "#c7772e"


def draw(results: Mapping[str, Any]) -> str:
    """Four plots above each other over the same minutes, as SVG with text that can be selected."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "wenju", "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 9), layout="constrained")
        latency, handles, memory, index = figure.subplots(4, sharex=True)
        _latency(latency, results["windows"])
        for name, colour in (("bot", _BOT), ("writer", _WRITER)):
            samples = results["samples"][name]
            handles.plot(
                _minutes(samples), [one["files"] + one["sockets"] for one in samples], color=colour, label=name
            )
            memory.plot(_minutes(samples), [one["memory"] / 1e6 for one in samples], color=colour, label=name)
        handles.set(title="Open files and sockets", ylim=(0, None))
        memory.set(title="Memory of its own, MB", ylim=(0, None))
        sizes = results["index"]
        index.plot(_minutes(sizes), [one["documents"] for one in sizes], color="#444444")
        index.set(title="Documents in the index", ylim=(0, None), xlabel="minutes", xlim=(0, results["minutes"]))
        for axes, corner in ((latency, "upper left"), (handles, "upper left"), (memory, "lower left")):
            axes.legend(loc=corner, ncols=3, frameon=False)
        for axes in (latency, handles, memory, index):
            axes.spines[["top", "right"]].set_visible(False)
            axes.grid(axis="y", color="#dddddd", linewidth=0.6)
            axes.title.set_fontsize("medium")
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()[file.getvalue().index("<svg") :]


def _latency(axes: Any, windows: Sequence[Mapping[str, float]]) -> None:
    width = (windows[1]["at"] - windows[0]["at"]) / 60 if len(windows) > 1 else 1.0
    middles = [one["at"] / 60 + width / 2 for one in windows]
    for name, style in (("p50", "o-"), ("p95", "s-"), ("max", "^:")):
        axes.plot(middles, [one[name] for one in windows], style, color=_BOT, markersize=4, label=name)
    axes.set(title="Seconds from question to answer, by the minute of asking", ylim=(0, None))


def _minutes(rows: Sequence[Mapping[str, float]]) -> list[float]:
    return [one["at"] / 60 for one in rows]
