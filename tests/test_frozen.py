"""What is handed out as frozen: nobody can write to it, and it can be copied, kept and sent as any value."""

import ast
import copy
import dataclasses
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from retrieval.features import SentenceFeatures
from retrieval.frozen_dict import FrozenDict
from retrieval.readings import Reading
from retrieval.types import Answer, Context, DocumentRecord, Hit, Passage, StoredPassage
from tests.support.source import NAMES, ROOT, tree

WRITES: dict[str, Callable[[dict[Any, Any]], object]] = {
    "set": lambda mapping: mapping.__setitem__("x", 1),
    "delete": lambda mapping: mapping.__delitem__("known"),
    "clear": lambda mapping: mapping.clear(),
    "pop": lambda mapping: mapping.pop("known"),
    "popitem": lambda mapping: mapping.popitem(),
    "setdefault": lambda mapping: mapping.setdefault("x", 1),
    "update": lambda mapping: mapping.update(x=1),
    "|=": lambda mapping: mapping.__ior__({"x": 1}),
}


def is_frozen(definition: ast.ClassDef) -> bool:
    return any("frozen=True" in ast.unparse(decorator) for decorator in definition.decorator_list)


def mappings(definition: ast.ClassDef) -> list[str]:
    """The fields of a class that are mappings."""
    return [
        ast.unparse(field.target)
        for field in definition.body
        if isinstance(field, ast.AnnAssign) and ast.unparse(field.annotation).startswith(("Mapping[", "dict["))
    ]


HELD = [
    (name, definition.name, tuple(mappings(definition)))
    for name in NAMES
    if name.startswith("retrieval/")
    for definition in ast.walk(tree(ROOT / name))
    if isinstance(definition, ast.ClassDef) and is_frozen(definition) and mappings(definition)
]


def test_the_classes_that_travel_are_among_them() -> None:
    """Else the test below could not fail."""
    assert {"Answer", "Hit", "PassageVectors", "SearchResult"} <= {name for _, name, _ in HELD}


@pytest.mark.parametrize(("file", "name", "fields"), HELD, ids=[name for _, name, _ in HELD])
def test_no_mapping_of_a_frozen_class_can_be_written_to(file: str, name: str, fields: tuple[str, ...]) -> None:
    cls = getattr(import_module(file.removesuffix(".py").replace("/", ".")), name)
    given = {field: {"known": 1} for field in fields}
    value = cls(**{field.name: given.get(field.name) for field in dataclasses.fields(cls) if field.init})
    for field, mapping in given.items():
        held = getattr(value, field)
        for way, write in WRITES.items():
            with pytest.raises(TypeError, match="cannot be changed"):
                write(held)
            assert held == {"known": 1}, way
        mapping["x"] = 2  # whoever gave it keeps his own
        assert held == {"known": 1}


def test_what_a_class_begins_with_cannot_be_written_to() -> None:
    hit = _hit({})
    with pytest.raises(TypeError):
        hit.readings[99] = Reading(0.0, None)  # type: ignore[index]
    assert dataclasses.replace(hit, readings={1: Reading(0.5, None)}).readings[1].logit == 0.5


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy])
def test_a_frozen_value_can_be_copied(copied: Callable[[Any], Any]) -> None:
    answer = _answer({"total": 1.5})
    assert copied(answer) == answer
    assert isinstance(copied(answer).timing_ms, FrozenDict)
    hit = _hit({2: Reading(1.0, "place")})
    assert copied(hit).readings == {2: Reading(1.0, "place")}


def test_a_frozen_value_becomes_plain_values_and_json() -> None:
    told = dataclasses.asdict(_answer({"total": 1.5}))
    assert json.loads(json.dumps(told))["timing_ms"] == {"total": 1.5}
    mine = dict(_answer({"total": 1.5}).timing_ms)
    mine["x"] = 2.0
    assert mine == {"total": 1.5, "x": 2.0}


def _answer(timing_ms: Mapping[str, float]) -> Answer:
    return Answer("左云县有多少网格员", "not_found", 0.0, None, None, (), (), timing_ms)


FEATURES = SentenceFeatures(*[0.5] * len(SentenceFeatures._fields))


def _hit(readings: Mapping[int, Reading]) -> Hit:
    record = DocumentRecord("d", Path("/d.txt"), "题", None, None, 2, 1, "0", "2026-01-01")
    stored = StoredPassage(Passage("p", 0, 0, 1, ((0, 2),), None, None, Context("题")), record, "文本", ())
    return Hit(stored, 0.5, 1.0, (0.5,), (FEATURES,), (0.5,), readings=readings)
