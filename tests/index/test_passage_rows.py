"""What a process remembers of rows that it has read: that asks less of the server, and never answers from what is
gone. And how many rows go in one call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from config.settings import IndexSettings
from retrieval.errors import NotFoundError
from retrieval.text.tokens import tokenize
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from retrieval.index.milvus.calls import in_calls
from retrieval.index.milvus.client import Milvus, Row
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.passage_rows import Remembered
from retrieval.index.milvus.salvage import MilvusSalvage
from retrieval.index.upkeep import DamagedError


class Noting(Milvus):
    """A connection that notes which rows are asked for, and how many searches there are."""

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__(settings)
        self.read, self.searches = list[tuple[str, object]](), 0

    def rows_in(self, collection: str, field: str, values: Iterable[object], *rest: Any, **also: Any) -> list[Row]:
        wanted = list(values)
        self.read += [(field, value) for value in wanted]
        return super().rows_in(collection, field, wanted, *rest, **also)

    def search(self, *asked: Any, **also: Any) -> list[tuple[int, float]]:
        self.searches += 1
        return super().search(*asked, **also)

    def passages(self) -> int:
        """Rows of passages that were read since the last time."""
        count = sum(field == "key" for field, _ in self.read)
        self.read.clear()
        return count


@pytest.fixture
def noting(own: IndexSettings) -> Iterator[Noting]:
    with closing(Noting(own)) as noting:
        yield noting


@pytest.fixture
def generations(noting: Noting, name: str) -> GenerationCollections:
    generations = GenerationCollections(noting, name)
    with generations.leased(5):
        generations.switch(generations.make(MADE_BY))
        with generations.writing() as writer:
            writer.put(made("a", GRID, CANTEEN))
            writer.put(made("b", ELECTION))
    return generations


def test_a_row_is_read_once_and_what_is_gone_or_new_is_seen_all_the_same(
    noting: Noting, generations: GenerationCollections
) -> None:
    reader = generations.open()
    keys = reader.keys(None, None, None)
    noting.passages()
    first = reader.texts(keys), reader.vectors(keys).rows, reader.load(keys)
    assert noting.passages() == 2 * len(keys), "texts and vectors, each once"
    assert (generations.open().texts(keys), reader.vectors(keys).rows, reader.load(keys)) == first
    assert noting.passages() == 0
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("a", CANTEEN))
        writer.remove(["b"])
    assert not reader.texts(keys) and not reader.vectors(keys).rows and not reader.load(keys)
    assert found(generations.open(), "左云县食堂").keys() == {"a-0"}


def test_damage_is_seen_though_the_row_is_remembered(noting: Noting, generations: GenerationCollections) -> None:
    index = generations.open()
    numbers = {str(kept.record.document_id): kept.number for kept in index.kept()}
    (key,) = index.keys_in(numbers["b"])
    assert index.texts([key])[key].text == ELECTION
    noting.delete_in(index.passages, "key", [key])
    with pytest.raises(DamagedError, match="a part of it is missing"):
        MilvusSalvage(index).read(numbers["b"])
    assert MilvusSalvage(index).read(numbers["a"]).document_id == "a"


def test_who_opens_an_index_again_reads_one_record_and_sees_when_another_took_its_place(
    noting: Noting, generations: GenerationCollections, name: str
) -> None:
    before = generations.open()
    noting.read.clear()
    assert generations.open() is before
    assert noting.read == [("id", "current")]
    for collection in noting.collections():
        if collection.startswith(name):
            noting.drop(collection)
    with pytest.raises(NotFoundError):
        generations.open()
    other = GenerationCollections(noting, name)
    with other.leased(5):
        other.switch(other.make(MADE_BY))
        with other.writing() as writer:
            writer.put(made("c", GRID))
    now = generations.open()
    assert now.records == before.records and now is not before, "of the same number, and yet another"
    assert found(now, "左云县网格员").keys() == {"c-0"}


def test_words_that_must_all_be_held_are_looked_for_one_after_the_other(
    noting: Noting, generations: GenerationCollections
) -> None:
    reader = generations.open()
    noting.searches = 0
    assert not reader.holding(tokenize("鼋"), 5) and noting.searches == 1
    assert not reader.holding(tokenize("左云鼋食堂"), 5) and noting.searches == 2, "the rarest decides"
    noting.read.clear()
    assert [stored.text for stored in reader.holding(tokenize("云溪县"), 5)] == [CANTEEN]
    assert noting.passages() == 1, "what does not hold all of them is not fetched"


def test_no_more_is_remembered_than_was_allowed() -> None:
    read: list[int] = []

    def fetch(keys: Sequence[int]) -> Mapping[int, str]:
        read.extend(keys)
        return {key: "x" * key for key in keys if key != 7}

    remembered = Remembered[str](10, len)
    assert remembered.of([5, 3, 7, 5], fetch) == {5: "xxxxx", 3: "xxx"} and read == [5, 3, 7]
    assert list(remembered.of([5, 4], fetch)) == [5, 4] and read == [5, 3, 7, 4], "3 was used least lately, and goes"
    assert remembered.of([3], fetch) and remembered.of([4], fetch) and read == [5, 3, 7, 4, 3]
    assert remembered.of([11], fetch) == {11: "x" * 11}, "what is too large is given, and not kept"
    assert remembered.of([11], fetch) and read[-2:] == [11, 11]


def test_no_call_is_larger_than_milvus_takes_them() -> None:
    """A passage of five thousand tokens has that many words, and 64 kB of text fill a row."""
    words = dict.fromkeys(range(5_000), 0.5)
    long: list[Row] = [
        {"key": key, "data": "网" * 16_000, "vectors": "A" * 16_000, "words": words} for key in range(900)
    ]
    calls = [*in_calls(long)]
    assert [row for own in calls for row in own] == long
    assert all(len(own) * (3 * 16_000 + 16_000 + 8 * 5_000) < 64_000_000 for own in calls) and len(calls) < 6
    short: list[Row] = [{"key": key, "dense": np.zeros(384, np.float32), "data": "网" * 400} for key in range(2_500)]
    assert [len(own) for own in in_calls(short)] == [1_000, 1_000, 500]
    assert [*in_calls([])] == []
    assert [*in_calls([{"data": "网" * 20_000_000}, {"data": "1"}])] == [
        [{"data": "网" * 20_000_000}],
        [{"data": "1"}],
    ]
