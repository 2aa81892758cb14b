"""The documents that a set of questions is asked over, in an index of their own that nobody else sees."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from config.settings import Settings
from retrieval.documents.discover import discover
from retrieval.embedding.base import Embedder
from retrieval.errors import EvaluationError
from retrieval.evaluation.judge import RANKS
from retrieval.frozen_dict import freeze
from retrieval.service import IngestReport, KnowledgeBase, Progress

_LINES = ".txt.gz"
"""Ending of files that hold a document on each line."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """`texts` by file name, `paths` of files and folders, and distractors, of which `limit` are taken (None: all)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    paths: Sequence[Path] = ()
    distractors: Sequence[Path] = ()
    limit: int | None = None

    def __post_init__(self) -> None:
        freeze(self, "texts")

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.paths or self.distractors)

    def check(self) -> None:
        """Raise EvaluationError when a path is missing."""
        for path in (*self.paths, *self.distractors):
            try:
                there = path.exists()
            except OSError:  # a name beyond what the system takes
                there = False
            if not there:
                raise EvaluationError(f"There is no {path}. Name a file or folder that Wenju can index.")


def index(
    folder: Path,
    corpus: Corpus,
    settings: Settings,
    notify: Callable[[str], None],
    progress: Callable[[Progress], None],
    *,
    embedder: Embedder | None = None,
) -> tuple[KnowledgeBase, IngestReport]:
    """The corpus as a knowledge base whose home is the folder; the caller closes it and removes the folder.

    Raises EvaluationError when nothing could be indexed."""
    written = folder / "documents"
    _write(written, corpus.texts.items())
    distractors = list(islice(_distractors(corpus.distractors, folder / "distractors"), corpus.limit))
    paths = [*([written] if corpus.texts else []), *corpus.paths, *distractors]
    at_home = deep_enough(settings).model_copy(update={"home": folder / "home"})
    base = KnowledgeBase(at_home, notify, embedder=embedder)
    report = base.add(paths, progress=progress)
    if not base.exists or base.is_empty:
        base.close()
        reason = f"; {report.failures[0]}" if report.failures else ""
        raise EvaluationError(f"None of the documents could be indexed{reason}.", "name_other_corpus")
    return base, report


def deep_enough(settings: Settings) -> Settings:
    """The settings with as many passages weighed as ranks are looked at."""
    search = settings.search.model_copy(update={"top_k": max(RANKS, settings.search.top_k)})
    return settings.model_copy(update={"search": search})


def _write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
    folder.mkdir()
    for name, text in texts:
        (folder / name).write_bytes(text.encode("utf-8", "replace"))  # JSON can write half characters; UTF-8 cannot


def _distractors(paths: Sequence[Path], folder: Path) -> Iterator[Path]:
    """The files to index, those with a document on each line taken apart as they are asked for."""
    folder.mkdir()
    for number, path in enumerate(paths, start=1):
        for file in discover([path]).files:
            if file.name.endswith(_LINES):
                yield from _lines(file, folder / f"{number}-{file.name.removesuffix(_LINES)}")
            else:
                yield file


def _lines(path: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    written = folder / f"{folder.name}-{number:06}.txt"
                    written.write_bytes(line.encode("utf-8"))
                    yield written
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read as lines of compressed UTF-8 text: {error}.") from error
