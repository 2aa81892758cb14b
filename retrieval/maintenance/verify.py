"""Is all as it was stored? Each quote against its document, each document against its checksum, each file against
what was indexed of it. Nothing is written."""

import hashlib
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from retrieval.documents.archives.containers import container_of, pieces
from retrieval.errors import DocumentError
from retrieval.index.base import text_key
from retrieval.index.upkeep import DamagedError, KeptDocument, Salvage, Upkeep
from retrieval.ingestion.ingest import Progress
from retrieval.ingestion.passages import RECIPE, merge, passage_id_of
from retrieval.types import Span, quote

FileState = Literal["same", "changed", "vanished", "unreadable", "unknown"]


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What became of one document. It is whole unless there are problems; readable when its text and its quotes are
    what was stored, though its vectors may not be. `path` is None and `file` unknown where the
    database no longer tells; `name` always says which document it is."""

    name: str
    path: Path | None
    document_id: str | None
    problems: tuple[str, ...]
    file: FileState
    readable: bool = False
    passages: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """`database` is what the engine finds wrong with its storage, in its words. `has_checksums` is False for an index
    of an earlier layout that was not opened since."""

    database: tuple[str, ...]
    documents: tuple[DocumentState, ...]
    has_checksums: bool = True

    @property
    def sound(self) -> bool:
        """Whether everything is as it was stored. Files that have changed or vanished since are news, no damage."""
        return not self.database and not self.damaged

    @property
    def whole(self) -> list[DocumentState]:
        return [document for document in self.documents if not document.problems]

    @property
    def readable(self) -> list[DocumentState]:
        return [document for document in self.documents if document.readable]

    @property
    def damaged(self) -> list[DocumentState]:
        return [document for document in self.documents if document.problems]


def verify(store: Upkeep, progress: Callable[[Progress], None]) -> Verification:
    """Look at all of an index. Raises IndexMismatchError for one of the first version or a newer one, and
    StorageError when it may not be read. Damage is not raised but told."""
    problems = tuple(store.problems())
    try:
        with store.salvaging() as salvage:
            return Verification(problems, tuple(_states(salvage, progress)), salvage.has_checksums)
    except DamagedError as error:
        return Verification(problems or (str(error),), ())


def _states(salvage: Salvage, progress: Callable[[Progress], None]) -> Iterator[DocumentState]:
    found = salvage.documents()
    for done, (row, path) in enumerate(found.items()):
        progress(Progress(done, len(found), path or Path()))
        state = _state(salvage, row, path)
        if state is not None:
            yield state
    progress(Progress(len(found), len(found), Path()))


def _state(salvage: Salvage, row: int, path: Path | None) -> DocumentState | None:
    """None for a document that was removed, or replaced, in the meantime."""
    try:
        kept = salvage.read(row)
    except DamagedError as error:
        if not salvage.is_there(row):
            return None
        return DocumentState(str(path or f"document number {row}"), path, None, (str(error),), "unknown")
    problems = _false_quotes(kept, salvage.recipe)
    readable = not problems
    try:
        salvage.check_vectors(row)
    except DamagedError as error:
        problems.append(str(error))
    path = kept.document.path
    sentences = sum(len(stored.sentences) for stored in kept.passages)
    facts = tuple(problems), file_state(path, kept.sha256), readable, len(kept.passages), sentences
    return DocumentState(str(path), path, kept.document_id, *facts)


def _false_quotes(kept: KeptDocument, recipe: str) -> list[str]:
    """Which passages do not quote their document. What is derived from the quoted words (a passage's id, the keys of
    its vectors) is held against them where the index was made by the present way of deriving it."""
    text, problems = kept.document.text, list[str]()
    if not all(_inside(text, paragraph.spans) for paragraph in kept.document.paragraphs):
        problems.append("a paragraph lies outside its text")
    occurrences: Counter[str] = Counter()
    for stored, keys in zip(kept.passages, kept.keys, strict=True):
        passage, sentences = stored.passage, stored.sentences
        spans = [span for sentence in sentences for span in sentence.spans]
        is_true = _inside(text, spans) and merge(spans) == passage.spans
        if is_true and recipe.split(" ")[0] == RECIPE:
            quoted = [passage.searched(stored.text), *(quote(text, sentence.spans) for sentence in sentences)]
            expected = passage_id_of(kept.document_id, stored.text, occurrences[stored.text])
            is_true = passage.passage_id == expected and keys == tuple(map(text_key, quoted))
        occurrences[stored.text] += 1
        if not is_true:
            problems.append(f"passage {passage.passage_id} does not quote it")
    return problems


def _inside(text: str, spans: Sequence[Span]) -> bool:
    return bool(spans) and all(0 <= start < end <= len(text) for start, end in spans)


def file_state(path: Path, sha256: str) -> FileState:
    """Whether the file is the one that was indexed."""
    try:
        if container_of(path) is None and not stat.S_ISREG(path.stat().st_mode):
            return "changed"
        digest = hashlib.sha256()
        for piece in pieces(path):
            digest.update(piece)
        return "same" if digest.hexdigest() == sha256 else "changed"
    except (FileNotFoundError, NotADirectoryError):
        return "vanished"
    except (OSError, DocumentError):
        return "unreadable"
