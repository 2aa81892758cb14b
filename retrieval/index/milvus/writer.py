"""Writing one generation: a version of a document is laid down whole beside the one before, and one record makes it
the one that is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from retrieval.embedding.base import Vectors
from retrieval.index.base import Field, IndexedDocument, SearchedText
from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.counts import Changes, Totals
from retrieval.index.milvus.head import Lease
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.milvus.packing import KeptRecord, document_name, pack
from retrieval.index.milvus.partitions import collection_of, numbered
from retrieval.index.milvus.schema import code_of_key, record
from retrieval.index.model_and_recipe import ModelAndRecipe

_NUMBER = "number"
_RESERVED = 1_000
"""Versions that a writer takes at once; those that it does not use nobody does."""
_TEXTS = 500
"""Texts that are looked for at once."""


class MilvusWriter(MilvusIndex):
    """A PassageWriter, for the holder of the lease."""

    def __init__(
        self,
        milvus: Milvus,
        collections: tuple[str, str],
        made_by: ModelAndRecipe,
        averages: Mapping[Field, float],
        lease: Lease,
        folders: Iterable[Path],
    ) -> None:
        """`folders` are those by which documents are divided."""
        super().__init__(milvus, collections, made_by, averages)
        self._lease, self._folders = lease, tuple(folders)
        self._versions = iter(range(0))
        self._changes: Changes | None = None
        """Since the counts were written; None: nothing."""
        totals = self.counts.totals()
        self._must_recover = totals is None or totals.is_behind

    def known_vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        wanted, found = list(keys), dict[bytes, Vectors]()
        for start in range(0, len(wanted), _TEXTS):
            codes = [*map(code_of_key, wanted[start : start + _TEXTS])]
            passages = self._milvus.rows(self.passages, f"array_contains_any(texts, {codes})", ["key"])
            own, vectors = self.data([row["key"] for row in passages]), self.vectors([row["key"] for row in passages])
            for passage, rows in vectors.rows.items():
                found |= zip(own[passage].keys, vectors.matrix[rows], strict=True)
        return {key: found[key] for key in wanted if key in found}

    # -- changes -------------------------------------------------------------------------------------------------

    def put(self, document: IndexedDocument) -> None:
        number = numbered(self._next_version(), collection_of(document.document.path, self._folders))
        packed, before = pack(number, document, self.averages), self.of(document.document_id)
        gone = self._searched(before)
        with self._changing() as changes:
            self._milvus.put(self.records, packed.parts)
            self._milvus.put(self.passages, packed.passages)
            self._lease.check()
            self._milvus.put(self.records, [packed.document])  # the switch
            changes.count(packed.searched, 1)
            changes.count(gone, -1)
            self._sweep([before.number] if before else [])

    def remove(self, document_ids: Iterable[str]) -> None:
        for before in filter(None, map(self.of, dict.fromkeys(document_ids))):
            gone = self._searched(before)
            with self._changing() as changes:
                self._lease.check()
                self._milvus.delete_in(self.records, "id", [document_name(before.record.document_id)])
                changes.count(gone, -1)
                self._sweep([before.number])

    def publish(self) -> None:
        """First what a writer left is cleared away that was killed, or whose call failed."""
        if self._must_recover:
            self._recover()
        elif self._changes is not None:
            self._lease.check()
            self.counts.apply(self._changes)
        self._changes = None

    def save_caches(self, *, whole: bool = False) -> None:
        """There are none."""

    @contextmanager
    def _changing(self) -> Iterator[Changes]:
        """Mark the counts as behind before the first change after they were written. What fails inside may have been
        done or not: then everything is counted anew."""
        if self._changes is None:
            self.counts.write_totals(replace(self.counts.totals() or Totals(), is_behind=True))
            self._changes = Changes()
        must_recover, self._must_recover = self._must_recover, True
        yield self._changes
        self._must_recover = must_recover

    def _searched(self, kept: KeptRecord | None) -> Sequence[SearchedText]:
        return [own.searched for own in self.data(self.keys_in(kept.number)).values()] if kept else []

    def _sweep(self, numbers: Sequence[int]) -> None:
        """Take away for good what was kept of versions that are no longer there."""
        self._milvus.delete_in(self.passages, "document", numbers)
        self._milvus.delete_in(self.records, "document", numbers, ' and kind == "part"')

    def _recover(self) -> None:
        """Rows that nobody sees go, and everything is counted anew."""
        self._lease.check()
        there = self.kept()
        laid = {row["document"] for row in self._milvus.rows(self.passages, "key >= 0", ["document"])}
        laid |= {row["document"] for row in self._milvus.rows(self.records, 'kind == "part"', ["document"])}
        self._sweep(sorted(laid - {kept.number for kept in there}))
        changes = Changes()
        for kept in there:
            changes.count(self._searched(kept), 1)
        self.counts.replace(changes)
        self._must_recover = False

    def _next_version(self) -> int:
        version = next(self._versions, None)
        if version is None:
            first = int(self._parts([_NUMBER]).get(_NUMBER, "1"))
            self._milvus.put(self.records, [record(_NUMBER, "number", str(first + _RESERVED))])
            self._versions = iter(range(first, first + _RESERVED))
            version = next(self._versions)
        return version
