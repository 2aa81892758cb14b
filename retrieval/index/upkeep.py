"""The part of an index's contract by which it is checked, backed up and restored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.types import Document, StoredPassage


class DamagedError(Exception):
    """A part of the index cannot be read, or is not what was stored; says why."""


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document as the index has it; `keys` are those of the vectors of each passage (see `text_key`): of its own,
    then of its sentences."""

    document_id: str
    sha256: str
    document: Document
    passages: tuple[StoredPassage, ...]
    keys: tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True)
class Dump:
    """What a dump holds: documents, and the version of its layout."""

    documents: int
    version: int


class Salvage(Protocol):
    """A look at an index that may be damaged. Documents go by a number that the engine gives them."""

    @property
    def recipe(self) -> str:
        """By which the documents were cut; empty where that cannot be read."""

    @property
    def has_checksums(self) -> bool:
        """Whether documents can be held against checksums."""

    def documents(self) -> dict[int, Path | None]:
        """The numbers of all documents that anything tells of, in order of path, each with its path where that can
        still be read."""

    def is_there(self, number: int) -> bool:
        """Whether the document was not removed in the meantime; one that cannot be read is there."""

    def read(self, number: int) -> KeptDocument:
        """The document as of one moment. Raises DamagedError when it is no longer what was stored."""

    def check_vectors(self, number: int) -> None:
        """Raises DamagedError when the document's vectors are not what was stored; its text is not concerned."""


class Replacement(Protocol):
    """A dump that is to take the place of the index, while nobody else writes."""

    def document_count(self) -> int | None:
        """Documents of the index that would be replaced; None when that cannot be read."""

    def dump(self) -> Path:
        """Where to lay the dump's file; there is none yet. It is asked for once."""

    def why_unusable(self) -> str | None:
        """Why what was laid there cannot be used; None when it can."""

    def made_by(self) -> ModelAndRecipe:
        """What made the index that was laid there, which can be used."""

    def prepare(self) -> int:
        """Make all ready, so that nobody waits once it is in use; the number of documents."""

    def switch(self) -> Path | None:
        """Use it from now on, in one step; where the index lies that was there before, when that is damaged and
        kept."""


class Upkeep(Protocol):
    """What a store offers for that."""

    @property
    def folder(self) -> Path | None:
        """Where the index lies on this machine; None when it lies elsewhere."""

    def server(self) -> Iterator[str]:
        """What is met on the way to an index that lies on a server: that it answers at its address, its collections,
        their format; nothing where the index lies on this machine. Raises StorageError or IndexMismatchError at the
        step that fails."""

    def integrity(self) -> str | None:
        """The first that the engine finds wrong with its storage, looking quickly; None when nothing. Raises
        NotFoundError when there is no index."""

    def problems(self) -> list[str]:
        """What the engine finds wrong with its storage when it looks at all of it, in its words."""

    def salvaging(self) -> AbstractContextManager[Salvage]:
        """Raises DamagedError when nothing can be read, IndexMismatchError for a layout that cannot be looked at,
        StorageError when it may not be read. Nothing is written."""

    def dump(self, target: Path, progress: Callable[[int, int], None]) -> Dump:
        """Write the index as of one moment into one new file that any engine can restore, while others may write;
        `progress` is told what part is done, and of how much. Raises StorageError, also for a damaged index."""

    def replacing(self, wait_seconds: float) -> AbstractContextManager[Replacement]:
        """Put a dump in the place of the index. What was laid down is thrown away unless it was switched to. Raises
        BusyError when another process writes for longer than that."""
