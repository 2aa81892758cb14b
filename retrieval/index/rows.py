"""Values to the columns in which an engine keeps them, and back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.index.base import KEY_BYTES, text_key
from retrieval.left_out import LeftOut
from retrieval.types import (
    Article,
    Context,
    Document,
    DocumentRecord,
    Paragraph,
    Passage,
    Sentence,
    Span,
    StoredPassage,
    quote,
)

RECORD = "d.document_id, d.path, d.title, d.date, d.url, d.characters, d.passages, d.sha256, d.indexed_at"
DOCUMENT = "path, title, text, paragraphs, date, url, page_starts, articles"
PASSAGE = (
    "p.passage_id, p.ordinal, p.first, p.last, p.spans, p.section, p.page, p.title, p.place, p.date, p.sentences"
)
_PASSAGE_COLUMNS, _SPANS = 11, 4


def unpack_keys(blob: bytes) -> list[bytes]:
    return [blob[i : i + KEY_BYTES] for i in range(0, len(blob), KEY_BYTES)]


def pack_paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    return json.dumps(
        [
            [paragraph.level, paragraph.spans, paragraph.article, *([True] if paragraph.whole else [])]
            for paragraph in paragraphs
        ],
        separators=(",", ":"),
    )


def pack_articles(articles: Sequence[Article]) -> str:
    return json.dumps(
        [[article.title, article.date] for article in articles], ensure_ascii=False, separators=(",", ":")
    )


def pack_left_out(left_out: Sequence[LeftOut]) -> str:
    return json.dumps(
        [[omission.kind, omission.names] for omission in left_out], ensure_ascii=False, separators=(",", ":")
    )


def unpack_left_out(packed: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(kind, tuple(names)) for kind, names in json.loads(packed))


class PackedPassage(NamedTuple):
    """`columns` are passage_id to sentences; `vector_keys` those of its text and of its sentences' texts."""

    columns: tuple[object, ...]
    vector_keys: bytes


def pack_passage(text: str, passage: Passage, sentences: Sequence[Sentence]) -> PackedPassage:
    own = sentences[passage.first : passage.last]
    texts = [passage.searched(quote(text, passage.spans)), *(quote(text, sentence.spans) for sentence in own)]
    columns = (
        *(passage.passage_id, passage.ordinal, passage.first, passage.last),
        json.dumps(passage.spans, separators=(",", ":")),
        *(passage.section, passage.page, passage.context.title, passage.context.place, passage.context.date),
        json.dumps([[sentence.level, sentence.spans] for sentence in own], separators=(",", ":")),
    )
    return PackedPassage(columns, b"".join(map(text_key, texts)))


def record(row: Sequence[Any]) -> DocumentRecord:
    document_id, path, title, date, url, characters, passages, sha256, indexed_at = row
    return DocumentRecord(document_id, Path(path), title, date, url, characters, passages, sha256, indexed_at)


def document(row: Sequence[Any]) -> Document:
    path, title, text, paragraphs, date, url, page_starts, articles = row
    unpacked = tuple(Paragraph(_spans(spans), level, *rest) for level, spans, *rest in json.loads(paragraphs))
    printed = tuple(Article(*columns) for columns in json.loads(articles))
    return Document(Path(path), title, text, unpacked, date, url, tuple(json.loads(page_starts)), printed)


def record_of_passage(row: Sequence[Any]) -> DocumentRecord:
    """The document's columns of a row of PASSAGE, RECORD."""
    return record(row[_PASSAGE_COLUMNS:])


def stored_passage(row: Sequence[Any], of: DocumentRecord, text: str, left_out: str | None = None) -> StoredPassage:
    """From the columns PASSAGE, its document, and the document's text and what is told of it."""
    return quoting(row, of, quote(text, unpack_spans(row[_SPANS])), left_out)


def quoting(row: Sequence[Any], of: DocumentRecord, quoted: str, left_out: str | None = None) -> StoredPassage:
    """From the columns PASSAGE, its document, and what the passage's spans quote."""
    passage_id, ordinal, first, last, spans, section, page, title, place, date, sentences = row[:_PASSAGE_COLUMNS]
    context = Context(title, place, date)
    passage = Passage(passage_id, ordinal, first, last, unpack_spans(spans), section, page, context)
    own = tuple(Sentence(_spans(pairs), level) for level, pairs in json.loads(sentences))
    told = unpack_left_out(left_out) if left_out else ()
    ocr = any(part.kind == "recognised" and str(page) in part.names for part in told)
    return StoredPassage(passage, of, quoted, own, ocr)


def unpack_spans(packed: str) -> tuple[Span, ...]:
    return _spans(json.loads(packed))


def _spans(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in pairs)
