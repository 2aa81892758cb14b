"""What the benchmarks keep: figures come back as they were written, and plots show the figures beside them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.common import results
from benchmarks.common.plot import PlotLine, bars, lines
from benchmarks.scale import figures as scale
from benchmarks.side_by_side import __main__ as side_by_side
from benchmarks.soak import plot as soak
from benchmarks.soak.samples import by_minute

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results"


def test_figures_come_back_rounded_and_lie_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "new" / "figures.json"
    results.write(file, {"a": [1.23456, 123456], "问": {"b": [{"c": 0.5}, {}], "d": []}, "e": None})
    assert results.read(file) == {"a": [1.235, 123456], "问": {"b": [{"c": 0.5}, {}], "d": []}, "e": None}
    written = ["{", ' "a": [1.235, 123456],', ' "问": {', '  "b": [', '   {"c": 0.5},', "   {}", "  ],", '  "d": []']
    assert file.read_text("utf-8").splitlines() == [*written, " },", ' "e": null', "}"]


@pytest.mark.parametrize(
    ("name", "plot"), [("scale", scale.plot), ("side_by_side", side_by_side.plot), ("soak", soak.plot)]
)
def test_a_plot_shows_the_figures_beside_it(name: str, plot: Callable[[Mapping[str, Any]], str]) -> None:
    found = results.read(RESULTS / f"{name}.json")
    assert plot(found) == (RESULTS / f"{name}.svg").read_text("utf-8")


def test_a_line_runs_from_edge_to_edge_of_its_field() -> None:
    """The field is 60 to 480 across and 255 to 30 upwards, which is 0 to 10."""
    assert 'points="60.0,255.0 270.0,142.5 480.0,30.0"' in lines("", [PlotLine("", [(0, 0), (5, 5), (10, 10)])], "")
    powers = lines("", [PlotLine("", [(1, 1), (10, 10), (100, 100)])], "", logarithmic=True)
    assert 'points="60.0,255.0 270.0,142.5 480.0,30.0"' in powers


def test_a_bar_is_as_long_as_its_value_and_names_are_no_markup() -> None:
    drawn = bars("<a>", {"b & c": 5, "d": 10})
    assert 'width="190.0"' in drawn and 'width="380.0"' in drawn
    assert "&lt;a&gt;" in drawn and "b &amp; c" in drawn


def test_of_each_minute_the_last_sample_is_kept_and_the_very_first() -> None:
    samples = [{"at": at} for at in (5.0, 30.0, 55.0, 65.0, 119.0, 121.0)]
    assert [minute["at"] for minute in by_minute(samples)] == [5.0, 55.0, 119.0, 121.0]
    assert by_minute([]) == []


@pytest.mark.parametrize(
    ("given", "sizes"),
    [
        ([], (20_000, 1_300, 100)),
        (["--long"], (20_000, 20_000, 200)),
        (["--long", "--questions", "50", "--passages", "4000"], (4_000, 4_000, 50)),
    ],
)
def test_a_bench_is_short_unless_a_long_one_is_wanted(
    given: list[str], sizes: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What embeds twenty thousand passages takes an hour."""
    monkeypatch.setattr("sys.argv", ["side_by_side", *given])
    options = side_by_side._options()
    assert (options.passages, options.real, options.questions) == sizes
