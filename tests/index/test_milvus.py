"""What the contract of an index does not say: calls to Milvus that fail at any moment, and what is found on a server
that was not expected there."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest
from pydantic import SecretStr

from config.settings import IndexSettings
from retrieval.errors import BusyError, IndexMismatchError, StorageError
from retrieval.index.base import PassageIndex
from retrieval.index.engine import open_store
from retrieval.text.tokens import tokenize
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from pymilvus import MilvusException

from retrieval.index.milvus import head, lease
from retrieval.index.milvus.client import Milvus, MissingCollectionError, Row
from retrieval.index.milvus.counts import Counts
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.salvage import MilvusSalvage
from retrieval.index.milvus.schema import SCHEMA_VERSION, record
from retrieval.index.milvus.upkeep import problems
from retrieval.index.upkeep import DamagedError

T = TypeVar("T")
QUESTION = "左云县网格员食堂选举"
BEFORE, AFTER = [GRID, CANTEEN], [ELECTION]


class Failing(Milvus):
    """A connection whose call number `at` fails, before it is made or after, its answer lost; with `is_killed` all
    later ones fail, too."""

    def __init__(self, settings: IndexSettings, at: int, moment: Literal["before", "after"], is_killed: bool) -> None:
        super().__init__(settings)
        self._at, self._moment, self._is_killed = at, moment, is_killed
        self.made = 0

    def _call(self, call: Callable[..., T], *arguments: object, **options: object) -> T:
        is_ours = threading.current_thread().name != "lease"  # which shows itself whenever it is time
        self.made += is_ours
        if not (self.made == self._at and is_ours) and not (self._is_killed and self.made >= self._at):
            return super()._call(call, *arguments, **options)
        if self._moment == "after" and self.made == self._at:
            super()._call(call, *arguments, **options)
        raise StorageError("the connection is lost")


class Doubling(Milvus):
    """A connection that makes every call twice, as one does that did not hear the answer."""

    def _call(self, call: Callable[..., T], *arguments: object, **options: object) -> T:
        super()._call(call, *arguments, **options)
        return super()._call(call, *arguments, **options)


class Counting(Milvus):
    """A connection that counts the rows that it is asked for by their keys, and how often all of a kind are."""

    asked = listed = 0

    def rows(self, *which: Any) -> list[Row]:
        self.listed += 1
        return super().rows(*which)

    def rows_in(self, collection: str, field: str, values: Iterable[object], *rest: Any, **also: Any) -> list[Row]:
        wanted = list(values)
        self.asked += len(wanted) if field == "key" else 0
        return super().rows_in(collection, field, wanted, *rest, **also)


class Late(Milvus):
    """A connection over which the lease is shown late."""

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__(settings)
        self.shows = threading.Event()

    def put(self, collection: str, rows: Sequence[Row], seconds: float | None = None) -> None:
        if threading.current_thread().name == "lease":
            self.shows.set()
            time.sleep(0.5)
        super().put(collection, rows, seconds)


def filled(milvus: Milvus, name: str) -> GenerationCollections:
    """An index with a document that is going to change and one that stays."""
    generations = GenerationCollections(milvus, name)
    with generations.leased(5):
        generations.switch(generations.make(MADE_BY))
        with generations.writing() as writer:
            writer.put(made("a", *BEFORE))
            writer.put(made("b", GRID))
    return generations


def counted(index: PassageIndex) -> object:
    """All counts that an answer depends on."""
    tokens = [*"网格员食堂选举左云"]
    return index.statistics(tokens), index.lexical_statistics(tokens)


def texts(index: PassageIndex) -> list[str]:
    return [stored.text for stored in index.passages_of("a")]


# -- at any moment -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_killed", "every"),
    [
        ("before", True, 2),
        pytest.param("before", True, 1, marks=pytest.mark.slow),
        pytest.param("after", False, 1, marks=pytest.mark.slow),
        pytest.param("before", False, 1, marks=pytest.mark.slow),
    ],
)
def test_whatever_call_fails_a_document_is_there_whole_and_the_next_writer_mends_the_rest(
    milvus: Milvus,
    own: IndexSettings,
    name: str,
    moment: Literal["before", "after"],
    is_killed: bool,
    every: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if is_killed:
        monkeypatch.setattr(lease, "LEASE_SECONDS", 0.1)  # so long the next one waits
    monkeypatch.setattr(lease, "_LOOK", 0.01)  # nobody else writes
    expected = {}
    for sentences in (BEFORE, AFTER):
        sound = filled(milvus, f"{name}_{len(sentences)}")
        with sound.leased(5), sound.writing() as writer:
            writer.put(made("a", *sentences))
        index = sound.open()
        expected[tuple(sentences)] = counted(index), found(index, QUESTION)
    generations, at, seen = filled(milvus, name), 1 - every, set[tuple[str, ...]]()
    while True:
        at += every
        with closing(Failing(own, at, moment, is_killed)) as failing:
            is_done = False
            with suppress(StorageError, BusyError):
                theirs = GenerationCollections(failing, name)
                with theirs.leased(5), theirs.writing() as writer:
                    writer.put(made("a", *AFTER))
                is_done = True
        there = tuple(texts(generations.open()))
        assert there in expected
        assert set(found(generations.open(), QUESTION)) == {*(f"a-{i}" for i in range(len(there))), "b-0"}
        with generations.leased(30), generations.writing() as writer:
            assert writer.count_passages() == len(there) + 1, "nothing is left behind"
        assert (counted(generations.open()), found(generations.open(), QUESTION)) == expected[there]
        seen.add(there)
        if is_done and failing.made < at:
            break
        with generations.leased(30), generations.writing() as writer:
            writer.put(made("a", *BEFORE))
    assert seen == {tuple(BEFORE), tuple(AFTER)}
    assert at > 20


def test_calls_that_are_made_twice_do_the_same_as_once(milvus: Milvus, own: IndexSettings, name: str) -> None:
    once, twice = filled(milvus, f"{name}_once"), GenerationCollections(milvus, f"{name}_twice")
    with closing(Doubling(own)) as doubling:
        filled(doubling, f"{name}_twice")
    assert (counted(twice.open()), found(twice.open(), QUESTION)) == (
        counted(once.open()),
        found(once.open(), QUESTION),
    )
    assert [record.document_id for record in twice.open().documents()] == ["a", "b"]


def test_who_lost_the_lease_changes_nothing_more(milvus: Milvus, name: str) -> None:
    generations = filled(milvus, name)
    with pytest.raises(BusyError, match="stood still"), generations.leased(5), generations.writing() as writer:
        head.Head(milvus, name).hold("another 0")
        writer.put(made("a", *AFTER))
    assert texts(generations.open()) == BEFORE


def test_a_lease_that_was_shown_late_is_given_back(
    own: IndexSettings, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.5)
    with closing(Late(own)) as late:
        ours = head.Head(late, name)
        ours.make()
        with lease.held(ours, 5):
            assert late.shows.wait(20)
        assert ours.holder() == ""


# -- what is remembered --------------------------------------------------------------------------------------------


def test_passages_are_counted_once_for_who_sees_some(own: IndexSettings, name: str) -> None:
    tokens = [*"网格员食堂"]
    with closing(Counting(own)) as counting:
        generations = filled(counting, name)
        seen = frozenset(generations.open().keys(["a"], None, None))
        first = generations.open().lexical_statistics(tokens, seen)
        counting.asked = 0
        assert generations.open().lexical_statistics(tokens, seen) == first
        assert generations.open().statistics(tokens, seen).passages == first.passages == len(BEFORE)
        assert counting.asked == 0
        assert generations.open().statistics(tokens, seen - {min(seen)}).passages == 1


def test_whether_anything_changed_is_told_by_one_row_once_counts_are_written(own: IndexSettings, name: str) -> None:
    with closing(Counting(own)) as counting:
        generations = filled(counting, name)
        counting.listed, states = 0, [generations.open().state()]
        states.append(generations.open().state())
        assert counting.listed == 0 and states[0] == states[1]
        with generations.leased(5), generations.writing() as writer:
            for change in (partial(writer.put, made("a", *BEFORE)), partial(writer.remove, ["a"])):
                change()
                states.append(generations.open().state())
        states.append(generations.open().state())
    assert len({*states}) == 4, "with each change, and once they are counted"


# -- what is found there -------------------------------------------------------------------------------------------


def test_texts_of_more_than_64_kilobytes_come_back(milvus: Milvus, name: str) -> None:
    generations, long = filled(milvus, name), "网" * 30_000 + "𠀀格。"
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("long", long, GRID))
        assert [stored.text for stored in writer.passages_of("long")] == [long, GRID]
        assert writer.document("long") == made("long", long, GRID).document
        writer.remove(["long"])
        assert writer.count_passages() == 3


def test_a_passage_of_five_thousand_tokens_is_found(milvus: Milvus, name: str) -> None:
    characters = "".join(chr(0x4E00 + i) for i in range(2_501))  # with each two neighbours a token, too
    assert len(tokenize(characters)) > 5_000
    generations = filled(milvus, name)
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("long", characters))
    reader = generations.open()
    assert reader.lexical_statistics([]).fields["text"].tokens > 5_000
    (key,) = reader.search_words(tokenize(characters[-2:])[-1:], 5)
    assert reader.load([key])[key].text == characters


def test_another_schema_version_is_told(milvus: Milvus, name: str) -> None:
    generations = filled(milvus, name)
    there = {"generation": 1, "previous": None, "switched": 0.0, "schema": 99}
    milvus.put(name, [record("current", "head", json.dumps(there))])
    with pytest.raises(IndexMismatchError, match="format 99; this Wenju reads format 2"):
        generations.open()


def test_a_half_made_index_is_told_and_left_as_it_is(milvus: Milvus, name: str) -> None:
    generations = filled(milvus, name)
    milvus.drop(generations.open().passages)
    with pytest.raises(StorageError, match=r"gone or unfinished.*wenju restore FILE"):
        generations.open()
    with pytest.raises(StorageError, match="gone or unfinished"), generations.leased(5), generations.writing():
        pass
    assert Counts(milvus, f"{name}_1_records").totals() is not None


def test_a_partition_that_was_dropped_is_told_and_indexing_again_mends_it(milvus: Milvus, name: str) -> None:
    """Milvus drops none by its name where rows are divided by a key. What it had may be gone all the same."""
    generations = filled(milvus, name)
    index, client = generations.open(), milvus._opened()
    for partition in client.list_partitions(index.passages):
        with pytest.raises(MilvusException):
            client.drop_partition(index.passages, partition)
    milvus.delete_in(index.passages, "collection", [0])
    assert problems(index) == ["0 passages lie there, of 3 that its documents have"]
    with pytest.raises(StorageError, match=r"document a is incomplete.*`wenju verify`.*index its file again"):
        index.passages_of("a")
    assert index.document("a") == made("a", *BEFORE).document, "its text is not lost"
    salvage = MilvusSalvage(index)
    for number in salvage.documents():
        with pytest.raises(DamagedError, match="a part of it is missing"):
            salvage.read(number)
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("a", *BEFORE))
    assert texts(generations.open()) == BEFORE


@pytest.mark.parametrize(("ahead", "before_is_kept"), [(-86_400, True), (0, True), (86_400, False)])
def test_clocks_that_differ_lose_nothing(milvus: Milvus, name: str, ahead: int, before_is_kept: bool) -> None:
    """The time of a switch is by the clock of who made it; the next writer's may be `ahead` of that by a day. It
    decides only how long the generation before stays."""
    generations = filled(milvus, name)
    before = generations.open()
    with generations.leased(5):
        again = generations.make(MADE_BY)
        with generations.writing(again) as writer:
            writer.put(made("a", *AFTER))
        generations.switch(again)
    there = {"generation": again, "previous": 1, "switched": time.time() - ahead, "schema": SCHEMA_VERSION}
    milvus.put(name, [record("current", "head", json.dumps(there))])
    with generations.leased(5), generations.writing() as writer:
        writer.put(made("c", GRID))
    assert texts(generations.open()) == AFTER
    if before_is_kept:
        assert texts(before) == BEFORE
    else:
        with pytest.raises(MissingCollectionError, match="a rebuild may have replaced it"):
            texts(before)


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    away = IndexSettings(
        engine="milvus", milvus_uri=f"http://127.0.0.1:{port}", milvus_timeout=0.5, milvus_token=SecretStr("ABCDEFGH")
    )
    with closing(open_store(tmp_path / "index", away)) as store, pytest.raises(StorageError) as told:
        store.exists()
    assert f"Milvus at http://127.0.0.1:{port} does not answer" in str(told.value)
    assert "Is it running" in str(told.value)
    assert "ABCDEFGH" not in f"{told.value}{away!r}"


def test_a_certificate_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    wrong = IndexSettings(
        engine="milvus", milvus_uri="https://127.0.0.1:1", milvus_certificate=tmp_path / "no.pem", milvus_timeout=0.5
    )
    with closing(open_store(tmp_path / "index", wrong)) as store, pytest.raises(StorageError, match=r"no\.pem"):
        store.exists()


_WRITE_ELSEWHERE = """
import sys
from contextlib import closing
from pathlib import Path
from config.settings import IndexSettings
from retrieval.index.engine import open_store
from tests.support.indexes import GRID, MADE_BY, made

with closing(open_store(Path("/home/index"), IndexSettings(engine="milvus", milvus_uri=sys.argv[1]))) as store:
    store.create(MADE_BY)
    with store.writing(5) as writer:
        writer.put(made("a", GRID))
"""


def test_what_one_process_wrote_the_next_one_finds(tmp_path: Path) -> None:
    server = str(tmp_path / "milvus.db")
    subprocess.run([sys.executable, "-c", _WRITE_ELSEWHERE, server], timeout=120, check=True)
    with closing(open_store(Path("/home/index"), IndexSettings(engine="milvus", milvus_uri=server))) as store:
        assert store.exists() and found(store.current(), "网格员").keys() == {"a-0"}


def test_a_collection_that_was_released_meanwhile_is_loaded_again(milvus: Milvus, name: str) -> None:
    index = filled(milvus, name).open()
    for collection in (index.records, index.passages):
        milvus._opened().release_collection(collection)
    assert texts(index) == BEFORE
    assert "b-0" in found(index, QUESTION)


def test_an_engine_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="needs milvus_uri"):
        IndexSettings(engine="milvus")
    with pytest.raises(ValueError, match="milvus_uri"):
        IndexSettings(engine="milvus", milvus_uri="localhost")
