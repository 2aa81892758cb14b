"""Tables in the 4 bits in which they came: integers and scales are found again, and a graph gives what it gave."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding.compiled import openvino
from retrieval.embedding.compressed import Quantised, compress, quantised

Matrix = NDArray[np.float32]
ROWS, COLUMNS = 160, 128


def widened(table: Quantised) -> Matrix:
    integers, scales = table
    wide: Matrix = integers * scales.astype(np.float32)
    return wide.reshape(len(wide), -1)


def came_in_4_bits(seed: int = 1) -> Matrix:
    """Blocks of 32, each with a -8 as llama.cpp's Q4_0 has, some scales below nought, a row of noughts."""
    random = np.random.default_rng(seed)
    integers = random.integers(-8, 8, (ROWS, COLUMNS // 32, 32))
    integers[:, :, 7] = -8
    scales = random.normal(size=(ROWS, COLUMNS // 32, 1)).astype(np.float16).astype(np.float32)
    scales[3] = 0
    return np.asarray(integers * scales, np.float32).reshape(ROWS, COLUMNS)


def came_in_floats() -> Matrix:
    return np.random.default_rng(3).normal(size=(ROWS, COLUMNS)).astype(np.float32)


def with_one_changed(table: Matrix) -> Matrix:
    """By a third of a step, of 8 steps from nought to the farthest."""
    changed = table.copy()
    changed[-1, -1] += np.abs(table[-1, -32:]).max() / 8 / 3
    return changed


def test_integers_and_scales_are_found_again() -> None:
    table = came_in_4_bits()
    found = quantised(table)
    assert found is not None
    assert np.array_equal(widened(found), table)


def test_what_was_rounded_to_float16_since_is_found_too() -> None:
    table = came_in_4_bits()
    found = quantised(table.astype(np.float16).astype(np.float32))
    assert found is not None
    assert np.array_equal(widened(found), table)


@pytest.mark.parametrize(
    "table",
    [
        came_in_floats(),
        with_one_changed(came_in_4_bits()),
        came_in_4_bits() * np.float32(1e30),
        came_in_4_bits()[:, :-1],
        np.full((ROWS, COLUMNS), np.nan, np.float32),
    ],
    ids=["floats", "one value changed", "beyond float16", "no whole blocks", "no numbers"],
)
def test_no_value_is_rounded(table: Matrix) -> None:
    assert quantised(table) is None


def test_rows_beyond_those_that_are_looked_at_together() -> None:
    many = np.concatenate([came_in_4_bits(seed) for seed in range(30)])
    found = quantised(many)
    assert found is not None
    assert np.array_equal(widened(found), many)
    assert quantised(with_one_changed(many)) is None


# -- in a graph ------------------------------------------------------------------------------------------------------


def graph_of(table: Matrix, axis: int = 0) -> Any:
    """Rows of a table are looked up, or columns."""
    ov = openvino()
    numbers = ov.opset15.parameter([-1, -1], np.int64)
    looked_up = ov.opset15.gather(ov.opset15.constant(table), numbers, np.int64(axis))
    return ov.Model([looked_up], [numbers])


def run(graph: Any, numbers: NDArray[np.int64]) -> Matrix:
    compiled = openvino().Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found: Matrix = compiled(numbers)[0]
    return found


def size(graph: Any) -> int:
    return sum(op.get_byte_size() for op in graph.get_ops() if op.get_type_name() == "Constant")


NUMBERS = np.array([[0, 3, 127], [7, 7, 4]])


def test_a_compressed_graph_gives_what_it_gave_and_is_as_small_as_what_came() -> None:
    table = came_in_4_bits()
    graph = graph_of(table)
    assert size(graph) > ROWS * COLUMNS * 4
    compress(graph)
    assert size(graph) < ROWS * COLUMNS * (1 / 2 + 2 / 32) + 200
    assert np.array_equal(run(graph, NUMBERS), table[NUMBERS])


@pytest.mark.parametrize(("table", "axis"), [(came_in_4_bits(), 1), (came_in_floats(), 0)], ids=["columns", "floats"])
def test_what_is_kept_otherwise_is_left_alone(table: Matrix, axis: int) -> None:
    graph = graph_of(table, axis)
    before = size(graph)
    compress(graph)
    assert size(graph) == before
    assert np.array_equal(run(graph, NUMBERS), table.take(NUMBERS, axis))
