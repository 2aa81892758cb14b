"""A look at what the collections hold: each document against its checksums."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.embedding.base import Vectors
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.milvus.packing import KeptRecord, checksum, unpack_body, unpack_passage, unpack_vectors
from retrieval.index.upkeep import DamagedError, KeptDocument


class MilvusSalvage:
    """A Salvage; documents go by the numbers of their versions."""

    has_checksums = True

    def __init__(self, index: MilvusIndex) -> None:
        self._index = index

    @property
    def recipe(self) -> str:
        return self._index.made_by.recipe

    def documents(self) -> dict[int, Path | None]:
        found = sorted(self._index.kept(), key=lambda kept: str(kept.record.path))
        return {kept.number: kept.record.path for kept in found}

    def is_there(self, number: int) -> bool:
        return number in self._index.kept_numbers([number])

    def read(self, number: int) -> KeptDocument:
        kept, body = self._kept(number), self._index.packed_body(number)
        packed = self._packed(kept, "data")
        if body is None:
            raise DamagedError("its text is missing")
        if checksum([body, *packed.values()]) != kept.content_sum:
            raise DamagedError("it does not match its checksum")
        with _garbled():
            data = [unpack_passage(own) for own in packed.values()]
            passages = tuple(kept.passage(own) for own in data)
            keys = tuple(tuple(own.keys) for own in data)
            record = kept.record
            return KeptDocument(record.document_id, record.sha256, unpack_body(body), passages, keys)

    def check_vectors(self, number: int) -> None:
        try:
            kept = self._kept(number)
            if checksum(self._packed(kept, "vectors").values()) != kept.vectors_sum:
                raise DamagedError("they do not match their checksum")
        except DamagedError as error:
            raise DamagedError(f"its vectors are damaged ({error}); its text is whole") from error

    def vectors(self, number: int, document: KeptDocument) -> dict[bytes, Vectors]:
        """The vectors of a document that was read, by its keys."""
        dimension = self._index.made_by.model.dimension
        with _garbled():
            found: dict[bytes, Vectors] = {}
            for keys, packed in zip(document.keys, self._packed(self._kept(number), "vectors").values(), strict=True):
                found |= zip(keys, unpack_vectors(packed, dimension), strict=True)
            return found

    def _kept(self, number: int) -> KeptRecord:
        kept = self._index.kept_numbers([number]).get(number)
        if kept is None:
            raise DamagedError("it is gone")
        return kept

    def _packed(self, kept: KeptRecord, field: str) -> dict[int, str]:
        found = self._index.rows.packed(self._index.keys_in(kept.number), field)
        if len(found) != kept.record.passages:
            raise DamagedError("a part of it is missing")
        return found


@contextmanager
def _garbled() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise DamagedError(f"it is garbled: {type(error).__name__}") from error
