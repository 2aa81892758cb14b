"""A document as rows of both collections, and back."""

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.index.base import Field, IndexedDocument, SearchedText
from retrieval.index.milvus.partitions import collection_in, key_of
from retrieval.index.milvus.schema import code, code_of_key, cut, record, tokens_of, word_vector
from retrieval.index.rows import (
    document,
    pack_articles,
    pack_left_out,
    pack_paragraphs,
    pack_passage,
    quoting,
    unpack_keys,
    unpack_left_out,
)
from retrieval.index.rows import record as unpack_record
from retrieval.types import Document, DocumentRecord, Passage, StoredPassage, beside, quote

Row = dict[str, Any]
_STORED = "<f2"
"""Vectors are kept as little-endian halves, as in the embedded index."""


@dataclass(frozen=True, slots=True)
class PackedDocument:
    """`document` is the record that makes the version visible, `parts` and `passages` what must lie there before;
    `searched` is what its passages are found by."""

    document: Row
    parts: Sequence[Row]
    passages: Sequence[Row]
    searched: Sequence[SearchedText]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A document's record, by what number its version goes, how many vectors it has, `checksum` of its text and
    passages, and of their vectors, and what was left out of it, packed."""

    record: DocumentRecord
    number: int
    vectors: int
    content_sum: str
    vectors_sum: str
    left_out: str

    def passage(self, data: "PassageData") -> StoredPassage:
        """One of its passages."""
        return quoting(data.columns, self.record, data.searched.text, self.left_out)


class PassageData(NamedTuple):
    """What a row tells of a passage besides its vectors; `columns` are those of `rows.PASSAGE`."""

    searched: SearchedText
    keys: Sequence[bytes]
    columns: Sequence[Any]


def pack(number: int, indexed: IndexedDocument, averages: Mapping[Field, float]) -> PackedDocument:
    """The version of the document with this number."""
    own, path = indexed.document, indexed.document.path
    body, parts = cut(f"b{number}", number, _pack_body(own))
    parts.append(record(f"b{number}", "part", body, document=number))
    passages, searched = [], []
    data, vectors, count = [_pack_body(own)], list[str](), 0
    for ordinal, passage in enumerate(indexed.passages):
        key = key_of(number, ordinal)
        packed = pack_passage(own.text, passage, indexed.sentences)
        keys = unpack_keys(packed.vector_keys)
        searched.append(_searched(own.text, passage))
        told = [*searched[-1], base64.b64encode(packed.vector_keys).decode("ascii"), *packed.columns]
        data.append(json.dumps(told, ensure_ascii=False))
        vectors.append(_pack_vectors([indexed.vectors[text] for text in keys]))
        in_row, rest = cut(f"k{key}data", number, data[-1])
        vectors_in_row, more = cut(f"k{key}vectors", number, vectors[-1])
        parts += [*rest, *more]
        passages.append(
            {
                **{"key": key, "document": number, "passage": code(passage.passage_id)},
                "collection": collection_in(number),
                **{"date": passage.context.date or "", "texts": [*map(code_of_key, keys)]},
                **{"dense": _as_kept(indexed.vectors[keys[0]]), "data": in_row, "vectors": vectors_in_row},
                "words": word_vector(tokens_of(searched[-1]), averages),
            }
        )
        count += len(keys)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    columns = [
        *(indexed.document_id, str(path), own.title, own.date, own.url, len(own.text), len(passages)),
        *(indexed.sha256, now),
    ]
    sums, left_out = (checksum(data), checksum(vectors)), pack_left_out(own.left_out)
    in_row, rest = cut(f"d{number}", number, json.dumps([columns, count, *sums, left_out], ensure_ascii=False))
    row = record(document_name(indexed.document_id), "document", in_row, document=number)
    row |= {"path": code(str(path)), "name": code(path.name)}
    return PackedDocument(row, [*parts, *rest], passages, searched)


def unpack_kept(number: int, data: str) -> KeptRecord:
    columns, *rest, left_out = json.loads(data)
    vectors, content_sum, vectors_sum = rest
    return KeptRecord(unpack_record(columns), number, vectors, content_sum, vectors_sum, left_out)


def document_name(document_id: str) -> str:
    """The id of its record."""
    return f"d{code(document_id)}"


def _searched(text: str, passage: Passage) -> SearchedText:
    quoted, context = quote(text, passage.spans), passage.context
    return SearchedText(quoted, beside(quoted, context.title, passage.section, context.place))


def _pack_body(own: Document) -> str:
    columns = [
        *(str(own.path), own.title, own.text, pack_paragraphs(own.paragraphs), own.date, own.url),
        *(json.dumps(own.page_starts), pack_articles(own.articles)),
    ]
    return json.dumps([columns, pack_left_out(own.left_out)], ensure_ascii=False)


def unpack_body(body: str) -> Document:
    columns, left_out = json.loads(body)
    return replace(document(columns), left_out=unpack_left_out(left_out))


def unpack_passage(data: str) -> PassageData:
    text, known, keys, *columns = json.loads(data)
    return PassageData(SearchedText(text, known), unpack_keys(base64.b64decode(keys)), columns)


def checksum(parts: Iterable[str]) -> str:
    """SHA-256 in hexadecimal; each part with its length before it, so that no others add up to the same."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        digest.update(b"%d " % len(data))
        digest.update(data)
    return digest.hexdigest()


def _pack_vectors(vectors: Sequence[Vectors]) -> str:
    return base64.b64encode(b"".join(vector.astype(_STORED).tobytes() for vector in vectors)).decode("ascii")


def unpack_vectors(packed: str, dimension: int) -> Vectors:
    """Shape (vectors, dimension), float32."""
    return np.frombuffer(base64.b64decode(packed), _STORED).astype(np.float32).reshape(-1, dimension)


def _as_kept(vector: Vectors) -> Vectors:
    """What is searched is what is scored; milvus-lite has no field of halves."""
    return vector.astype(_STORED).astype(np.float32)
