"""Weights in the bits in which they came: integers and scales are found again, and a graph gives what it gave."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding.compiled import openvino
from retrieval.embedding.compressed import Quantised, compress, quantised

Matrix = NDArray[np.float32]
ROWS, COLUMNS = 160, 128


def widened(weights: Quantised) -> Matrix:
    wide: Matrix = weights.integers * weights.scales.astype(np.float32)
    return wide.reshape(len(wide), -1)


def came_in_4_bits(seed: int = 1) -> Matrix:
    """Blocks of 32, each with a -8 as llama.cpp's Q4_0 has, some scales below nought, a row of noughts."""
    random = np.random.default_rng(seed)
    integers = random.integers(-8, 8, (ROWS, COLUMNS // 32, 32))
    integers[:, :, 7] = -8
    scales = random.normal(size=(ROWS, COLUMNS // 32, 1)).astype(np.float16).astype(np.float32)
    scales[3] = 0
    return np.asarray(integers * scales, np.float32).reshape(ROWS, COLUMNS)


def came_in_8_bits() -> Matrix:
    """Each row has a 127 or a -127, as `reading/weights.py` has."""
    random = np.random.default_rng(2)
    integers = random.integers(-127, 128, (ROWS, COLUMNS))
    integers[:, 5] = random.choice([-127, 127], ROWS)
    return np.asarray(integers * random.uniform(1e-3, 1, (ROWS, 1)).astype(np.float16).astype(np.float32), np.float32)


def came_in_floats() -> Matrix:
    return np.random.default_rng(3).normal(size=(ROWS, COLUMNS)).astype(np.float32)


@pytest.mark.parametrize(("matrix", "bits"), [(came_in_4_bits(), 4), (came_in_8_bits(), 8)])
def test_integers_and_scales_are_found_again(matrix: Matrix, bits: int) -> None:
    found = quantised(matrix)
    assert found is not None
    assert found.bits == bits
    assert np.array_equal(widened(found), matrix)


def test_what_was_rounded_to_float16_since_is_found_too() -> None:
    matrix = came_in_4_bits()
    found = quantised(matrix.astype(np.float16).astype(np.float32))
    assert found is not None
    assert np.array_equal(widened(found), matrix)


def _nudged(matrix: Matrix, by: float) -> Matrix:
    nudged = matrix.copy()
    nudged[-1, -1] += by * np.abs(matrix[-1]).max()
    return nudged


@pytest.mark.parametrize(
    "matrix",
    [
        came_in_floats(),
        _nudged(came_in_4_bits(), 0.03),
        _nudged(came_in_8_bits(), 0.003),
        came_in_floats() * 1e30,
        np.full((ROWS, COLUMNS), np.nan, np.float32),
    ],
    ids=["floats", "one value of 4 bits changed", "one value of 8 bits changed", "beyond float16", "no numbers"],
)
def test_no_value_is_rounded(matrix: Matrix) -> None:
    assert quantised(matrix) is None


def test_rows_beyond_those_that_are_looked_at_together() -> None:
    many = np.concatenate([came_in_4_bits(seed) for seed in range(30)])
    found = quantised(many)
    assert found is not None
    assert np.array_equal(widened(found), many)
    assert quantised(_nudged(many, 0.03)) is None


# -- in a graph ------------------------------------------------------------------------------------------------------


def graph_of(table: Matrix, weights: Matrix) -> Any:
    """Rows of a table are looked up and multiplied, transposed, with weights of shape (rows, columns)."""
    ov = openvino()
    ops = ov.opset15
    numbers = ops.parameter([-1, -1], np.int64)
    looked_up = ops.gather(ops.constant(table), numbers, np.int64(0))
    return ov.Model([looked_up, ops.matmul(looked_up, ops.constant(weights), False, True)], [numbers])


def run(graph: Any, numbers: NDArray[np.int64]) -> list[Matrix]:
    properties = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    compiled = openvino().Core().compile_model(graph, "CPU", properties)
    return list(compiled(numbers).values())


@pytest.mark.parametrize("table", [came_in_4_bits(), came_in_8_bits(), came_in_floats()], ids=["4", "8", "floats"])
@pytest.mark.parametrize("weights", [came_in_4_bits(9), came_in_8_bits(), came_in_floats()], ids=["4", "8", "floats"])
def test_a_compressed_graph_gives_what_it_gave(table: Matrix, weights: Matrix) -> None:
    numbers = np.array([[0, 3, ROWS - 1], [7, 7, 4]])
    graph = graph_of(table, weights)
    compress(graph)
    looked_up, product = run(graph, numbers)
    assert np.array_equal(looked_up, table[numbers])
    assert np.allclose(product, table[numbers] @ weights.T, rtol=1e-4, atol=1e-4 * np.abs(product).max())


def _bytes(graph: Any) -> int:
    return sum(op.get_byte_size() for op in graph.get_ops() if op.get_type_name() == "Constant")


def test_a_compressed_graph_is_as_small_as_what_came() -> None:
    graph = graph_of(came_in_4_bits(), came_in_8_bits())
    assert _bytes(graph) > ROWS * COLUMNS * (4 + 4)
    compress(graph)
    assert _bytes(graph) < ROWS * COLUMNS * (0.5 + 2 / 32 + 1) + 2 * ROWS + 200


@pytest.mark.parametrize("kind", ["weights that are not transposed", "columns of a table", "small ones"])
def test_what_is_kept_otherwise_is_left_alone(kind: str) -> None:
    ov = openvino()
    ops = ov.opset15
    matrix, numbers = came_in_4_bits(), np.array([[0, 3], [7, 4]])
    given = ops.parameter([-1, -1], np.int64)
    if kind == "columns of a table":
        result, expected = ops.gather(ops.constant(matrix), given, np.int64(1)), matrix[:, numbers]
    elif kind == "small ones":
        result, expected = ops.gather(ops.constant(matrix[:96]), given, np.int64(0)), matrix[:96][numbers]
    else:
        numbers = np.arange(2 * ROWS).reshape(2, ROWS)
        result, expected = ops.matmul(ops.convert(given, "f32"), ops.constant(matrix), False, False), numbers @ matrix
    graph = ov.Model([result], [given])
    before = _bytes(graph)
    compress(graph)
    assert _bytes(graph) == before
    assert np.allclose(run(graph, numbers)[0], expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
