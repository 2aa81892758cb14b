"""Checked, dumped and restored. A dump is that of an embedded index, which is how one moves between the engines."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index.base import IndexStore, PassageWriter
from retrieval.index.milvus.client import Milvus, MissingCollectionError
from retrieval.index.milvus.generations import GenerationCollections, IncompleteError
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.milvus.salvage import MilvusSalvage
from retrieval.index.milvus.schema import SCHEMA_VERSION
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.moving import documents_of, indexed
from retrieval.index.upkeep import DamagedError, Dump, Replacement

OpenLocal = Callable[[Path], IndexStore]
"""Opens the store of an embedded index in a folder."""


def examined(milvus: Milvus, generations: GenerationCollections) -> Iterator[str]:
    """An Upkeep's `server`."""
    version, database = milvus.version(), milvus.settings.milvus_database or "default"
    yield f"Milvus {version} at {milvus.settings.milvus_uri} answers"
    yield f"{len(milvus.collections())} collections in its database {database}"
    if (generation := generations.in_use()) is None:
        yield f"no index {generations.name} among them"
    else:
        index = generations.open()
        yield f"generation {generation} of {generations.name} in use, format {SCHEMA_VERSION}"
        yield f"{index.records} and {index.passages} are there"


def problems(index: MilvusIndex) -> list[str]:
    """What does not fit together. Each document is looked at by a salvage."""
    try:
        held, totals = index.kept(), index.counts.totals()
        laid = index.count_passages()
    except MissingCollectionError as error:
        return [str(error)]
    told = sum(kept.record.passages for kept in held)
    if totals is None:
        return ["its counts are gone"]
    found = []
    if laid < told:
        found.append(f"{laid} passages lie there, of {told} that its documents have")
    if totals.passages != told and not totals.is_behind:  # else the next writer counts anew
        found.append(f"{totals.passages} passages are counted, of {told} that its documents have")
    return found


def stats(index: MilvusIndex, uri: str) -> dict[str, int | str]:
    """Counts, and what made the index."""
    held, model = index.kept(), index.made_by.model
    vectors = sum(kept.vectors for kept in held)
    return {
        "documents": len(held),
        "passages": sum(kept.record.passages for kept in held),
        "characters": sum(kept.record.characters for kept in held),
        "vectors": vectors,
        "vector_bytes": vectors * model.dimension * 2,
        "model": f"{model.name} ({model.dimension})",
        "recipe": index.made_by.recipe,
        "milvus": uri,
        "collection": index.passages,
    }


def dump(index: MilvusIndex, open_local: OpenLocal, target: Path, progress: Callable[[int, int], None]) -> Dump:
    """Write an embedded index of the same documents, and its dump."""
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        closing(open_local(Path(folder) / "index")) as local,
    ):
        local.create(index.made_by)
        with local.writing(0) as writer:
            _copy(index, writer, progress)
        return local.dump(target, progress)


def _copy(index: MilvusIndex, writer: PassageWriter, progress: Callable[[int, int], None]) -> None:
    """The documents that there are at one moment: when one goes meanwhile, it is looked again what there is, and only
    what is new is copied."""
    salvage, have = MilvusSalvage(index), dict[str, int]()
    while True:
        in_order = sorted(index.kept(), key=lambda kept: kept.number)  # as `documents_of`
        listed = {kept.record.document_id: kept.number for kept in in_order}
        writer.remove(have.keys() - listed.keys())
        for done, (document_id, number) in enumerate(listed.items()):
            progress(done, len(listed))
            if have.get(document_id) == number:
                continue
            try:
                kept = salvage.read(number)
                salvage.check_vectors(number)
                writer.put(indexed(kept, salvage.vectors(number, kept)))
            except DamagedError as error:
                if salvage.is_there(number):
                    raise StorageError(
                        f"{document_id} is damaged ({error}): no copy was made. `wenju verify` tells what is "
                        "readable."
                    ) from error
                break
            have[document_id] = number
        else:
            return


class MilvusReplacement:
    """A Replacement: the next generation, filled from the embedded index that the dump is."""

    def __init__(self, generations: GenerationCollections, local: IndexStore) -> None:
        self._generations, self._local = generations, local
        self._laying = ExitStack()
        self._laid: Replacement = self._laying.enter_context(local.replacing(0))
        self._made: int | None = None

    def document_count(self) -> int | None:
        if self._generations.in_use() is None:
            return 0
        try:
            return self._generations.open(may_be_older=True).count()
        except (MissingCollectionError, IncompleteError):
            return None

    def dump(self) -> Path:
        return self._laid.dump()

    def why_unusable(self) -> str | None:
        return self._laid.why_unusable()

    def made_by(self) -> ModelAndRecipe:
        return self._laid.made_by()

    def prepare(self) -> int:
        self._laid.prepare()
        self._laid.switch()
        self._laying.close()
        laid = self._local.current()
        self._made = self._generations.make(laid.made_by, laid.lexical_statistics([]))
        with self._generations.writing(self._made) as writer, documents_of(self._local) as documents:
            for document in documents:
                writer.put(document)
            return writer.count()

    def switch(self) -> Path | None:
        assert self._made is not None, "it is made ready first"
        self._generations.switch(self._made)
        self._made = None
        return None

    def throw_away(self) -> None:
        """What was not switched to."""
        self._laying.close()
        if self._made is not None:
            self._generations.drop(self._made)
