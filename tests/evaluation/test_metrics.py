"""The arithmetic of the figures, worked by hand."""

from math import log2

import pytest

from retrieval.evaluation.metrics import Bin, calibration, grouped, interval, intervals, means, ndcg, percentiles


def test_a_mean_leaves_out_what_cannot_be_judged() -> None:
    """(1 + 0 + 1) / 3 of four questions, one of which has no `highlight`; `refused` is judged by none."""
    values: list[dict[str, float | None]] = [
        {"highlight": 1.0},
        {"highlight": 0.0},
        {"highlight": None},
        {"highlight": 1.0, "kept": 0.0},
    ]
    figures = means(values)
    assert figures["highlight"] == 0.6667
    assert figures["kept"] == 0.0
    assert figures["refused"] is None


def test_groups_have_the_same_figures_and_a_count() -> None:
    values = [{"hit@1": 1.0}, {"hit@1": 0.0}, {"hit@1": 1.0}, {"hit@1": 1.0}]
    groups = grouped(values, ["b", "b", "a", None])
    assert list(groups) == ["b", "a"]
    assert (groups["b"]["questions"], groups["b"]["hit@1"], groups["b"]["kept"]) == (2, 0.5, None)
    assert (groups["a"]["questions"], groups["a"]["hit@1"]) == (1, 1.0)


def test_ndcg_knows_what_was_not_cited() -> None:
    """The gain of rank r is 1 / log2(r + 1). a, b are cited, b and c relevant: b gains at rank 2; ideally b and c
    stood at 1 and 2."""
    assert ndcg("ab", "bc", 10) == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))
    assert ndcg("ab", "ab", 10) == pytest.approx(1.0)
    assert ndcg("ab", "b", 10) == pytest.approx(1 / log2(3))
    assert ndcg("abcdefghij", "j", 10) == pytest.approx(1 / log2(11))
    assert ndcg("abc", "c", 2) == 0.0  # beyond the ranks that are looked at
    assert ndcg("ab", "", 10) == ndcg("", "ab", 10) == ndcg("", "", 10) == 0.0


def test_more_relevant_passages_than_ranks_are_no_loss() -> None:
    assert ndcg("ab", "abcd", 2) == pytest.approx(1.0)


def test_the_interval_holds_95_percent_of_the_resampled_means() -> None:
    """100 values of mean 1/2: the means of resamples have a standard deviation of 0.5 / √100 = 0.05, so that 95% lie
    within 1.96 · 0.05 of the middle."""
    low, high = interval([0.0, 1.0] * 50) or (0, 0)
    assert low == pytest.approx(0.5 - 0.098, abs=0.012)
    assert high == pytest.approx(0.5 + 0.098, abs=0.012)
    assert interval([0.0, 1.0] * 50) == (low, high), "the same every time"


def test_values_that_do_not_spread_or_are_too_few() -> None:
    assert interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    assert interval([1.0]) is None
    assert interval([]) is None
    assert intervals([{"kept": 1.0}, {"kept": 0.0}])["refused"] is None


def test_calibration_by_hand() -> None:
    """Two bins: 0.1 and 0.3 (mean 0.2; one of two right), and 0.9 (right)."""
    low, high = calibration([0.1, 0.3, 0.9], [0.0, 1.0, 1.0], bins=2)
    assert (low.right, low.questions) == (0.5, 2)
    assert (high.right, high.questions) == (1.0, 1)
    assert [low.confidence, high.confidence] == pytest.approx([0.2, 0.9])
    assert sum(part.questions for part in calibration([0.0, 0.1, 0.2, 0.5, 1.0], [0, 0, 0, 1, 1])) == 5
    assert calibration([0.5], [1.0]) == [Bin(0.5, 1.0, 1)]
    assert calibration([], []) == []


def test_percentiles_lie_between_the_values() -> None:
    """Of 1 and 3: the middle is 2; 95% of the way is 1 + 0.95 · 2 = 2.9."""
    assert percentiles([1.0, 3.0]) == {"p50": 2.0, "p95": 2.9, "mean": 2.0}
