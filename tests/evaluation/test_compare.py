"""Against an earlier result, and against floors."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import EvaluationError
from retrieval.evaluation.compare import below, compare, read_floors, read_result
from retrieval.evaluation.run import summary
from tests.evaluation.make import answer, citation, evaluation, item, question

Write = Callable[[str, str | bytes], Path]

FIRST = question("甲在哪", answers=(("家",),), document="a.txt")
SECOND = question("乙在哪", answers=(("田",),), document="a.txt")
DECLINED = question("红烧肉怎么做", kind="chitchat", why="chitchat")
BEFORE = evaluation(item(FIRST, answer("在家")), item(SECOND, answer("无")), item(DECLINED, answer()))
NOW = evaluation(item(FIRST, answer("在家")), item(SECOND, answer("无", "在田")), item(DECLINED, answer("在家")))


def test_differences_by_hand() -> None:
    """乙在哪 went from no hit to rank 2: hit@3 from 1/2 to 1, MRR from 1/2 to (1 + 1/2) / 2."""
    comparison = compare(NOW, summary(BEFORE, items=True))
    by_name = {difference.metric: difference for difference in comparison.differences}
    assert (by_name["hit@1"].change, by_name["hit@1"].interval) == (0.0, (0.0, 0.0))
    assert (by_name["hit@3"].before, by_name["hit@3"].now, by_name["hit@3"].change) == (0.5, 1.0, 0.5)
    assert by_name["hit@3"].interval == (0.0, 1.0)
    assert by_name["mrr@10"].change == 0.25
    assert (by_name["refused"].change, by_name["refused"].interval) == (-1.0, None)
    assert "complete@5" not in by_name
    assert comparison.common == 3
    better, worse = comparison.changes
    assert (better.id, better.is_better, better.values["hit@3"]) == (SECOND.id, True, (0.0, 1.0))
    assert (worse.id, worse.is_better, worse.values) == (DECLINED.id, False, {"refused": (1.0, 0.0)})
    assert json.loads(json.dumps(comparison.plain()))["changes"][1]["id"] == DECLINED.id


def test_without_items_only_the_figures_are_compared() -> None:
    comparison = compare(NOW, summary(BEFORE))
    assert comparison.common is None
    assert comparison.changes == ()
    assert all(difference.interval is None for difference in comparison.differences)
    assert next(difference.change for difference in comparison.differences if difference.metric == "hit@3") == 0.5


def test_only_the_same_questions_are_compared() -> None:
    other = question("丙在哪", id=FIRST.id, answers=(("家",),), document="a.txt")
    comparison = compare(evaluation(item(other, answer(citation(1, "无")))), summary(BEFORE, items=True))
    assert comparison.common == 0
    assert comparison.changes == ()


def test_an_earlier_result_is_read_as_it_was_written(write: Write) -> None:
    path = write("old.json", json.dumps(summary(BEFORE, items=True)))
    assert compare(BEFORE, read_result(path)).changes == ()


NO_RESULTS: list[tuple[str, Any, str]] = [
    ("no JSON", "hit@1 0.5", "is not one JSON object"),
    ("a list", [1], "is not one JSON object"),
    ("something else", {"hit@1": 0.5}, "is not a result of"),
    ("figures out of bounds", summary(BEFORE) | {"hit@1": 50}, "is not a result of"),
    ("items that are none", summary(BEFORE) | {"items": [1]}, "`items` of"),
    ("items without values", summary(BEFORE) | {"items": [{"id": "a", "question": "b", "values": 3}]}, "`items` of"),
    ("items with odd ids", summary(BEFORE) | {"items": [{"id": [], "question": "b", "values": {}}]}, "`items` of"),
]


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in NO_RESULTS], ids=[row[0] for row in NO_RESULTS])
def test_what_is_no_result_is_refused(write: Write, content: Any, expected: str) -> None:
    path = write("old.json", content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(EvaluationError, match=expected):
        read_result(path)


def test_floors(write: Write) -> None:
    floors = read_floors(write("floors.json", '{"hit@1": 0.5, "hit@3": 1, "kept": 0, "refused": 0.5}'))
    assert below(NOW, floors) == ["refused is 0.0000, below its floor of 0.5."]
    assert below(BEFORE, floors) == ["hit@3 is 0.5000, below its floor of 1."]
    assert below(NOW, {"complete@5": 0.5}) == [
        "complete@5 has a floor of 0.5, but none of the questions can judge it."
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"hit@7": 0.5}', "no metric hit@7. Known: hit@1, "),
        ('{"hit@1": 75}', "floor of hit@1 must be a number from 0 to 1"),
        ('{"hit@1": NaN}', "floor of hit@1 must be a number from 0 to 1"),
        ('{"hit@1": true}', "floor of hit@1 must be a number from 0 to 1"),
        ("{", "is not one JSON object"),
    ],
)
def test_floors_that_cannot_be_used(write: Write, content: str, expected: str) -> None:
    with pytest.raises(EvaluationError, match=expected):
        read_floors(write("floors.json", content))


def test_files_that_are_missing(tmp_path: Path) -> None:
    for read in (read_result, read_floors):
        with pytest.raises(EvaluationError, match=r"none\.json cannot be read"):
            read(tmp_path / "none.json")
