"""The contract of an index of passages. One implementation keeps it on one machine; a cluster can be another."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.embedding.base import Vectors
from retrieval.types import Document, DocumentRecord, Passage, Sentence, StoredPassage

TRIES = 3
"""How often a search looks again when what it found was changed or removed meanwhile."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document with all that the index keeps of it.

    `vectors` maps each text that was embedded (passages and sentences, by `text_key`) to its unit vector.
    """

    document_id: str
    sha256: str
    document: Document
    sentences: Sequence[Sentence]
    passages: Sequence[Passage]
    vectors: Mapping[bytes, Vectors]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one of the two sides found, scored by both: `dense` and `sentence_cosines` are cosines to the
    question, `lexical` is BM25 (0 where no token is shared)."""

    key: int
    dense: float
    lexical: float
    sentence_cosines: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Passages in the index, and for each token asked about the number of passages that hold it."""

    passages: int
    document_frequency: Mapping[str, int]


class PassageIndex(Protocol):
    """Documents, passages and vectors. Every change of a document is one transaction: it is there whole, or as it
    was before. All methods raise StorageError when the disk refuses."""

    def put(self, document: IndexedDocument) -> None:
        """Add the document, in place of an older version with the same id."""

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove the documents and all that was kept of them; unknown ids are passed over."""

    def publish(self) -> None:
        """Make what was changed findable for all processes, at the latest now."""

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        """The documents in order of path: `count` of them (None: all) from number `first` on."""

    def count(self) -> int:
        """How many documents there are."""

    def at(self, path: Path) -> DocumentRecord | None:
        """The document of this file."""

    def named(self, name: str) -> list[DocumentRecord]:
        """The document with this id, else those whose file has this name, in order of path."""

    def document(self, document_id: str) -> Document | None:
        """The document as it was read."""

    def passage(self, passage_id: str) -> StoredPassage | None: ...

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """The passages of a document in order."""

    def known_vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """Vectors that the index has already, by `text_key`; so nothing is embedded twice."""

    def search(
        self, vector: Callable[[], Vectors], tokens: Sequence[str], count: int, within: Collection[int] | None = None
    ) -> list[Candidate]:
        """The union of the `count` passages nearest to the vector (shape (dimension,)) and the `count` best by BM25
        over the tokens, each scored by both sides; in no particular order. `vector` is called when nothing more can
        be done without it. `within` names the only keys that may be found. What changes during the search is found as
        it is afterwards."""

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        """Keys of the passages of these documents (None: all) whose date lies between two days (None: any)."""

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """The passages of candidates; those removed in the meantime are missing."""

    def holding(self, tokens: Sequence[str], count: int) -> list[StoredPassage]:
        """At most `count` of the passages that hold all of the tokens in their text or in what is known beside it."""

    def statistics(self, tokens: Iterable[str]) -> TermStatistics: ...

    def close(self) -> None: ...
