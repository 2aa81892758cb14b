"""An index as somebody sees it who may not see all of it: what is hidden is in no list, no count and no score."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.documents.archives.containers import container_of
from retrieval.embedding.base import Vectors
from retrieval.index.base import (
    IndexStore,
    LexicalStatistics,
    PassageIndex,
    PassageVectors,
    SearchedText,
    TermStatistics,
)
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.types import Document, DocumentRecord, StoredPassage


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which documents somebody sees. All folders are absolute."""

    hidden: frozenset[Path] = frozenset()
    """Folders whose documents are not seen."""
    only: frozenset[Path] | None = None
    """The only folders that are seen (None: any); one that lies in a hidden folder is seen all the same."""

    @property
    def is_everything(self) -> bool:
        return not self.hidden and self.only is None

    def shows(self, path: Path) -> bool:
        """Whether the indexed document of this file is seen, by the name that it has and by the one behind all links.
        Of a file that is gone nothing tells any more where it lay: who does not see everything does not see it."""
        return self.is_everything or (_is_there(path) and self.would_show(path))

    def would_show(self, path: Path) -> bool:
        """The same of a file that may be put there yet."""
        return self._shows(path) and self._shows(path.resolve())

    def _shows(self, path: Path) -> bool:
        around = {path, *path.parents}
        named = () if self.only is None else [folder for folder in self.only if {folder, folder.resolve()} & around]
        if self.only is not None and not named:
            return False
        hiding = [folder for folder in self.hidden if {folder, folder.resolve()} & around]
        return all(any(folder in (own, *own.parents) for own in named) for folder in hiding)


def _is_there(path: Path) -> bool:
    """Whether the file is, or the container that the path leads into."""
    try:
        (container_of(path) or path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links that lead in a circle
        return False
    return True


class VisibleIndex:
    """A PassageIndex of what is seen of another, as that was when this was made: what is added later is not seen."""

    def __init__(self, index: PassageIndex, visibility: Visibility) -> None:
        self._index, self._state = index, index.state()
        self._records = [record for record in index.documents() if visibility.shows(record.path)]
        self._ids = frozenset(record.document_id for record in self._records)
        self._keys = frozenset(index.keys(self._ids, None, None))

    def shows_now(self, index: PassageIndex) -> bool:
        """Whether it is still what is seen of that index."""
        return self._index is index and self._state == index.state()

    @property
    def made_by(self) -> ModelAndRecipe:
        return self._index.made_by

    def is_empty(self) -> bool:
        return not self._records

    def count(self) -> int:
        return len(self._records)

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        return self._records[first : None if count is None else first + count]

    def at(self, path: Path) -> DocumentRecord | None:
        found = self._index.at(path)
        return found if found is not None and found.document_id in self._ids else None

    def documents_named(self, name: str) -> list[DocumentRecord]:
        return [record for record in self._index.documents_named(name) if record.document_id in self._ids]

    def document(self, document_id: str) -> Document | None:
        return self._index.document(document_id) if document_id in self._ids else None

    def passage(self, passage_id: str) -> StoredPassage | None:
        found = self._index.passage(passage_id)
        return found if found is not None and found.document.document_id in self._ids else None

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        return self._index.passages_of(document_id) if document_id in self._ids else []

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        ids = self._ids if document_ids is None else self._ids.intersection(document_ids)
        return self._seen(self._index.keys(ids, since, until))

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        return self._index.load(self._seen(keys))

    def search_words(self, tokens: Sequence[str], count: int, within: Collection[int] | None = None) -> list[int]:
        return self._index.search_words(tokens, count, self._within(within))

    def search_vectors(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> list[int]:
        return self._index.search_vectors(vector, count, self._within(within))

    def holding(self, tokens: Sequence[str], count: int, within: frozenset[int] | None = None) -> list[StoredPassage]:
        return self._index.holding(tokens, count, self._within(within))

    def texts(self, keys: Sequence[int]) -> dict[int, SearchedText]:
        return self._index.texts(self._seen(keys))

    def vectors(self, keys: Sequence[int]) -> PassageVectors:
        return self._index.vectors(self._seen(keys))

    def statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> TermStatistics:
        return self._index.statistics(tokens, self._within(within))

    def lexical_statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> LexicalStatistics:
        return self._index.lexical_statistics(tokens, self._within(within))

    def state(self) -> Hashable:
        return self._state

    def stats(self) -> dict[str, int | str]:
        return {
            "documents": len(self._records),
            "passages": len(self._keys),
            "characters": sum(record.characters for record in self._records),
        }

    def _within(self, keys: Collection[int] | None) -> frozenset[int]:
        return self._keys if keys is None else self._keys.intersection(keys)

    def _seen(self, keys: Iterable[int]) -> list[int]:
        return [key for key in keys if key in self._keys]


class VisibilityFilter:
    """What somebody sees of whichever index is in use."""

    def __init__(self, visibility: Visibility) -> None:
        self.visibility = visibility
        self._last: VisibleIndex | None = None

    def of(self, index: PassageIndex) -> PassageIndex:
        """The index as it is seen; looked through once after each change."""
        return index if self.visibility.is_everything else self._seen(index)

    def stats(self, store: IndexStore) -> dict[str, int | str]:
        """As the store tells them; counts alone where not all is seen."""
        return store.stats() if self.visibility.is_everything else self._seen(store.current()).stats()

    def _seen(self, index: PassageIndex) -> VisibleIndex:
        seen = self._last
        if seen is None or not seen.shows_now(index):
            self._last = seen = VisibleIndex(index, self.visibility)
        return seen
