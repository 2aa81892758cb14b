"""Tables in the 4 bits in which they came.

Where a model came so, each value is an integer times a scale that it shares with its neighbours, however wide the
library has made it. Integers and scales are found again in the values, and a graph keeps these instead.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.compiled import openvino

_BLOCK = 32
"""Neighbours that share a scale, as in llama.cpp's Q4_0."""
_FARTHEST = -8
"""The integer of that of them which is farthest from nought."""
_RELATIVE, _ABSOLUTE = 2**-10, 2**-24
"""How far a value may be from integer times scale: as far as from its float16, in which it would be kept else."""
_ROWS = 4096
"""Rows that are looked at together: what is made of them on the way stays in the processor's cache."""

Quantised = tuple[NDArray[np.int8], NDArray[np.float16]]
"""Integers from -8 to 7 of shape (rows, blocks, values of a block) and scales of shape (rows, blocks, 1)."""


def compress(graph: Any) -> None:
    """Have an OpenVINO graph keep the tables in which it looks rows up as integers and scales, wherever these give
    them; only the rows that are looked up are widened.

    What it multiplies with is left alone. OpenVINO can multiply with such integers, but then it rounds the other
    factor to 8 bits, and a reader that is rounded so answers fewer questions; told not to, it takes longer."""
    for node in graph.get_ordered_ops():
        if node.get_type_name() == "Gather" and (found := _table(node)) is not None:
            rows = _looked_up(found, node)
            for user in node.output(0).get_target_inputs():
                user.replace_source_output(rows.output(0))


def quantised(table: NDArray[np.float32]) -> Quantised | None:
    """What the table of shape (rows, columns) was made of; None where it was not made so."""
    rows, columns = table.shape
    if columns % _BLOCK:
        return None
    parts = list(_parts(table.reshape(rows, -1, _BLOCK)))
    if parts[-1] is None:
        return None
    integers, scales = zip(*filter(None, parts), strict=True)
    return np.concatenate(integers), np.concatenate(scales)


def _parts(blocks: NDArray[np.float32]) -> Iterator[Quantised | None]:
    """Integers and scales of so many rows after another, up to a None where they do not give the values."""
    for start in range(0, len(blocks), _ROWS):
        values = blocks[start : start + _ROWS]
        least, most = values.min(axis=2, keepdims=True), values.max(axis=2, keepdims=True)
        with np.errstate(over="ignore", invalid="ignore"):  # a scale beyond float16 is infinite, and gives no values
            scales = (np.where(-least > most, least, most) / _FARTHEST).astype(np.float16)
            wide = scales.astype(np.float32)
            integers = np.rint(values / np.where(wide == 0, 1, wide))
            if not np.allclose(integers * wide, values, _RELATIVE, _ABSOLUTE):
                yield None
                return
        yield integers.astype(np.int8), scales


def _table(gather: Any) -> Quantised | None:
    """What the table is made of, where rows of a constant one are looked up."""
    constant, axis = (gather.input_value(number).get_node() for number in (0, 2))
    if constant.get_type_name() != "Constant" or constant.get_element_type() != openvino().Type.f32:
        return None
    if len(constant.shape) != 2 or axis.get_type_name() != "Constant" or axis.data.any():
        return None
    return quantised(constant.data)


def _looked_up(table: Quantised, gather: Any) -> Any:
    """What `gather` gives. A byte holds two integers: one of the first half of a block, one of the last."""
    ops = openvino().opset15

    def rows(values: NDArray[Any]) -> Any:
        return ops.gather(ops.constant(values), gather.input_value(1), gather.input_value(2))

    integers, scales = table
    first, last = np.split((integers - _FARTHEST).astype(np.uint8), 2, axis=2)
    pairs = rows(first | last << 4)
    halves = [ops.bitwise_and(pairs, np.uint8(15)), ops.bitwise_right_shift(pairs, np.uint8(4))]
    found = ops.add(ops.convert(ops.concat(halves, -1), "f32"), np.float32(_FARTHEST))
    blocks = ops.multiply(found, ops.convert(rows(scales), "f32"))
    rank = gather.output(0).get_partial_shape().rank.get_length()
    return ops.reshape(blocks, np.array([0] * (rank - 1) + [-1]), special_zero=True)
