"""Figures against earlier ones, and against the least that is wanted."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import EvaluationError, NextStep
from retrieval.evaluation.metrics import METRICS, Interval, interval
from retrieval.evaluation.run import Evaluation
from retrieval.frozen_dict import freeze

_ENOUGH = 1e-9
"""Figures this near are the same figure, written by another machine."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric then and now. `interval` is that of the difference over the questions asked both times, None where
    the earlier result does not tell of single questions."""

    metric: str
    before: float | None
    now: float | None
    interval: Interval | None

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.now is None else round(self.now - self.before, 4)


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question that fares otherwise than before: metric → (before, now)."""

    id: str
    question: str
    values: Mapping[str, tuple[float, float]]

    def __post_init__(self) -> None:
        freeze(self, "values")

    @property
    def is_better(self) -> bool:
        return sum(now - before for before, now in self.values.values()) > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """`common` questions were asked both times, by id and wording; None where the earlier result has no items."""

    differences: tuple[Difference, ...]
    changes: tuple[ChangedQuestion, ...]
    common: int | None

    def plain(self) -> dict[str, Any]:
        return {
            "common": self.common,
            "differences": [asdict(difference) | {"change": difference.change} for difference in self.differences],
            "changes": [asdict(change) for change in self.changes],
        }


_NEW = {"right_when_answered", "told"}
"""Metrics that results of an earlier version do not have."""


def read_result(path: Path) -> dict[str, Any]:
    """What an earlier evaluation gave as JSON. Raises EvaluationError when it is something else."""
    result = _read_object(path, "name_result")
    figures = [result.get(name) for name in METRICS]
    if not (result.keys() >= {*METRICS} - _NEW and all(figure is None or _is_share(figure) for figure in figures)):
        raise EvaluationError(f"{path} is not a result of an evaluation.", "name_other_result", path=path)
    items = result.get("items", [])
    if not isinstance(items, list) or not all(_is_item(item) for item in items):
        raise EvaluationError(f"The `items` of {path} cannot be read.", "keep_items")
    return result


def read_floors(path: Path) -> dict[str, float]:
    """Metric → the least that it may be. Raises EvaluationError for anything else."""
    floors = _read_object(path, "name_floors")
    for name, least in floors.items():
        if name not in METRICS:
            raise EvaluationError(f"{path}: there is no metric {name}. Known: {', '.join(METRICS)}.")
        if not _is_share(least):
            raise EvaluationError(f"{path}: the floor of {name} must be a number from 0 to 1.")
    return floors


def below(evaluation: Evaluation, floors: Mapping[str, float]) -> list[str]:
    """A line for each metric that is below its floor, or that no question can judge."""
    lines = []
    for name, least in floors.items():
        value = evaluation.means[name]
        if value is None:
            lines.append(f"{name} has a floor of {least:g}, but none of the questions can judge it.")
        elif value < least - _ENOUGH:
            lines.append(f"{name} is {value:.4f}, below its floor of {least:g}.")
    return lines


def compare(evaluation: Evaluation, earlier: Mapping[str, Any]) -> Comparison:
    """Each metric then and now; question by question where the earlier result has items."""
    known = {(item["id"], item["question"]): item["values"] for item in earlier.get("items", [])}
    pairs = {
        (item.question.id, item.question.text): (known[key], item.values)
        for item in evaluation.items
        if (key := (item.question.id, item.question.text)) in known
    }
    differences = []
    for name in METRICS:
        both = [(then.get(name), now.get(name)) for then, now in pairs.values()]
        changes = [b - a for a, b in both if a is not None and b is not None]
        differences.append(Difference(name, earlier.get(name), evaluation.means[name], interval(changes)))
    changed = [ChangedQuestion(id, text, _changed(then, now)) for (id, text), (then, now) in pairs.items()]
    return Comparison(
        tuple(difference for difference in differences if not (difference.before is None and difference.now is None)),
        tuple(change for change in changed if change.values),
        len(pairs) if "items" in earlier else None,
    )


def _changed(then: Mapping[str, float | None], now: Mapping[str, float | None]) -> dict[str, tuple[float, float]]:
    pairs = {name: (then.get(name), now.get(name)) for name in METRICS}
    return {
        name: (before, after)
        for name, (before, after) in pairs.items()
        if before is not None and after is not None and abs(after - before) > _ENOUGH
    }


def _read_object(path: Path, step: NextStep) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror or error}.", step) from error
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{path} is not one JSON object.", step) from error
    if not isinstance(value, dict):
        raise EvaluationError(f"{path} is not one JSON object.", step)
    return value


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_item(item: object) -> bool:
    if not isinstance(item, dict) or not {"id", "question", "values"} <= item.keys():
        return False
    values = item["values"]
    named = isinstance(item["id"], str) and isinstance(item["question"], str)
    return named and isinstance(values, dict) and all(value is None or _is_share(value) for value in values.values())
