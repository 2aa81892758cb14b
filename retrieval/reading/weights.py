"""The file that keeps the bundled reader: its encoder layers and head, quantised to 8 bits.

A matrix of shape (rows, columns) is kept as int8 with one float16 scale a row: value = integer x scale, where
scale = max|row| / 127. Vectors (biases, norms) are kept as float16. The word embeddings are those of the bundled
embedding model and are not in the file.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SCALE = ".scale"
_LARGEST = 127
_SMALLEST = np.finfo(np.float16).tiny

Tensors = Mapping[str, NDArray[np.float32]]


def save(tensors: Tensors, path: Path) -> None:
    """Write the tensors, quantised."""
    from safetensors.numpy import save_file

    kept: dict[str, NDArray[np.int8] | NDArray[np.float16]] = {}
    for name, tensor in tensors.items():
        if tensor.ndim != 2:
            kept[name] = tensor.astype(np.float16)
            continue
        kept[name], kept[name + _SCALE] = in_eight_bits(tensor)
    save_file(kept, path)


def in_eight_bits(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Integers of the matrix's shape and scales of shape (rows, 1). What was read from such a file gives what stands
    there."""
    scale = (np.abs(matrix).max(axis=1, keepdims=True) / _LARGEST).astype(np.float16)
    scale = np.maximum(scale, _SMALLEST)  # a row of zeros has none; below it float16 is too coarse
    return np.clip(np.rint(matrix / scale.astype(np.float32)), -_LARGEST, _LARGEST).astype(np.int8), scale


def load(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The tensors of such a file, as float32. Raises what safetensors raises when it is none."""
    from safetensors.numpy import load as load_bytes

    kept = load_bytes(data)
    return {
        name: tensor.astype(np.float32) * (kept[name + _SCALE].astype(np.float32) if name + _SCALE in kept else 1)
        for name, tensor in kept.items()
        if not name.endswith(_SCALE)
    }
