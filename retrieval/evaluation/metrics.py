"""Figures over many questions: means with how sure they are, nDCG, calibration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

METRICS = (
    *("hit@1", "hit@3", "hit@5", "mrr@10", "ndcg@10"),
    *("highlight", "right_when_answered", "kept", "refused", "not_answered", "complete@5"),
    "told",
)
RESAMPLES = 2_000
_SEED = 20_260_101
_DECIMALS = 4

Values = Mapping[str, float | None]
"""Metrics of one question; those that it cannot judge are None or absent."""
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: its mean, the share that was answered right, and how many they are."""

    confidence: float
    right: float
    questions: int


def means(values: Sequence[Values]) -> dict[str, float | None]:
    """For each metric the mean over the questions that can judge it: of 1, 0 and None it is 1/2."""
    return {name: _mean(_judged(values, name)) for name in METRICS}


def intervals(values: Sequence[Values]) -> dict[str, Interval | None]:
    """For each metric the interval that holds its mean with 95%; see `interval`."""
    return {name: interval(_judged(values, name)) for name in METRICS}


def interval(values: Sequence[float]) -> Interval | None:
    """95% of the means of samples drawn from the values with replacement lie in it (Efron, 1979: the percentile
    bootstrap), always the same samples. None for fewer than two values: they say nothing of how they spread."""
    if len(values) < 2:
        return None
    from scipy import stats

    drawn = stats.bootstrap(
        (np.asarray(values, np.float64),),
        np.mean,
        method="percentile",  # of values that are all alike the interval is a point; BCa has none
        n_resamples=RESAMPLES,
        batch=100,  # resamples held in memory at a time
        rng=np.random.default_rng(_SEED),
    )
    low, high = drawn.confidence_interval
    return round(float(low), _DECIMALS), round(float(high), _DECIMALS)


def grouped(values: Sequence[Values], groups: Sequence[str | None]) -> dict[str, dict[str, float | int | None]]:
    """The metrics and the number of questions of each group, in the order in which the groups come up."""
    names = [name for name in dict.fromkeys(groups) if name is not None]
    members = {name: [value for value, group in zip(values, groups, strict=True) if group == name] for name in names}
    return {name: {"questions": len(of), **means(of)} for name, of in members.items()}


def ndcg(cited: Sequence[str], relevant: Iterable[str], k: int) -> float:
    """Normalised discounted cumulative gain of the first k cited passages, where each relevant one gains 1.

    The ideal has all relevant passages first, those too that were not cited: with a, b cited and b, c relevant, it
    is (1/log2 3) / (1/log2 2 + 1/log2 3).
    """
    wanted = set(relevant)
    if not wanted:
        return 0.0
    from sklearn.metrics import ndcg_score

    first = list(dict.fromkeys(cited))[:k]
    blanks = k - len(first) + 1  # what was not cited comes after all ranks, however few were taken
    missed = wanted.difference(first)
    truth = [*(float(passage in wanted) for passage in first), *([0.0] * blanks), *([1.0] * len(missed))]
    scores = [*(k + 1.0 - rank for rank in range(len(first))), *([0.5] * blanks), *([0.0] * len(missed))]
    return float(ndcg_score([truth], [scores], k=k, ignore_ties=True))


def calibration(confidences: Sequence[float], right: Sequence[float], bins: int = 10) -> list[Bin]:
    """Confidence against the share that was right, in bins of equal width; empty ones are left out."""
    if not confidences:
        return []
    from sklearn.calibration import calibration_curve

    shares, levels = calibration_curve([share >= 0.5 for share in right], confidences, n_bins=bins, pos_label=True)
    places = np.digitize(confidences, np.linspace(0, 1, bins + 1)[1:-1], right=True)  # as scikit-learn does
    counts = [int(count) for count in np.bincount(places, minlength=bins) if count]
    return [Bin(float(x), float(y), n) for x, y, n in zip(levels, shares, counts, strict=True)]


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = (round(float(np.percentile(milliseconds, p)), 2) for p in (50, 95))
    return {"p50": p50, "p95": p95, "mean": round(float(np.mean(milliseconds)), 2)}


def _judged(values: Sequence[Values], name: str) -> list[float]:
    return [judged for figures in values if (judged := figures.get(name)) is not None]


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), _DECIMALS) if values else None
