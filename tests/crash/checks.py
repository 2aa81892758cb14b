"""What a fresh process finds in a home after a kill: is every document there, whole, and does it answer?"""

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.index.base import text_key
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.service import KnowledgeBase
from retrieval.text.tokens import tokenize
from retrieval.types import DocumentRecord, quote
from tests.crash import villages
from tests.crash.scenarios import base_of, folder_of
from tests.support.paper import PaperEmbedder

Allowed = Mapping[int, Collection[int | None]]
"""Editions that a document may have; None: it is not there."""
_EVERYTHING = 10_000
_SECONDS = 10
"""Whoever asks first replays the words that a killed writer left behind; others answer without them meanwhile."""


def problems(home: Path, allowed: Allowed, asked: Iterable[int]) -> Iterator[str]:
    """What is wrong with the index, nothing when all is well; `asked` are the documents whose fact is asked for."""
    with closing(base_of(home)) as base:
        if not base.exists:
            yield from (f"lost: {number}" for number, editions in allowed.items() if None not in editions)
            return
        found = {villages.number_of(record.path): record for record in base.documents()}
        yield from (f"lost: {number}" for number in allowed if None not in allowed[number] and number not in found)
        yield from (f"unknown: {number}" for number in found.keys() - allowed.keys())
        with closing(EmbeddedIndex(folder_of(home))) as index:
            editions = {}
            for number, record in found.items():
                document = index.document(record.document_id)
                texts = {villages.text(number, edition): edition for edition in (0, 1)}
                editions[number] = texts.get(document.text if document else "")
                if editions[number] not in allowed.get(number, ()) or document is None:
                    yield f"lost: {number} has edition {editions[number]} and not {allowed.get(number)}"
                else:
                    yield from _halves(index, record)
            yield from _caches(index, list(found.values()))
        yield from _answers(base, {number: editions.get(number) for number in asked})
    yield from _integrity(folder_of(home) / DATABASE)


def _halves(index: EmbeddedIndex, record: DocumentRecord) -> Iterator[str]:
    """Whether the passages and vectors are those that its text gives."""
    document, stored = index.document(record.document_id), index.passages_of(record.document_id)
    assert document is not None
    cutting = villages.settings_of(Path()).passages
    sentences = sentences_of(document, cutting.size)
    passages = passages_of(document, record.document_id, sentences, cutting)
    if [kept.passage for kept in stored] != list(passages) or len(stored) != record.passages:
        yield f"half: {record.name} has {len(stored)} passages, not {len(passages)}"
    if any(kept.text != quote(document.text, kept.passage.spans) for kept in stored):
        yield f"half: {record.name} quotes what is not in its text"
    texts = [passage.searched(quote(document.text, passage.spans)) for passage in passages]
    texts += [quote(document.text, sentence.spans) for sentence in sentences]
    known, made = index.known_vectors(map(text_key, texts)), PaperEmbedder().embed_passages(texts)
    if not all(_is_that(known.get(text_key(text)), vector) for text, vector in zip(texts, made, strict=True)):
        yield f"half: {record.name} lacks vectors"


def _is_that(known: Vectors | None, made: Vectors) -> bool:
    return known is not None and bool(np.allclose(known, made, atol=1e-3))


def _caches(index: EmbeddedIndex, records: list[DocumentRecord]) -> Iterator[str]:
    """Whether vectors and words find every passage, and no other."""
    stored = {kept.passage.passage_id for record in records for kept in index.passages_of(record.document_id)}
    vector = PaperEmbedder().embed_questions(["网格员"])[0]
    near = index.search_vectors(vector, _EVERYTHING)
    if len(near) != index.statistics([]).passages or set(_names(index, near)) != stored:
        yield f"half: the vectors know {len(near)} passages of {len(stored)}"
    holding = {name for name in stored if "村" in _text(index, name)}
    end = time.monotonic() + _SECONDS
    while (by_words := _by_words(index)) != holding and time.monotonic() < end:
        time.sleep(0.1)
    if by_words != holding:
        yield f"half: the words find {len(by_words)} passages of {len(stored)}"


def _by_words(index: EmbeddedIndex) -> set[str]:
    return {kept.passage.passage_id for token in tokenize("村") for kept in index.holding([token], _EVERYTHING)}


def _names(index: EmbeddedIndex, keys: list[int]) -> Iterator[str]:
    return (stored.passage.passage_id for stored in index.load(keys).values())


def _text(index: EmbeddedIndex, passage_id: str) -> str:
    stored = index.passage(passage_id)
    return stored.passage.searched(stored.text) if stored else ""


def _answers(base: KnowledgeBase, editions: Mapping[int, int | None]) -> Iterator[str]:
    if base.is_empty:
        return
    for number, edition in editions.items():
        yield from (f"lost: {problem}" for problem in wrong_answer(base, number, [edition]))


def wrong_answer(base: KnowledgeBase, number: int, editions: Collection[int | None]) -> list[str]:
    """Asks for the fact of a document: why the answer is none of those of these editions, if so."""
    answer = base.ask(villages.question(number))
    cited = [citation.text for citation in answer.citations if citation.document == f"{number:02}.txt"]
    if any(edition is not None and villages.fact(number, edition) == answer.answer for edition in editions):
        return [] if cited and any((answer.answer or "") in text for text in cited) else [f"{number} is not cited"]
    if None in editions and not cited:
        return []
    return [f"{villages.question(number)} is answered by {answer.answer!r}, edition of {list(editions)}"]


def _integrity(file: Path) -> Iterator[str]:
    with closing(sqlite3.connect(file)) as database:
        if (wrong := database.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            yield f"half: {wrong}"
        if wrong := database.execute("PRAGMA foreign_key_check").fetchall():
            yield f"half: foreign keys {wrong}"
        for table, column in (("vectors", "passage"), ("texts", "passage")):
            query = f"SELECT COUNT(*) FROM {table} WHERE {column} NOT IN (SELECT key FROM passages)"
            if (count := database.execute(query).fetchone()[0]) > 0:
                yield f"half: {count} rows of {table} belong to no passage"


def left_behind(home: Path) -> list[str]:
    """Files of the index that nobody needs, once all that use it have ended."""
    root, folder = home / "home" / "index", folder_of(home)
    words = folder / "words"
    managed = (words / ".managed.json").read_text("utf-8") if words.exists() else ""
    needed = {root / "CURRENT", root / "write.lock", folder / DATABASE, folder / "vectors.faiss"}
    needed |= {words / name for name in (".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock")}
    files = [path for path in root.rglob("*") if not path.is_dir()]
    return sorted(
        path.relative_to(root).as_posix()
        for path in files
        if path not in needed and not (path.parent == words and f'"{path.name}"' in managed)
    )
