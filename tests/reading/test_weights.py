"""The file of quantised weights: what is written comes back, as near as eight bits allow."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from retrieval.reading import weights

Matrix = NDArray[np.float32]
FIGURES = st.floats(-100, 100, width=32)
SMALLEST = 2.0**-14
"""The least step: below it the scale, a float16, would be too coarse."""


def round_trip(folder: Path, **tensors: Matrix) -> dict[str, Matrix]:
    path = folder / "weights.safetensors"
    weights.save(tensors, path)
    return weights.load(path.read_bytes())


def steps(matrix: Matrix) -> NDArray[np.float64]:
    """The quantisation step of each row, shape (rows, 1): a scale is rounded by a 2048th at most."""
    largest = np.abs(matrix).max(axis=1, keepdims=True).astype(np.float64)
    found: NDArray[np.float64] = np.maximum(largest / 127 * (1 + 2**-11), SMALLEST)
    return found


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=FIGURES))
@settings(deadline=None)
def test_a_matrix_comes_back_within_half_a_step(tmp_path_factory: pytest.TempPathFactory, matrix: Matrix) -> None:
    found = round_trip(tmp_path_factory.mktemp("weights"), matrix=matrix)["matrix"]
    assert found.dtype == np.dtype(np.float32)
    assert found.shape == matrix.shape
    assert (np.abs(found.astype(np.float64) - matrix) <= steps(matrix) / 2 * (1 + 1e-5)).all()


def test_each_row_has_a_step_of_its_own(tmp_path: Path) -> None:
    matrix = np.array([[100.0, 0.4], [0.001, 0.0004]], np.float32) * [[1], [10]]
    found = round_trip(tmp_path, matrix=matrix.astype(np.float32))["matrix"]
    # 100/127 is a step of 0.79; 0.01/127 is one of 0.00008.
    assert found[0] == pytest.approx([100, 0.7874], rel=1e-3)
    assert found[1] == pytest.approx([0.01, 0.004], rel=1e-2)


@given(arrays(np.float32, (5, 7), elements=FIGURES))
@settings(deadline=None)
def test_what_was_read_gives_the_integers_that_stand_there(
    tmp_path_factory: pytest.TempPathFactory, matrix: Matrix
) -> None:
    matrix[:, 0] += 1  # a row all of whose figures are tiny is written with a scale that it does not show
    integers, scale = weights.in_eight_bits(matrix)
    again, same = weights.in_eight_bits(round_trip(tmp_path_factory.mktemp("weights"), matrix=matrix)["matrix"])
    if np.abs(matrix).max(axis=1).min() > SMALLEST * 127:
        assert again.tolist() == integers.tolist()
        assert same.tolist() == scale.tolist()


def test_a_row_of_zeros_comes_back_as_zeros(tmp_path: Path) -> None:
    matrix = np.array([[0, 0, 0], [1, -2, 3]], np.float32)
    found = round_trip(tmp_path, matrix=matrix)["matrix"]
    assert found[0].tolist() == [0, 0, 0]
    assert found[1] == pytest.approx([1, -2, 3], abs=3 / 127)


@given(arrays(np.float32, array_shapes(min_dims=1, max_dims=1, max_side=12), elements=FIGURES))
@settings(deadline=None)
def test_a_vector_comes_back_as_float16(tmp_path_factory: pytest.TempPathFactory, vector: Matrix) -> None:
    found = round_trip(tmp_path_factory.mktemp("weights"), vector=vector)["vector"]
    assert found.dtype == np.dtype(np.float32)
    assert found.tolist() == vector.astype(np.float16).astype(np.float32).tolist()


def test_names_are_kept_and_scales_are_not_among_them(tmp_path: Path) -> None:
    found = round_trip(tmp_path, **{"a.weight": np.ones((2, 3), np.float32), "a.bias": np.ones(2, np.float32)})
    assert found.keys() == {"a.weight", "a.bias"}


def test_the_same_tensors_make_the_same_file(tmp_path: Path) -> None:
    tensors = {"b": np.ones((2, 3), np.float32), "a": np.arange(3, dtype=np.float32)}
    for name in ("one", "two"):
        weights.save(tensors, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
