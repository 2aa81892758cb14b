"""Writing one generation: a version of a document is laid down whole beside the one before, and one record makes it
the one that is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from retrieval.embedding.base import Vectors
from retrieval.errors import BusyError
from retrieval.index.base import Field, IndexedDocument, SearchedText
from retrieval.index.milvus.client import Milvus, Row
from retrieval.index.milvus.counts import Changes, Totals
from retrieval.index.milvus.index import DOCUMENTS, MilvusIndex
from retrieval.index.milvus.lease import Lease
from retrieval.index.milvus.packing import KeptRecord, document_name, pack
from retrieval.index.milvus.partitions import collection_of, numbered
from retrieval.index.milvus.schema import code_of_key, record
from retrieval.index.model_and_recipe import ModelAndRecipe

_NUMBER = "number"
_RESERVED = 1_000
"""Versions that a writer takes at once; those that it does not use nobody does."""
_TEXTS = 500
"""Texts that are looked for at once."""
_RECORD = "id", "kind", "document", "path", "name", "data"
"""What a record holds, but for the vector that Milvus wants in each."""


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
        self._versions, self._reserved = iter(range(0)), 1
        self._changes: Changes | None = None
        """Since the counts were written; None: nothing."""
        totals = self.counts.totals()
        self._must_recover = totals is None or totals.is_behind

    def known_vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        wanted, found = list(keys), dict[bytes, Vectors]()
        for start in range(0, len(wanted), _TEXTS):
            codes = [*map(code_of_key, wanted[start : start + _TEXTS])]
            passages = self._milvus.rows(self.passages, f"array_contains_any(texts, {codes})", ["key"])
            own, vectors = (
                self.rows.data([row["key"] for row in passages]),
                self.vectors([row["key"] for row in passages]),
            )
            for passage, rows in vectors.rows.items():
                found |= zip(own[passage].keys, vectors.matrix[rows], strict=True)
        return {key: found[key] for key in wanted if key in found}

    # -- changes -------------------------------------------------------------------------------------------------

    def put(self, document: IndexedDocument) -> None:
        number = numbered(self._next_version(), collection_of(document.document.path, self._folders))
        packed, there = pack(number, document, self.averages), self._record_of(document.document_id)
        before = next(iter(self._unpacked(there)), None)
        gone = self._searched(before)
        with self._changing() as changes:
            self._milvus.put(self.records, packed.parts)
            self._milvus.put(self.passages, packed.passages)
            self._lease.check()
            self._milvus.put(self.records, [packed.document], self._lease.left())  # the switch
            try:
                self._lease.check()
            except BusyError:
                if len(self.keys_in(number)) < len(packed.passages):  # else whoever took it found it, and keeps it
                    self._take_back(packed.document, there)
                    self._mark()  # a version of theirs may have been counted that is no longer there
                raise
            changes.count(packed.searched, 1)
            changes.count(gone, -1)
            self._sweep([before.number] if before else [])

    def remove(self, document_ids: Iterable[str]) -> None:
        for before in filter(None, map(self.of, dict.fromkeys(document_ids))):
            gone = self._searched(before)
            with self._changing() as changes:
                self._lease.check()
                self._forget(document_name(before.record.document_id), before.number)
                self._lease.check()
                changes.count(gone, -1)
                self._sweep([before.number])

    def publish(self) -> None:
        """First what a writer left is cleared away that was killed, or whose call failed."""
        if self._must_recover:
            self._recover()
        elif self._changes is not None:
            self._lease.check()
            self.counts.apply(self._changes)
            try:
                self._lease.check()
            except BusyError:
                self._mark()
                raise
        self._changes = None

    def save_caches(self, *, whole: bool = False) -> None:
        """There are none."""

    @contextmanager
    def _changing(self) -> Iterator[Changes]:
        """Mark the counts as behind before the first change after they were written. What fails inside may have been
        done or not: then everything is counted anew."""
        if self._changes is None:
            self._mark()
            self._changes = Changes()
        must_recover, self._must_recover = self._must_recover, True
        yield self._changes
        self._must_recover = must_recover

    def _mark(self) -> None:
        """The counts are behind."""
        self.counts.write_totals(replace(self.counts.totals() or Totals(), is_behind=True))

    def _record_of(self, document_id: str) -> list[Row]:
        """The record that makes a document visible, all of it, where there is one."""
        return self._milvus.rows_in(self.records, "id", [document_name(document_id)], _RECORD)

    def _forget(self, name: str, number: int) -> None:
        """Take away the record of a document while it names this version, and no other."""
        self._milvus.delete_in(self.records, "id", [name], f" and document == {number}")

    def _take_back(self, late: Row, before: Sequence[Row]) -> None:
        """The record of a version whose rows are gone, for it was put by a writer that had lost the lease: there
        is the version before, where that is whole, or none."""
        for row, kept in zip(before, self._unpacked(before), strict=True):
            now = self._milvus.rows_in(self.records, "id", [late["id"]], ["document"])
            is_late = [own["document"] for own in now] == [late["document"]]
            if is_late and len(self.keys_in(kept.number)) == kept.record.passages:
                self._milvus.put(self.records, [{**row, "nothing": [0.0, 0.0]}])
        self._forget(late["id"], late["document"])

    def _searched(self, kept: KeptRecord | None) -> Sequence[SearchedText]:
        return [own.searched for own in self.rows.data(self.keys_in(kept.number)).values()] if kept else []

    def _sweep(self, numbers: Sequence[int]) -> None:
        """Take away for good what was kept of versions that are no longer there."""
        self._milvus.delete_in(self.passages, "document", numbers)
        self._milvus.delete_in(self.records, "document", numbers, ' and kind == "part"')

    def _recover(self) -> None:
        """Rows that nobody sees go, and everything is counted anew."""
        self._lease.check()
        rows = self._milvus.rows(self.records, DOCUMENTS, _RECORD)
        laid = {row["document"] for row in self._milvus.rows(self.passages, "key >= 0", ["document"])}
        laid |= {row["document"] for row in self._milvus.rows(self.records, 'kind == "part"', ["document"])}
        gone = sorted(laid - {row["document"] for row in rows})
        self._sweep(gone)
        for late in self._milvus.rows_in(self.records, "document", gone, _RECORD, f" and {DOCUMENTS}"):
            self._take_back(late, [row for row in rows if row["id"] == late["id"]])
        changes = Changes()
        for kept in self.kept():
            changes.count(self._searched(kept), 1)
        self._lease.check()
        self.counts.replace(changes)
        self._must_recover = False

    def _next_version(self) -> int:
        version = next(self._versions, None)
        if version is None:
            self._lease.check()
            first = max(int(self._parts([_NUMBER]).get(_NUMBER, "1")), self._reserved)
            self._reserved = first + _RESERVED
            self._milvus.put(self.records, [record(_NUMBER, "number", str(self._reserved))], self._lease.left())
            self._lease.check()
            self._versions = iter(range(first, self._reserved))
            version = next(self._versions)
        return version
