"""One generation of an index in Milvus: read by any number of processes, which need nothing but its address."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.errors import StorageError
from retrieval.index.base import Field, LexicalStatistics, PassageVectors, SearchedText, TermStatistics
from retrieval.index.bm25 import Bm25, fields_of
from retrieval.index.milvus.client import MOST, Milvus
from retrieval.index.milvus.counts import Changes, Counts
from retrieval.index.milvus.expressions import among
from retrieval.index.milvus.lagging import there_now
from retrieval.index.milvus.packing import KeptRecord, document_name, unpack_body, unpack_kept
from retrieval.index.milvus.partitions import number_of
from retrieval.index.milvus.passage_rows import PassageRows, Remembered
from retrieval.index.milvus.proposals import PROPOSED, asked_words, contenders, drift
from retrieval.index.milvus.schema import code, joined, token_id
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.types import Document, DocumentRecord, StoredPassage

_TRIES = 5
"""How often is looked again when a document was changed while its rows were read."""
DOCUMENTS = 'kind == "document"'
_DOCUMENTS = 4_000_000
"""Characters of documents that are remembered: tables are read back from the whole."""
_HARDLY = 1e-9
"""What a token weighs that nothing published holds, so that it is found all the same."""


class MilvusIndex:
    """A PassageIndex."""

    def __init__(
        self, milvus: Milvus, collections: tuple[str, str], made_by: ModelAndRecipe, averages: Mapping[Field, float]
    ) -> None:
        """The collections are those of records and of passages; `averages` are the lengths by which words weigh."""
        self.records, self.passages = collections
        self.averages, self.counts = averages, Counts(milvus, self.records)
        self._milvus, self._made_by = milvus, made_by
        self._documents = Remembered[Document](_DOCUMENTS, lambda own: len(own.text))
        self.rows = PassageRows(milvus, self.passages, self._parts, made_by.model.dimension)

    @property
    def made_by(self) -> ModelAndRecipe:
        return self._made_by

    # -- documents -----------------------------------------------------------------------------------------------

    def is_empty(self) -> bool:
        return not self.count()

    def count(self) -> int:
        return self._milvus.count(self.records, DOCUMENTS)

    def count_passages(self) -> int:
        """How many lie in the collection, whether their version is there or not."""
        return self._milvus.count(self.passages, "key >= 0")

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        found = sorted((document.record for document in self.kept()), key=lambda record: str(record.path))
        return found[first:] if count is None else found[first : first + count]

    def at(self, path: Path) -> DocumentRecord | None:
        found = self.kept(f"{DOCUMENTS} and path == {code(str(path))}")
        return next((document.record for document in found if document.record.path == path), None)

    def documents_named(self, name: str) -> list[DocumentRecord]:
        if exact := self.of(name):
            return [exact.record]
        found = (document.record for document in self.kept(f"{DOCUMENTS} and name == {code(name)}"))
        return sorted((record for record in found if record.name == name), key=lambda record: str(record.path))

    def document(self, document_id: str) -> Document | None:
        for _ in range(_TRIES):
            kept = self.of(document_id)
            if kept is None:
                return None
            for own in self._documents.of([kept.number], self._bodies).values():
                return own
        raise self._incomplete(document_id)

    def of(self, document_id: str) -> KeptRecord | None:
        """The document with this id."""
        found = self.kept(f'id == "{document_name(document_id)}"')
        return next((kept for kept in found if kept.record.document_id == document_id), None)

    def kept(self, where: str = DOCUMENTS) -> list[KeptRecord]:
        """Documents for which the expression holds, in no particular order."""
        return self._unpacked(self._milvus.rows(self.records, where, ["document", "data"]))

    def kept_numbers(self, numbers: Iterable[int]) -> dict[int, KeptRecord]:
        """The versions with these numbers that are there."""
        also = f" and {DOCUMENTS}"
        rows = self._milvus.rows_in(self.records, "document", sorted(set(numbers)), ["document", "data"], also)
        return {kept.number: kept for kept in self._unpacked(rows)}

    def there(self, numbers: Iterable[int]) -> set[int]:
        """Those of the versions that are there, without what they hold."""
        also = f" and {DOCUMENTS}"
        rows = self._milvus.rows_in(self.records, "document", sorted(set(numbers)), ["document"], also)
        return {row["document"] for row in rows}

    def _unpacked(self, rows: Iterable[Mapping[str, Any]]) -> list[KeptRecord]:
        whole = joined({f"d{row['document']}": row["data"] for row in rows}, self._parts)
        return [unpack_kept(int(owner[1:]), data) for owner, data in whole.items()]

    def packed_body(self, number: int) -> str | None:
        """The document of this version, packed; None where a part of it is gone."""
        owner = f"b{number}"
        return joined(self._parts([owner]), self._parts).get(owner)

    def _bodies(self, numbers: Sequence[int]) -> dict[int, Document]:
        packed = {number: self.packed_body(number) for number in numbers}
        return {number: unpack_body(body) for number, body in packed.items() if body is not None}

    def _parts(self, names: Sequence[str]) -> dict[str, str]:
        rows = self._milvus.rows_in(self.records, "id", names, ["id", "data"])
        return {row["id"]: row["data"] for row in rows}

    def _incomplete(self, document_id: str) -> StorageError:
        return StorageError(
            f"The document {document_id} is incomplete in {self.records}. `wenju verify` tells what is readable; "
            "index its file again, or restore a backup."
        )

    # -- passages ------------------------------------------------------------------------------------------------

    def passage(self, passage_id: str) -> StoredPassage | None:
        rows = self._milvus.rows(self.passages, f"passage == {code(passage_id)}", ["key"])
        found = self.load([row["key"] for row in rows]).values()
        return next((stored for stored in found if stored.passage.passage_id == passage_id), None)

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        for _ in range(_TRIES):
            kept = self.of(document_id)
            if kept is None:
                return []
            found = self.rows.data(self.keys_in(kept.number))
            if len(found) == kept.record.passages:
                return [kept.passage(own) for own in found.values()]
        raise self._incomplete(document_id)

    def keys_in(self, number: int) -> list[int]:
        """The keys of the passages of this version."""
        return sorted(row["key"] for row in self._milvus.rows(self.passages, f"document == {number}", ["key"]))

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        wanted = None if document_ids is None else set(document_ids)
        numbers = [kept.number for kept in self.kept() if wanted is None or kept.record.document_id in wanted]
        dated = "".join(
            f' and date {sign} "{day}"' for sign, day in ((">=", since), ("<=", until)) if day is not None
        )
        dated += ' and date != ""' if dated else ""
        rows = self._milvus.rows_in(self.passages, "document", numbers, ["key"], dated)
        return sorted(row["key"] for row in rows)

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        data = self.rows.data(keys)
        kept = self.kept_numbers(map(number_of, data))
        return {key: kept[number_of(key)].passage(own) for key, own in data.items() if number_of(key) in kept}

    # -- what is proposed ----------------------------------------------------------------------------------------

    def search_words(self, tokens: Sequence[str], count: int, within: Collection[int] | None = None) -> list[int]:
        bm25 = Bm25(tokens, self.lexical_statistics(tokens))
        asked = asked_words(bm25)
        products = self._nearest("words", asked, max(count, PROPOSED), within) if asked else {}
        return contenders(products, count, drift(self.averages, bm25.averages))

    def search_vectors(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> list[int]:
        return list(self._nearest("dense", vector, max(count, PROPOSED), within))[:count]

    def _nearest(
        self, field: str, vector: Vectors | Mapping[int, float], count: int, within: Collection[int] | None
    ) -> dict[int, float]:
        """Inner products by key, the best first, those with smaller keys first among equals."""
        products: dict[int, float] = {}
        if within is not None and not within:
            return products

        def find(may_lag: bool) -> list[int]:
            found = self._milvus.search(self.passages, field, vector, count, among(within), may_lag=may_lag)
            products.update(found)
            return [key for key, _ in sorted(found, key=lambda hit: (-hit[1], hit[0]))]

        keys = there_now(find, self.there, may_lag=self._milvus.settings.milvus_consistency == "bounded")
        return {key: products[key] for key in keys}

    def holding(self, tokens: Sequence[str], count: int, within: frozenset[int] | None = None) -> list[StoredPassage]:
        """Of those that hold the rarest token, at most as many as Milvus gives at once, the best that hold all."""
        if not tokens or (within is not None and not within):
            return []
        statistics, scores = self.lexical_statistics(tokens), dict[int, float]()
        asked = asked_words(Bm25(tokens, statistics))
        for token in sorted(dict.fromkeys(tokens), key=partial(_frequency, statistics)):
            # One after the other, the rarest first: what a passage holds besides is not fetched.
            ways = {way: asked.get(way, _HARDLY) for way in (token_id(field, token) for field in fields_of(token))}
            hits = self._milvus.search(self.passages, "words", ways, MOST, among(scores or within))
            scores = {key: scores.get(key, 0.0) + score for key, score in hits if score > 0}
            if not scores:
                return []
        best = sorted(scores, key=lambda key: (-scores[key], key))
        is_there = self.there(map(number_of, best))
        return list(self.load([key for key in best if number_of(key) in is_there][:count]).values())

    def texts(self, keys: Sequence[int]) -> dict[int, SearchedText]:
        data = self.rows.data(keys)
        is_there = self.there(map(number_of, data))
        return {key: own.searched for key, own in data.items() if number_of(key) in is_there}

    def vectors(self, keys: Sequence[int]) -> PassageVectors:
        found = self.rows.vectors(keys)
        is_there = self.there(map(number_of, found))
        rows, parts, start = dict[int, slice](), list[Vectors](), 0
        for key, own in found.items():
            if number_of(key) in is_there:
                parts.append(own)
                rows[key] = slice(start, start + len(own))
                start += len(own)
        empty = np.zeros((0, self._made_by.model.dimension), np.float32)
        return PassageVectors(rows, np.concatenate(parts) if parts else empty)

    def statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> TermStatistics:
        return self._counts(within).terms(tokens)

    def lexical_statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> LexicalStatistics:
        return self._counts(within).lexical(tokens)

    def state(self) -> Hashable:
        return self.counts.state()

    def _counts(self, within: frozenset[int] | None) -> Counts | Changes:
        """Those of all passages, or of those alone that somebody may see."""
        return self.counts if within is None else self.counts.of(within, self.texts)


def _frequency(statistics: LexicalStatistics, token: str) -> int:
    return sum(statistics.fields[field].document_frequency[token] for field in fields_of(token))
