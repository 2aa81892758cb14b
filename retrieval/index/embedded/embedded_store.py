"""The store of an index on one machine: which generation is in use, opened; the next one filled, restored, dumped."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from retrieval.errors import NotFoundError, StorageError
from retrieval.index.base import NOTHING
from retrieval.index.embedded.dumps import documents_in, version_of, why_no_index
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.index.embedded.salvage import DatabaseSalvage, salvaging
from retrieval.index.embedded.writing import only_writer, write_lock
from retrieval.index.following import refuse_to_write
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.sqlite_files import copy_database, problems_of, storage_errors
from retrieval.index.upkeep import Dump


class EmbeddedStore:
    """An IndexStore in the generations of one folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._generations = GenerationFolders(folder)
        self._open: EmbeddedIndex | None = None
        self._opening = threading.Lock()

    def exists(self) -> bool:
        return self._generations.exists()

    def create(self, made_by: ModelAndRecipe) -> None:
        refuse_to_write(self.folder)
        EmbeddedIndex.create(self._generations.current(), made_by.model, made_by.recipe).close()

    def current(self) -> EmbeddedIndex:
        with self._opening:
            folder = self._generations.current()
            if self._open is None or self._open.folder != folder:
                if not self._generations.exists():
                    raise NotFoundError(NOTHING)
                self._open = self._generations.open()  # the one before is closed when no thread reads it any more
            return self._open

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[EmbeddedIndex]:
        """First what writers left behind that were killed is cleared away. Raises ReadOnlyError where the index
        follows another."""
        refuse_to_write(self.folder)
        with self._generations.writing(self.current(), wait_seconds):
            yield self.current()  # a rebuild may have come between

    @contextmanager
    def rebuilding(self, made_by: ModelAndRecipe) -> Iterator[EmbeddedIndex]:
        new = EmbeddedIndex.create(self._generations.next(), made_by.model, made_by.recipe)
        try:
            with closing(new):
                yield new
        except BaseException:
            shutil.rmtree(new.folder, ignore_errors=True)
            raise
        self._generations.switch(new.folder)

    def stats(self) -> dict[str, int | str]:
        return self.current().stats()

    def close(self) -> None:
        with self._opening:
            if self._open is not None:
                self._open.close()
            self._open = None

    # -- upkeep --------------------------------------------------------------------------------------------------

    def server(self) -> Iterator[str]:
        return iter(())

    def integrity(self) -> str | None:
        return self.current().integrity()

    def problems(self) -> list[str]:
        return problems_of(self._database())

    def salvaging(self) -> AbstractContextManager[DatabaseSalvage]:
        return salvaging(self._database())

    def dump(self, target: Path, progress: Callable[[int, int], None]) -> Dump:
        database = self._database()
        try:
            copy_database(database, target, progress)
        except StorageError:
            target.unlink(missing_ok=True)
            now = self._database()
            if now == database:
                raise
            copy_database(now, target, progress)  # a rebuild took the other away before it was opened
        return Dump(documents_in(target) or 0, version_of(target))

    @contextmanager
    def replacing(self, wait_seconds: float) -> Iterator["EmbeddedReplacement"]:
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with only_writer(write_lock(self.folder), self.folder, wait_seconds):
            replacement = EmbeddedReplacement(self._generations)
            try:
                yield replacement
            except BaseException:
                replacement.throw_away()
                raise

    def _database(self) -> Path:
        return self._generations.current() / DATABASE


class EmbeddedReplacement:
    """A Replacement: the database of the next generation."""

    def __init__(self, generations: GenerationFolders) -> None:
        self._generations = generations
        self._before = generations.current()
        self._folder: Path | None = None
        self._is_damaged = False

    def document_count(self) -> int | None:
        database = self._before / DATABASE
        return documents_in(database) if database.exists() else 0

    def dump(self) -> Path:
        self._folder = self._generations.next()
        return self._folder / DATABASE

    def why_unusable(self) -> str | None:
        return why_no_index(self._laid())

    def made_by(self) -> ModelAndRecipe:
        with closing(EmbeddedIndex(self._laid().parent)) as index:
            return index.made_by

    def prepare(self) -> int:
        database = self._before / DATABASE
        self._is_damaged = database.exists() and bool(problems_of(database))
        with closing(EmbeddedIndex(self._laid().parent)) as index:
            index.publish()
            index.save_caches(whole=True)
            return index.count()

    def switch(self) -> Path | None:
        if self._is_damaged:
            self._generations.keep(self._before)
        try:
            self._generations.switch(self._laid().parent)
        except BaseException:
            if self._is_damaged:  # it stays in use
                self._generations.keep_no_more(self._before)
            raise
        return self._before if self._is_damaged else None

    def throw_away(self) -> None:
        if self._folder is not None and self._generations.current() != self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _laid(self) -> Path:
        assert self._folder is not None, "a dump is laid down first"
        return self._folder / DATABASE
