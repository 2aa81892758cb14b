"""Rows of passages by key. What a row holds never changes, for a version that is put anew has keys of its own: so
what was read last is remembered. Whether its version is still there a row does not tell: who asks looks that up."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeVar

from retrieval.embedding.base import Vectors
from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.packing import PassageData, unpack_passage, unpack_vectors
from retrieval.index.milvus.schema import joined

T = TypeVar("T")
_DATA, _VECTORS = 16_000_000, 64_000_000
"""Characters of texts, and bytes of vectors, that are remembered: of some three thousand passages each."""


class Remembered(Generic[T]):
    """The values that were asked for last, of at most so much `size` in all. Threads may share it."""

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most, self._size = most, size
        self._known, self._total, self._changing = OrderedDict[int, T](), 0, Lock()

    def of(self, keys: Iterable[int], read: Callable[[Sequence[int]], Mapping[int, T]]) -> dict[int, T]:
        """In the order of the keys; what is not known is `read`, and what is not there is missing."""
        wanted = list(dict.fromkeys(keys))
        with self._changing:
            found = {key: self._known[key] for key in wanted if key in self._known}
            for key in found:
                self._known.move_to_end(key)
        if unknown := [key for key in wanted if key not in found]:
            came = read(unknown)
            found |= came
            with self._changing:
                for key, value in came.items():
                    if key not in self._known:
                        self._known[key] = value
                        self._total += self._size(value)
                while self._total > self._most:
                    self._total -= self._size(self._known.popitem(last=False)[1])
        return {key: found[key] for key in wanted if key in found}


class PassageRows:
    """Of the collection with this name. `parts` gives the records with these names, `dimension` is the vectors'."""

    def __init__(
        self, milvus: Milvus, name: str, parts: Callable[[Sequence[str]], dict[str, str]], dimension: int
    ) -> None:
        self._milvus, self._name, self._parts, self._dimension = milvus, name, parts, dimension
        self._data = Remembered[PassageData](_DATA, lambda own: len(own.searched.text) + len(own.searched.beside))
        self._vectors = Remembered[Vectors](_VECTORS, lambda own: own.nbytes)

    def data(self, keys: Iterable[int]) -> dict[int, PassageData]:
        return self._data.of(keys, self._read_data)

    def vectors(self, keys: Iterable[int]) -> dict[int, Vectors]:
        """Of each passage and its sentences: shape (vectors, dimension), float32."""
        return self._vectors.of(keys, self._read_vectors)

    def packed(self, keys: Sequence[int], field: str) -> dict[int, str]:
        """A field that may be longer than a row, as it lies there now."""
        rows = self._milvus.rows_in(self._name, "key", keys, ["key", field])
        whole = joined({f"k{row['key']}{field}": row[field] for row in rows}, self._parts)
        return {key: whole[owner] for key in keys if (owner := f"k{key}{field}") in whole}

    def _read_data(self, keys: Sequence[int]) -> dict[int, PassageData]:
        return {key: unpack_passage(packed) for key, packed in self.packed(keys, "data").items()}

    def _read_vectors(self, keys: Sequence[int]) -> dict[int, Vectors]:
        return {key: unpack_vectors(packed, self._dimension) for key, packed in self.packed(keys, "vectors").items()}
