"""Weights in the bits in which they came.

Where a model came quantised, each value is an integer times a scale that it shares with its neighbours, however wide
the library has made it. Integers and scales are found again in the values, and a graph keeps these instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.compiled import openvino

_BLOCK = 32
"""Neighbours that share the scale of 4-bit integers (as in llama.cpp's Q4_0); of 8-bit integers a row shares it."""
_LARGEST = {4: -8, 8: 127}
"""The integer of the value that is farthest from nought, by bits."""
_RELATIVE, _ABSOLUTE = 2**-10, 2**-24
"""How far a value may be from integer times scale: as far as from its float16, in which it would be kept else."""
_ROWS = 4096
"""Rows that are looked at together: what is made of them on the way stays in the processor's cache."""
_SMALL = 2**14
"""Elements of a matrix below which there is nothing to gain."""


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix as integers, int8 of shape (rows, blocks, columns of a block) and `bits` wide, and scales, float16 of
    shape (rows, blocks, 1)."""

    integers: NDArray[np.int8]
    scales: NDArray[np.float16]
    bits: int


def quantised(matrix: NDArray[np.float32]) -> Quantised | None:
    """The integers and scales that the matrix of shape (rows, columns) was made of; None where it was not."""
    rows, columns = matrix.shape
    for bits, width in ((4, _BLOCK), (8, columns)):
        if columns % width == 0:
            parts = list(_parts(matrix.reshape(rows, -1, width), _LARGEST[bits]))
            if parts[-1] is not None:
                integers, scales = zip(*filter(None, parts), strict=True)
                return Quantised(np.concatenate(integers), np.concatenate(scales), bits)
    return None


def _parts(
    blocks: NDArray[np.float32], largest: int
) -> Iterator[tuple[NDArray[np.int8], NDArray[np.float16]] | None]:
    """Integers and scales of so many rows after another, up to a None where they do not give the values."""
    for start in range(0, len(blocks), _ROWS):
        values = blocks[start : start + _ROWS]
        least, most = values.min(axis=2, keepdims=True), values.max(axis=2, keepdims=True)
        with np.errstate(over="ignore", invalid="ignore"):  # a scale beyond float16 is infinite, and gives no values
            scales = (np.where(-least > most, least, most) / largest).astype(np.float16)
            wide = scales.astype(np.float32)
            integers = np.rint(values / np.where(wide == 0, 1, wide))
            if not np.allclose(integers * wide, values, _RELATIVE, _ABSOLUTE):
                yield None
                return
        yield integers.astype(np.int8), scales


def compress(graph: Any) -> None:
    """Have an OpenVINO graph keep what it multiplies with and looks up as integers and scales, wherever these give
    the weights. Only the rows that are looked up are widened, and OpenVINO multiplies with integers as they are."""
    for node in graph.get_ordered_ops():
        kind = node.get_type_name()
        if kind == "MatMul" and node.get_attributes()["transpose_b"]:
            if (found := _weights(node.input_value(1))) is not None:
                node.input(1).replace_source_output(_multiplied_with(found).output(0))
        elif kind == "Gather" and _is_of_rows(node) and (found := _weights(node.input_value(0))) is not None:
            rows = _looked_up(found, node)
            for user in node.output(0).get_target_inputs():
                user.replace_source_output(rows.output(0))


def _is_of_rows(gather: Any) -> bool:
    axis = gather.input_value(2).get_node()
    return axis.get_type_name() == "Constant" and not axis.data.any()


def _weights(output: Any) -> Quantised | None:
    constant = output.get_node()
    if constant.get_type_name() != "Constant" or constant.get_element_type() != openvino().Type.f32:
        return None
    shape = tuple(constant.shape)
    return quantised(constant.data) if len(shape) == 2 and np.prod(shape) >= _SMALL else None


def _multiplied_with(weights: Quantised) -> Any:
    """Shape (rows, columns), as OpenVINO knows weights that it need not widen."""
    ov, ops = openvino(), openvino().opset15
    if weights.bits == 8:
        integers = ops.constant(weights.integers[:, 0])
        return ops.convert(ops.multiply(ops.convert(integers, "f16"), ops.constant(weights.scales[:, 0])), "f32")
    nibbles = (weights.integers & 15).astype(np.uint8).reshape(-1)
    tensor = ov.Tensor(ov.Type.i4, ov.Shape(weights.integers.shape))
    tensor.data.reshape(-1).view(np.uint8)[:] = nibbles[::2] | nibbles[1::2] << 4
    blocks = ops.multiply(ops.convert(ov.op.Constant(tensor), "f16"), ops.constant(weights.scales))
    return ops.convert(ops.reshape(blocks, np.array([len(weights.integers), -1]), special_zero=False), "f32")


def _looked_up(weights: Quantised, gather: Any) -> Any:
    """What `gather` gives. Of 4-bit integers a byte holds two: one of the first half of a block, one of the last."""
    ops = openvino().opset15

    def rows(table: NDArray[Any]) -> Any:
        return ops.gather(ops.constant(table), gather.input_value(1), gather.input_value(2))

    if weights.bits == 8:
        integers = ops.convert(rows(weights.integers), "f32")
    else:
        first, last = np.split((weights.integers + 8).astype(np.uint8), 2, axis=2)
        pairs = rows(first | last << 4)
        halves = [ops.bitwise_and(pairs, np.uint8(15)), ops.bitwise_right_shift(pairs, np.uint8(4))]
        integers = ops.subtract(ops.convert(ops.concat(halves, -1), "f32"), np.float32(8))
    blocks = ops.multiply(integers, ops.convert(rows(weights.scales), "f32"))
    rank = gather.output(0).get_partial_shape().rank.get_length()
    return ops.reshape(blocks, np.array([0] * (rank - 1) + [-1]), special_zero=True)
