"""The generations of an index in Milvus, two collections each: which is in use, opened; the next one made.

The one before stays for a while after a switch, for those who still answer from it.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from retrieval.errors import BusyError, IndexMismatchError, NotFoundError, StorageError
from retrieval.index.base import NOTHING, Field, LexicalStatistics
from retrieval.index.bm25 import K1, B
from retrieval.index.milvus.client import Milvus, MissingCollectionError
from retrieval.index.milvus.counts import Counts, Totals
from retrieval.index.milvus.head import Current, Head
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.milvus.lease import Lease, held
from retrieval.index.milvus.schema import AVERAGES, RECORDS, SCHEMA_VERSION, averages_of, record, schema_of_passages
from retrieval.index.milvus.writer import MilvusWriter
from retrieval.index.model_and_recipe import ModelAndRecipe

_MADE = "made"
_KEPT_SECONDS = 3_600
"""How long a generation stays after a switch."""


class IncompleteError(StorageError):
    """A collection of the generation in use is gone."""


class GenerationCollections:
    """Of the index with this name, which begins the names of its collections."""

    def __init__(self, milvus: Milvus, name: str, folders: Iterable[Path] = ()) -> None:
        """`folders` are those by which documents that are written are divided."""
        self._milvus, self._folders = milvus, tuple(folders)
        self._head, self.name = Head(milvus, name), name
        self._lease: Lease | None = None
        self._opened: tuple[Current, MilvusIndex] | None = None
        """What was opened last, for which generation of which switch: what it remembers serves the next question."""

    def in_use(self) -> int | None:
        """The generation in use, of an older format too; None when there is no index."""
        now = self._head.current()
        return now.generation if now else None

    def open(self, *, may_be_older: bool = False) -> MilvusIndex:
        """The generation in use; one of an older format only to be backed up. Raises NotFoundError when there is no
        index, IndexMismatchError for another format, StorageError when a part of it is gone."""
        now, opened = self._used(may_be_older), self._opened
        if opened is None or opened[0] != now:
            facts = self._facts(now.generation, self._made(now.generation))
            self._opened = opened = now, MilvusIndex(self._milvus, *facts)
        elif not {opened[1].records, opened[1].passages} <= {*self._milvus.collections()}:
            raise self._incomplete(now.generation)
        return opened[1]

    @contextmanager
    def leased(self, wait_seconds: float) -> Iterator[None]:
        """Be the only writer. What other writers left unfinished, and what nobody answers from any more, is dropped.
        Raises BusyError."""
        self._head.make()
        with held(self._head, wait_seconds) as self._lease:
            self._clear()
            yield

    @contextmanager
    def writing(self, generation: int | None = None) -> Iterator[MilvusWriter]:
        """The generation (None: the one in use), for the holder of the lease."""
        assert self._lease is not None, "who writes holds the lease"
        generation = self._used(may_be_older=False).generation if generation is None else generation
        facts = self._facts(generation, self._made(generation))
        writer = MilvusWriter(self._milvus, *facts, self._lease, self._folders)
        writer.publish()  # what the one before left
        try:
            yield writer
        finally:
            writer.publish()

    def make(self, made_by: ModelAndRecipe, lengths: LexicalStatistics | None = None) -> int:
        """An empty generation beside those that there are, for passages of these lengths (None: of those in use).
        What is written last says that it is whole."""
        generation = max(self._head.generations(), default=0) + 1
        records, passages = self._collections(generation)
        averages = self._averages() if lengths is None else averages_of(lengths)
        self._milvus.make(records, RECORDS)
        self._milvus.make(passages, schema_of_passages(made_by.model.dimension))
        Counts(self._milvus, records).write_totals(Totals())
        # By its id another of the same number is told apart, when somebody dropped all collections in between.
        facts = {**asdict(made_by), "k1": K1, "b": B, "averages": averages, "id": uuid4().hex}
        self._milvus.put(records, [record(_MADE, "made", json.dumps(facts, ensure_ascii=False))])
        return generation

    def switch(self, generation: int) -> None:
        """Use it from now on; the caller holds the lease. Raises BusyError when another took that meanwhile; whoever
        did so may have dropped this generation, and then the one before is in use again."""
        assert self._lease is not None, "who writes holds the lease"
        before = self._head.current()
        self._lease.check()
        self._head.switch(generation, self._lease.left())
        try:
            self._lease.check()
        except BusyError:
            if before is not None and generation not in self._head.generations() and self.in_use() == generation:
                self._head.put(before)
            raise

    def drop(self, generation: int) -> None:
        for name in self._head.generations().get(generation, []):
            self._milvus.drop(name)

    def _used(self, may_be_older: bool) -> Current:
        now = self._head.current()
        if now is None:
            raise NotFoundError(NOTHING)
        if now.schema != SCHEMA_VERSION and not may_be_older:
            raise IndexMismatchError(
                f"The collections of {self.name} have format {now.schema}; this Wenju reads format {SCHEMA_VERSION}.",
                "back_up_and_restore",
            )
        return now

    def _made(self, generation: int) -> str:
        """What its record of that tells. Raises IncompleteError."""
        records, passages = self._collections(generation)
        rows = []
        with suppress(MissingCollectionError):
            rows = self._milvus.rows_in(records, "id", [_MADE], ["data"])
        if not rows or passages not in self._milvus.collections():
            raise self._incomplete(generation)
        return str(rows[0]["data"])

    def _incomplete(self, generation: int) -> IncompleteError:
        return IncompleteError(
            f"The collections of {self.name}, generation {generation}, are gone or unfinished. Restore a "
            "backup (`wenju restore FILE`), or set another index.milvus_prefix and index again."
        )

    def _facts(self, generation: int, made: str) -> tuple[tuple[str, str], ModelAndRecipe, Mapping[Field, float]]:
        """Its collections, what made it, and the lengths by which its words weigh."""
        facts = json.loads(made)
        return self._collections(generation), ModelAndRecipe.of(facts), facts["averages"]

    def _averages(self) -> Mapping[Field, float]:
        """Of the passages in use, where there are any."""
        generation = self.in_use()
        totals = None
        if generation is not None:
            with suppress(MissingCollectionError):
                totals = Counts(self._milvus, self._collections(generation)[0]).lexical([])
        return AVERAGES if totals is None else averages_of(totals)

    def _clear(self) -> None:
        now, used = self._head.current(), set[int]()
        if now is not None:
            used.add(now.generation)
            if now.previous is not None and time.time() - now.switched < _KEPT_SECONDS:
                used.add(now.previous)
        for generation in self._head.generations().keys() - used:
            self.drop(generation)

    def _collections(self, generation: int) -> tuple[str, str]:
        return f"{self.name}_{generation}_records", f"{self.name}_{generation}_passages"
