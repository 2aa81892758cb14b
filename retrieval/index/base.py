"""The contract of an index of passages, whichever engine keeps it: reading, writing, and the store that opens both.

An engine keeps documents and proposes passages. It scores nothing: `ranking.candidates` does, from the texts and the
vectors that it hands out and from its counts, so that every engine gives the same answers. What a store offers
besides, for verifying, backing up and restoring, stands in `index.upkeep`. `tests/index/test_contract.py` and
`test_contract_of_several.py` tell what every engine keeps to.

Everything here raises StorageError when the disk, or the server, refuses. Threads may share all of it.
"""

import hashlib
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from retrieval.embedding.base import Vectors
from retrieval.frozen_dict import freeze
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.upkeep import Upkeep
from retrieval.types import Document, DocumentRecord, Passage, Sentence, StoredPassage

NOTHING = "Nothing is indexed yet. Run `wenju index PATH` on your documents first."
KEY_BYTES = 16
Field = Literal["text", "beside", "sound"]
"""Where tokens are looked for: in the text of a passage, in what is known beside it, and in how both are spoken
(`text.sounds`; such tokens are known by their sign)."""


def text_key(text: str) -> bytes:
    """The key under which the vector of a text is kept, `KEY_BYTES` long: equal texts share one vector."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document with all that the index keeps of it.

    `vectors` maps each text that was embedded (passages as `Passage.searched` and sentences, by `text_key`) to its
    unit vector, float32 of shape (dimension,). It is kept as float16.
    """

    document_id: str
    sha256: str
    document: Document
    sentences: Sequence[Sentence]
    passages: Sequence[Passage]
    vectors: Mapping[bytes, Vectors]

    def __post_init__(self) -> None:
        freeze(self, "vectors")


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Passages in the index, and for each token asked about the number of passages that hold it in their text or in
    what is known beside it; 0 for one that stands in no text, as those of sounds."""

    passages: int
    document_frequency: Mapping[str, int]

    def __post_init__(self) -> None:
        freeze(self, "document_frequency")


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """Tokens of a field over all passages, repetitions counted, and for each token asked about that may stand there
    the number of passages that hold it there."""

    tokens: int
    document_frequency: Mapping[str, int]

    def __post_init__(self) -> None:
        freeze(self, "document_frequency")


@dataclass(frozen=True, slots=True)
class LexicalStatistics:
    """Passages in the index, and what BM25 needs of each field; no fields where words cannot be had at present."""

    passages: int
    fields: Mapping[Field, FieldStatistics]

    def __post_init__(self) -> None:
        freeze(self, "fields")


class SearchedText(NamedTuple):
    """What a passage is found by: its text as its spans quote it, and what is known beside it (`types.beside`)."""

    text: str
    beside: str


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """`matrix`, float32 of shape (rows, dimension), holds unit vectors; `rows` tells for each passage which rows are
    its own: first the vector of the passage, then those of its sentences in their order."""

    rows: Mapping[int, slice]
    matrix: Vectors

    def __post_init__(self) -> None:
        freeze(self, "rows")

    def cosines(self, vector: Vectors) -> dict[int, list[float]]:
        """For each passage the cosine of its vector to this one, shape (dimension,), then those of its sentences."""
        cosines = (self.matrix @ vector).tolist() if self.rows else []
        return {passage: cosines[rows] for passage, rows in self.rows.items()}


class PassageIndex(Protocol):
    """Reading. A passage goes by its id for people and by its key here: an integer that stays the same as long as the
    passage does and is never given to another. Nothing is found of a document that was removed; one that is changed
    meanwhile is seen as it was or as it is, never in part."""

    @property
    def made_by(self) -> ModelAndRecipe: ...

    # -- documents and passages

    def is_empty(self) -> bool: ...

    def count(self) -> int:
        """How many documents there are."""

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        """The documents in order of path: `count` of them (None: all) from number `first` on."""

    def at(self, path: Path) -> DocumentRecord | None:
        """The document of this file."""

    def documents_named(self, name: str) -> list[DocumentRecord]:
        """The document with this id, else those whose file has this name, in order of path."""

    def document(self, document_id: str) -> Document | None:
        """The document as it was read."""

    def passage(self, passage_id: str) -> StoredPassage | None: ...

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        """The passages of a document in order."""

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        """Keys of the passages of these documents (None: all) whose date lies between two days, both included and
        written YYYY-MM-DD (None: any, those without a date too)."""

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by key; those removed in the meantime are missing, as from `texts` and `vectors`."""

    # -- what is proposed, and by what it is scored

    def search_words(self, tokens: Sequence[str], count: int, within: Collection[int] | None = None) -> list[int]:
        """Keys of about the `count` best passages by BM25 over the tokens (see `index.bm25`), in no particular
        order; none that holds no token. `within` names the only keys that may be found."""

    def search_vectors(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> list[int]:
        """Keys of about the `count` passages whose vectors are nearest to this one, float32 of shape (dimension,), in
        no particular order. `within` names the only keys that may be found."""

    def holding(self, tokens: Sequence[str], count: int, within: frozenset[int] | None = None) -> list[StoredPassage]:
        """At most `count` of the passages that hold all of the tokens in their text or in what is known beside it.
        `within` names the only keys that may be found."""

    def texts(self, keys: Sequence[int]) -> dict[int, SearchedText]:
        """What passages are found by."""

    def vectors(self, keys: Sequence[int]) -> PassageVectors:
        """Vectors of passages and of their sentences: a matrix of shape (rows, dimension), in which each of the keys
        that are there has one row for its passage and one for each of its sentences."""

    def statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> TermStatistics:
        """Counts over what was published, or over the passages with these keys alone, as if there were no others. A
        token that more than 1,000 passages hold may still be counted in some that were removed."""

    def lexical_statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> LexicalStatistics:
        """The same for each field, with how long they are."""

    def state(self) -> Hashable:
        """Equal to another only where the same is in the index: it changes with each document that comes or goes."""


class PassageWriter(PassageIndex, Protocol):
    """Reading and writing, for the only writer. Every change of a document is one transaction: it is there whole, or
    as it was before, for all readers, whatever ends this process."""

    def known_vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """Vectors that the index has already, by `text_key`; so nothing is embedded twice."""

    def put(self, document: IndexedDocument) -> None:
        """Add the document, in place of an older version with the same id."""

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove the documents and all that was kept of them; unknown ids are passed over."""

    def publish(self) -> None:
        """Make what was changed findable for all processes, at the latest now."""

    def save_caches(self, *, whole: bool = False) -> None:
        """Write what makes the next opening quick, when much has changed or with `whole`. Nothing is lost without."""


class IndexStore(Upkeep, Protocol):
    """Where the index of one home lies, in generations: one is in use, and a rebuild or a restore fills the next."""

    def exists(self) -> bool:
        """Whether there is an index. Raises StorageError when there was one and it is gone."""

    def create(self, made_by: ModelAndRecipe) -> None:
        """Make an empty index where there is none."""

    def current(self) -> PassageIndex:
        """The generation in use, open; one of an earlier version of Wenju is brought to the present layout first.
        What was got before a switch goes on answering from the generation that it has. Raises NotFoundError when
        there is no index, IndexMismatchError when a later version wrote it, or an earlier one whose index must be
        moved by a backup."""

    def writing(self, wait_seconds: float) -> AbstractContextManager[PassageWriter]:
        """Be the only writer of the generation in use. Raises BusyError when another process stays it for longer than
        that, and as `current`."""

    def rebuilding(self, made_by: ModelAndRecipe) -> AbstractContextManager[PassageWriter]:
        """An empty generation to fill. It is used from the end of the block on, and thrown away when the block
        raises; the one before answers until then. The caller is the only writer."""

    def stats(self) -> dict[str, int | str]:
        """Counts (documents, passages, characters, vectors), what made the index, and what it costs, in bytes. Raises
        NotFoundError when there is no index."""

    def close(self) -> None:
        """Close all that is open; what is used afterwards is opened anew."""
