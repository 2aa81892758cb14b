"""The store of an index in Milvus.

Everything lies on the server, documents, texts and counts too: who answers needs nothing but its address. A database
beside it would be a second server that all machines must reach, and what goes to two is not written at once.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from config.settings import IndexSettings
from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.milvus.salvage import MilvusSalvage
from retrieval.index.milvus.upkeep import MilvusReplacement, OpenLocal, dump, examined, problems, stats
from retrieval.index.milvus.writer import MilvusWriter
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.upkeep import Dump


class MilvusStore:
    """An IndexStore. `open_local` opens the store of an embedded index, whose dumps every engine restores."""

    folder: Path | None = None

    def __init__(
        self, name: str, settings: IndexSettings, open_local: OpenLocal, folders: Iterable[Path] = ()
    ) -> None:
        """Documents are divided by these folders, so that who sees some of them searches those alone."""
        self._settings, self._open_local = settings, open_local
        self._milvus = Milvus(settings)
        self._generations = GenerationCollections(self._milvus, f"{settings.milvus_prefix}_{name}", folders)

    def exists(self) -> bool:
        if self._generations.in_use() is None:
            return False
        self._generations.open(may_be_older=True)
        return True

    def create(self, made_by: ModelAndRecipe) -> None:
        if self._generations.in_use() is None:
            with self._generations.leased(self._settings.wait_seconds):
                if self._generations.in_use() is None:
                    self._generations.switch(self._generations.make(made_by))

    def current(self) -> MilvusIndex:
        return self._generations.open()

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[MilvusWriter]:
        self._generations.open()
        with self._generations.leased(wait_seconds), self._generations.writing() as writer:
            yield writer

    @contextmanager
    def rebuilding(self, made_by: ModelAndRecipe) -> Iterator[MilvusWriter]:
        generation = self._generations.make(made_by)
        try:
            with self._generations.writing(generation) as writer:
                yield writer
        except BaseException:
            self._generations.drop(generation)
            raise
        self._generations.switch(generation)

    def stats(self) -> dict[str, int | str]:
        return stats(self.current(), str(self._settings.milvus_uri))

    def close(self) -> None:
        self._milvus.close()

    # -- upkeep --------------------------------------------------------------------------------------------------

    def server(self) -> Iterator[str]:
        return examined(self._milvus, self._generations)

    def integrity(self) -> str | None:
        return next(iter(problems(self.current())), None)

    def problems(self) -> list[str]:
        return problems(self.current())

    @contextmanager
    def salvaging(self) -> Iterator[MilvusSalvage]:
        yield MilvusSalvage(self.current())

    def dump(self, target: Path, progress: Callable[[int, int], None]) -> Dump:
        return dump(self._generations.open(may_be_older=True), self._open_local, target, progress)

    @contextmanager
    def replacing(self, wait_seconds: float) -> Iterator[MilvusReplacement]:
        with (
            self._generations.leased(wait_seconds),
            tempfile.TemporaryDirectory() as folder,
            closing(self._open_local(Path(folder) / "index")) as local,
        ):
            replacement = MilvusReplacement(self._generations, local)
            try:
                yield replacement
            finally:
                replacement.throw_away()
