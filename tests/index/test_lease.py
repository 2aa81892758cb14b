"""The lease of the only writer: of two who want it at once only one has it, however long their calls take, and who
lost it without knowing changes nothing that is seen."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from typing import Any

import pytest

from config.settings import IndexSettings
from retrieval.errors import AwayError, BusyError, StorageError
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from retrieval.index.milvus import lease
from retrieval.index.milvus.client import Milvus, Row
from retrieval.index.milvus.generations import GenerationCollections
from retrieval.index.milvus.head import Head
from retrieval.index.milvus.salvage import MilvusSalvage
from retrieval.index.milvus.upkeep import problems

BEFORE, AFTER, THEIRS = (GRID, CANTEEN), (ELECTION,), (CANTEEN, ELECTION)


class Slow(Milvus):
    """A connection whose calls take up to so many seconds, half of it before they are made and half after."""

    most = 0.0

    def _call(self, *arguments: Any, **options: Any) -> Any:
        time.sleep(random.uniform(0, self.most / 2))
        answer = super()._call(*arguments, **options)
        time.sleep(random.uniform(0, self.most / 2))
        return answer


class Still(Milvus):
    """A connection that stands still once, before or after a row of this kind is put, or before rows are taken away
    by this field: meanwhile `happens`."""

    def __init__(self, settings: IndexSettings, when: str, happens: Callable[[], None]) -> None:
        super().__init__(settings)
        self._when, self._happens = when, happens

    def put(self, collection: str, rows: Sequence[Row], seconds: float | None = None) -> None:
        kinds = {row.get("id" if row.get("kind") == "head" else "kind") for row in rows}
        self._perhaps("before", kinds)
        super().put(collection, rows, seconds)
        self._perhaps("after", kinds)

    def delete_in(self, collection: str, field: str, values: Iterable[object], also: str = "") -> None:
        self._perhaps("before", {field})
        super().delete_in(collection, field, values, also)

    def _perhaps(self, moment: str, kinds: set[Any]) -> None:
        if self._when in {f"{moment} {kind}" for kind in kinds}:
            self._when = "never again"
            self._happens()


@pytest.fixture
def theirs(milvus: Milvus, name: str) -> GenerationCollections:
    """An index with a document, as another writer sees it."""
    generations = GenerationCollections(milvus, name)
    with generations.leased(5):
        generations.switch(generations.make(MADE_BY))
        with generations.writing() as writer:
            writer.put(made("a", *BEFORE))
    return generations


def taken_over(milvus: Milvus, theirs: GenerationCollections, *sentences: str) -> None:
    """Another writer takes the lease as if it had ended, and clears away what is unfinished; it may write, too."""
    Head(milvus, theirs.name).hold("")
    with theirs.leased(5), theirs.writing() as writer:
        if sentences:
            writer.put(made("a", *sentences))
    Head(milvus, theirs.name).hold("theirs 0")


def shown(theirs: GenerationCollections) -> tuple[str, ...]:
    """The sentences of the document, all of which fits together."""
    index = theirs.open()
    salvage = MilvusSalvage(index)
    for number in salvage.documents():
        salvage.read(number)
        salvage.check_vectors(number)
    return tuple(stored.text for stored in index.passages_of("a"))


@pytest.mark.parametrize("slowest", [0.0, 0.1, 0.4])
def test_of_those_who_want_it_at_once_each_has_it_alone(milvus: Milvus, own: IndexSettings, slowest: float) -> None:
    head, holding, most, had = Head(milvus, f"{own.milvus_prefix}_{int(10 * slowest)}"), set[int](), 0, 0
    head.make()
    start, lock = threading.Barrier(3), threading.Lock()

    def want(number: int) -> None:
        nonlocal most, had
        with closing(Slow(own)) as slow:
            slow.most = slowest
            start.wait()
            with lease.held(Head(slow, head.name), 60):
                with lock:
                    holding.add(number)
                    most, had = max(most, len(holding)), had + 1
                time.sleep(0.2)
                with lock:
                    holding.remove(number)

    threads = [threading.Thread(target=want, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, had) == (1, 3)
    assert head.holder() == "" and not head.claims()


def test_a_claim_of_who_was_killed_is_taken_away(milvus: Milvus, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.5)
    head = Head(milvus, name)
    head.make()
    for dead in ("0", "z"):  # whoever they gave way to, and who gave way to them
        head.claim(dead, 1)
    began = time.monotonic()
    with lease.held(head, 0):
        assert time.monotonic() - began > 0.5
    assert not head.claims()


def test_who_was_away_for_long_goes_on_where_nobody_took_it(
    milvus: Milvus, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_SURE_SECONDS", 0.2)
    head = Head(milvus, name)
    head.make()
    with lease.held(head, 5) as ours:
        time.sleep(0.3)
        with pytest.raises(BusyError, match="stood still"):
            ours.left()
        ours.check()
        assert 0 < ours.left() <= 0.2
        time.sleep(0.3)
        head.hold("another 0")
        with pytest.raises(BusyError, match="stood still"):
            ours.check()


@pytest.mark.parametrize(
    ("when", "written", "left"),
    [
        ("before document", (), BEFORE),  # theirs cleared away what ours had laid down
        ("after document", (), AFTER),  # theirs found what ours had put, and keeps it
        ("before document", THEIRS, ()),  # ours took the place of theirs: none is shown, and no half
        ("after document", THEIRS, THEIRS),
    ],
)
def test_who_stood_still_at_the_switch_shows_nothing_of_its_own_that_is_not_whole(
    milvus: Milvus,
    own: IndexSettings,
    theirs: GenerationCollections,
    when: str,
    written: Sequence[str],
    left: Sequence[str],
) -> None:
    with closing(Still(own, when, lambda: taken_over(milvus, theirs, *written))) as still:
        ours = GenerationCollections(still, theirs.name)
        with pytest.raises(BusyError, match="stood still"), ours.leased(5), ours.writing() as writer:
            writer.put(made("a", *AFTER))
    assert shown(theirs) == tuple(left)
    Head(milvus, theirs.name).hold("")
    with theirs.leased(5), theirs.writing() as writer:
        writer.put(made("a", *BEFORE))
    assert shown(theirs) == BEFORE and problems(theirs.open()) == [] and writer.count_passages() == len(BEFORE)


class Killed(Milvus):
    """A connection of a writer that is killed at the switch; `late` is what it was about to put."""

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__(settings)
        self.late: list[Row] = []

    def put(self, collection: str, rows: Sequence[Row], seconds: float | None = None) -> None:
        self.late += [row for row in rows if row.get("kind") == "document"]
        super().put(collection, rows, seconds)

    def _call(self, *arguments: Any, **options: Any) -> Any:
        if self.late:
            raise StorageError("it was killed")
        return super()._call(*arguments, **options)


def test_a_version_that_is_put_while_its_rows_are_cleared_away_is_not_shown(
    milvus: Milvus, own: IndexSettings, theirs: GenerationCollections
) -> None:
    with closing(Killed(own)) as killed, suppress(StorageError):
        ours = GenerationCollections(killed, theirs.name)
        with ours.leased(5), ours.writing() as writer:
            writer.put(made("a", *AFTER))
    Head(milvus, theirs.name).hold("")
    records, is_put = theirs.open().records, threading.Event()

    def arrive() -> None:
        milvus.put(records, killed.late)
        is_put.set()

    with closing(Still(own, "before document", arrive)) as clearing:
        again = GenerationCollections(clearing, theirs.name)
        with again.leased(5), again.writing():
            pass
    assert is_put.is_set() and shown(theirs) == BEFORE and problems(theirs.open()) == []


def test_who_stood_still_at_the_switch_of_a_rebuild_leaves_the_one_before(
    milvus: Milvus, own: IndexSettings, theirs: GenerationCollections
) -> None:
    with closing(Still(own, "before current", lambda: taken_over(milvus, theirs))) as still:
        ours = GenerationCollections(still, theirs.name)
        with pytest.raises(BusyError, match="stood still"), ours.leased(5):
            again = ours.make(MADE_BY)
            with ours.writing(again) as writer:
                writer.put(made("a", *AFTER))
            ours.switch(again)
    assert shown(theirs) == BEFORE


def test_a_switch_is_not_tried_for_longer_than_the_lease(own: IndexSettings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    away = own.model_copy(update={"milvus_uri": f"http://127.0.0.1:{port}", "milvus_timeout": 60})
    with closing(Milvus(own)) as milvus, pytest.raises(AwayError):
        milvus._opened().close()
        milvus.settings, milvus._client = away, None
        began = time.monotonic()
        try:
            milvus.put("none", [{}], 0.5)
        finally:
            assert time.monotonic() - began < 30
