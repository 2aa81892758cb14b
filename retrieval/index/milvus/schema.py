"""How documents and passages lie in collections: two for each generation, and one that says which is in use.

A passage is a row of `…_passages`: its own vector and its words are searched, all else travels as text. Everything
else is a record of `…_records`, told apart by its kind: `document` (one for each, found by its id, so that to put it
is what makes a new version visible), `part` (what is too long for one row), `term` (in how many passages a token is),
`totals`.

Each version of a document has a number of its own that no other ever gets, and its passages have keys made of it. A
passage whose number no document has is not there, whatever lies in the collection.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from retrieval.index.base import Field, LexicalStatistics, SearchedText
from retrieval.index.bm25 import norm_of
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize

SCHEMA_VERSION = 2
OLDER = (1,)
"""Formats of which a backup is made, and no more: 1 had no partitions."""
_MOST_TEXTS = 4_096
"""Texts with a vector of their own in one passage: it and its sentences, of which it holds fewer."""
_LONGEST = 65_535  # bytes of a VARCHAR at most
AVERAGES: Mapping[Field, float] = {"text": 350.0, "beside": 30.0, "sound": 200.0}
"""Tokens of a passage, with which the words of a first index are weighed; of a later one it is what the one before
held. It only decides who is proposed."""
_PART = 16_000
"""Characters in one field, which may take four bytes each: 64,000 bytes."""
_NO_WORD = 0


class Schema(NamedTuple):
    """Of a collection: each field with its kind and its options, and which have which index."""

    fields: Sequence[tuple[str, str, Mapping[str, Any]]]
    indexes: Sequence[tuple[str, str]]

    @property
    def has_partitions(self) -> bool:
        return any(options.get("is_partition_key") for _, _, options in self.fields)


RECORDS = Schema(
    [
        ("id", "VARCHAR", {"is_primary": True, "max_length": 128}),
        ("kind", "VARCHAR", {"max_length": 16}),
        *((number, "INT64", {}) for number in ("document", "path", "name")),
        ("data", "VARCHAR", {"max_length": _LONGEST}),
        ("nothing", "FLOAT_VECTOR", {"dim": 2}),  # Milvus wants a vector in each collection
    ],
    [("nothing", "FLAT"), *((field, "INVERTED") for field in ("kind", "document", "path", "name"))],
)


def schema_of_passages(dimension: int) -> Schema:
    """Passages by `key`: `dense`, of this dimension, and `words` are searched."""
    fields: list[tuple[str, str, Mapping[str, Any]]] = [
        ("key", "INT64", {"is_primary": True}),
        *((number, "INT64", {}) for number in ("document", "passage")),
        ("collection", "INT64", {"is_partition_key": True}),
        ("date", "VARCHAR", {"max_length": 64}),
        ("texts", "ARRAY", {"element_type": 5, "max_capacity": _MOST_TEXTS}),  # of INT64
        ("dense", "FLOAT_VECTOR", {"dim": dimension}),
        ("words", "SPARSE_FLOAT_VECTOR", {}),
        *((text, "VARCHAR", {"max_length": _LONGEST}) for text in ("data", "vectors")),
    ]
    indexes = [("dense", "AUTOINDEX"), ("words", "SPARSE_INVERTED_INDEX")]
    indexes += [(field, "INVERTED") for field in ("document", "passage", "date", "texts")]
    return Schema(fields, indexes)


def record(name: str, kind: str, data: str, *, document: int = 0, path: int = 0, title: int = 0) -> dict[str, Any]:
    """A row of `…_records`."""
    return {
        **{"id": name, "kind": kind, "document": document, "path": path, "name": title},
        **{"data": data, "nothing": [0.0, 0.0]},
    }


def code(text: str) -> int:
    """A number by which a text is looked up, whatever characters it has."""
    return code_of_key(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def code_of_key(key: bytes) -> int:
    return int.from_bytes(key[:8], "little", signed=True)


# -- what is longer than a row -------------------------------------------------------------------------------------


def cut(owner: str, number: int, text: str) -> tuple[str, list[dict[str, Any]]]:
    """What stands in the row of `owner` itself, and records of version `number` for the rest."""
    parts = [text[start : start + _PART] for start in range(0, len(text), _PART)] or [""]
    rest = [record(f"{owner}.{i}", "part", part, document=number) for i, part in enumerate(parts) if i]
    return f"{len(parts)}|{parts[0]}", rest


def joined(values: Mapping[str, str], fetch: Callable[[Sequence[str]], Mapping[str, str]]) -> dict[str, str]:
    """The whole texts by owner, from what stands in their rows; `fetch` gives the data of records that are there.
    Whose rest is gone is missing."""
    rest, whole = dict[str, list[str]](), dict[str, str]()
    for owner, value in values.items():
        count, whole[owner] = value.split("|", 1)
        if count != "1":
            rest[owner] = [f"{owner}.{i}" for i in range(1, int(count))]
    if rest:
        data = fetch([name for names in rest.values() for name in names])
        for owner, names in rest.items():
            if all(name in data for name in names):
                whole[owner] += "".join(data[name] for name in names)
            else:
                del whole[owner]
    return whole


def averages_of(lengths: LexicalStatistics) -> Mapping[Field, float]:
    """Of the passages that were counted, where there are any."""
    if not lengths.passages:
        return AVERAGES
    return {field: max(1.0, own.tokens / lengths.passages) for field, own in lengths.fields.items()}


# -- words ---------------------------------------------------------------------------------------------------------


def tokens_of(searched: SearchedText) -> dict[Field, list[str]]:
    """The tokens of each field, repeated ones each time."""
    text, known = searched
    return {"text": tokenize(text), "beside": tokenize(known), "sound": sounds(f"{known}\n{text}")}


@lru_cache(maxsize=200_000)
def token_id(field: Field, token: str) -> int:
    """The dimension of a token in the vectors of words. Two tokens may share one, as one pair among a hundred
    thousand tokens does; then a passage more is proposed than need be."""
    digest = hashlib.blake2b(f"{field} {token}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % (2**32 - 3) + 1


def word_vector(tokens: Mapping[Field, Sequence[str]], averages: Mapping[Field, float]) -> dict[int, float]:
    """The part of BM25 that is the passage's, by token: its product with the question's weights (`Bm25.weights`) is
    BM25, but that lengths are held against averages of an earlier day."""
    weights: dict[int, float] = {}
    for field, own in tokens.items():
        norm = norm_of(len(own), averages[field])
        for token, times in Counter(own).items():
            weights[token_id(field, token)] = times / (times + norm)
    return weights or {_NO_WORD: 1.0}  # Milvus takes no vector without any
