"""What the store of every engine keeps to: made, opened, written by one, rebuilt, looked at, dumped and restored.
Only the protocols of `retrieval.index.base` and `retrieval.index.upkeep` are used."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from retrieval.embedding.base import ModelIdentity
from retrieval.errors import BusyError, IndexMismatchError, NotFoundError, StorageError
from retrieval.index.base import IndexStore, PassageWriter
from retrieval.index.model_and_recipe import ModelAndRecipe
from tests.index.conftest import Open, OpenStore
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, made

QUESTION = "左云县网格员食堂"


def fill(store: IndexStore, **documents: list[str]) -> dict[str, tuple[float, float]]:
    """What a search finds then."""
    with store.writing(5) as writer:
        for name, sentences in documents.items():
            writer.put(made(name, *sentences))
        writer.publish()
        return found(writer, QUESTION)


def ignore(*_: object) -> None: ...


# -- made and opened -----------------------------------------------------------------------------------------------


def test_there_is_no_index_until_one_is_made(engine: OpenStore, tmp_path: Path) -> None:
    with closing(engine(tmp_path / "index")) as store:
        assert not store.exists()
        uses: list[Callable[[], object]] = [
            store.current, store.stats, store.integrity, lambda: store.writing(1).__enter__()
        ]  # fmt: skip
        for use in uses:
            with pytest.raises(NotFoundError, match="Nothing is indexed yet"):
                use()
        store.create(MADE_BY)
        assert store.exists()
        assert store.current().made_by == MADE_BY


def test_to_make_one_where_one_is_changes_nothing(store: IndexStore) -> None:
    fill(store, a=[GRID])
    store.create(ModelAndRecipe(MADE_BY.model, "another recipe"))
    assert store.current().made_by == MADE_BY
    assert store.current().count() == 1


def test_an_index_knows_what_made_it_and_refuses_others(store: IndexStore) -> None:
    made_by, model = store.current().made_by, MADE_BY.model
    made_by.check(model, "recipe")
    made_by.check(ModelIdentity(model.name, 0, model.fingerprint), "recipe")
    for other, recipe in (
        (ModelIdentity("stone", model.dimension, "stone"), "recipe"),
        (ModelIdentity(model.name, model.dimension, "other weights"), "recipe"),
        (ModelIdentity(model.name, model.dimension + 1, model.fingerprint), "recipe"),
        (model, "recipe/2"),
    ):
        with pytest.raises(IndexMismatchError) as raised:
            made_by.check(other, recipe)
        assert "--rebuild" in in_terminal(raised.value)


def test_a_store_that_was_closed_is_opened_anew(store: IndexStore) -> None:
    before = fill(store, a=[GRID])
    store.close()
    assert found(store.current(), QUESTION) == before


def test_counts_are_told(store: IndexStore) -> None:
    fill(store, a=[GRID, CANTEEN], b=[ELECTION])
    stats = store.stats()
    assert {name: stats[name] for name in ("documents", "passages", "characters")} == {
        "documents": 2,
        "passages": 3,
        "characters": len(f"{GRID}\n{CANTEEN}") + len(ELECTION),
    }


# -- one writer ----------------------------------------------------------------------------------------------------


def test_one_writes_at_a_time_and_who_waited_long_enough_is_told(store: IndexStore, open_again: Open) -> None:
    other = open_again()
    with store.writing(5) as writer:
        writer.put(made("a", GRID))
        with pytest.raises(BusyError), other.writing(0.1):
            pass
        with pytest.raises(BusyError), other.replacing(0.1):
            pass
        assert other.current().count() == 1, "readers never wait"
    with other.writing(5) as writer:
        assert [record.document_id for record in writer.documents()] == ["a"]


def test_a_writer_that_fails_lets_the_next_write(store: IndexStore, open_again: Open) -> None:
    with pytest.raises(RuntimeError, match="halfway"), store.writing(5) as writer:
        writer.put(made("a", GRID))
        raise RuntimeError("halfway")
    assert fill(open_again(), b=[CANTEEN]).keys() == {"a-0", "b-0"}


# -- rebuilt -------------------------------------------------------------------------------------------------------


def test_the_next_generation_is_used_from_its_end_on_and_readers_keep_what_they_have(
    store: IndexStore, open_again: Open
) -> None:
    before = fill(store, a=[GRID], b=[CANTEEN])
    other = open_again()
    reader, stone = (
        other.current(),
        ModelAndRecipe(ModelIdentity("stone", MADE_BY.model.dimension, "stone"), "recipe/2"),
    )
    with store.writing(5) as old, store.rebuilding(stone) as new:
        assert (new.is_empty(), new.made_by) == (True, stone)
        new.put(made("a", ELECTION))
        new.publish()
        assert found(other.current(), QUESTION) == before
        assert old.count() == 2
    # Its files may be gone: it has them open.
    assert found(reader, QUESTION) == before
    assert [stored.text for stored in reader.passages_of("a")] == [GRID]
    now = other.current()
    assert now.made_by == stone
    assert [stored.text for stored in now.passages_of("a")] == [ELECTION]
    assert found(now, QUESTION).keys() == found(store.current(), QUESTION).keys() == {"a-0"}


def test_a_rebuild_that_fails_changes_nothing(store: IndexStore, open_again: Open) -> None:
    before = fill(store, a=[GRID])

    def rebuild(writer: PassageWriter) -> None:
        writer.put(made("a", ELECTION))
        raise RuntimeError("halfway")

    with store.writing(5), pytest.raises(RuntimeError, match="halfway"), store.rebuilding(MADE_BY) as new:
        rebuild(new)
    assert found(store.current(), QUESTION) == found(open_again().current(), QUESTION) == before


def test_who_waited_for_a_rebuild_writes_into_the_new_generation(store: IndexStore, open_again: Open) -> None:
    fill(store, a=[GRID])
    other = open_again()
    other.current()
    with store.writing(5), store.rebuilding(MADE_BY) as new:
        new.put(made("b", CANTEEN))
        new.publish()
    assert fill(other, c=[ELECTION]).keys() == {"b-0", "c-0"}


# -- looked at -----------------------------------------------------------------------------------------------------


def test_a_sound_index_is_found_sound_and_every_document_is_what_was_put(store: IndexStore) -> None:
    fill(store, a=[GRID, CANTEEN], b=[ELECTION])
    assert store.integrity() is None
    assert store.problems() == []
    with store.salvaging() as salvage:
        assert (salvage.recipe, salvage.has_checksums) == ("recipe", True)
        numbers = salvage.documents()
        assert list(numbers.values()) == [Path("/docs/a.txt"), Path("/docs/b.txt")]
        first, second = map(salvage.read, numbers)
        for number in numbers:
            assert salvage.is_there(number)
            salvage.check_vectors(number)
        with store.writing(5) as writer:
            writer.remove(["b"])
        assert [salvage.is_there(number) for number in numbers] == [True, False]
    indexed = made("a", GRID, CANTEEN)
    assert (first.document_id, first.document, first.sha256) == ("a", indexed.document, indexed.sha256)
    assert [stored.passage for stored in first.passages] == list(indexed.passages)
    assert {key for own in first.keys for key in own} == indexed.vectors.keys()
    assert second.document_id == "b"


# -- dumped and restored -------------------------------------------------------------------------------------------


def dumped(store: IndexStore, tmp_path: Path) -> Path:
    file = tmp_path / "dump"
    steps: list[tuple[int, int]] = []
    dump = store.dump(file, lambda done, total: steps.append((done, total)))
    assert dump.documents == store.current().count()
    assert steps[-1][0] == steps[-1][1] > 0
    return file


def test_a_dump_takes_the_place_of_another_index_whole(store: IndexStore, engine: OpenStore, tmp_path: Path) -> None:
    before = fill(store, a=[GRID, CANTEEN], b=[ELECTION])
    file = dumped(store, tmp_path)
    with closing(engine(tmp_path / "other")) as other:
        other.create(MADE_BY)
        fill(other, old=[CANTEEN])
        reader = other.current()
        with other.replacing(5) as replacement:
            assert replacement.document_count() == 1
            file.replace(replacement.dump())
            assert replacement.why_unusable() is None
            assert replacement.prepare() == 2
            assert other.current().count() == 1
            assert replacement.switch() is None
        assert found(other.current(), QUESTION) == before
        assert other.current().document("a") == store.current().document("a")
        assert reader.count() == 1, "it keeps what it has"


def test_a_dump_is_restored_where_there_is_no_index(store: IndexStore, engine: OpenStore, tmp_path: Path) -> None:
    before = fill(store, a=[GRID])
    file = dumped(store, tmp_path)
    with closing(engine(tmp_path / "other")) as other:
        with other.replacing(5) as replacement:
            assert replacement.document_count() == 0
            file.replace(replacement.dump())
            assert replacement.why_unusable() is None
            replacement.prepare()
            replacement.switch()
        assert found(other.current(), QUESTION) == before


def test_what_is_moved_keeps_the_order_in_which_it_was_put(store: IndexStore, tmp_path: Path) -> None:
    """Of copies, which answer equally well, the one with the smaller key comes first."""
    fill(store, copy=[GRID], another=[GRID], b=[GRID])
    fill(store, another=[GRID, CANTEEN])

    def put() -> list[str]:
        index = store.current()
        by_key = sorted(index.load(index.keys(None, None, None)).items())
        return [stored.passage.passage_id for _, stored in by_key]

    before, file = put(), dumped(store, tmp_path)
    assert before == ["copy-0", "b-0", "another-0", "another-1"]
    with store.replacing(5) as replacement:
        file.replace(replacement.dump())
        replacement.prepare()
        replacement.switch()
    assert put() == before


def test_a_dump_that_is_not_switched_to_is_thrown_away(store: IndexStore, tmp_path: Path) -> None:
    before = fill(store, a=[GRID])
    file = dumped(store, tmp_path)
    fill(store, b=[CANTEEN])
    with pytest.raises(RuntimeError, match="halfway"), store.replacing(5) as replacement:
        file.replace(replacement.dump())
        replacement.prepare()
        raise RuntimeError("halfway")
    assert found(store.current(), QUESTION).keys() == before.keys() | {"b-0"}
    with store.writing(5):
        assert store.current().count() == 2


def test_what_is_no_dump_is_told(store: IndexStore) -> None:
    before = fill(store, a=[GRID])
    with pytest.raises(StorageError, match="no index"), store.replacing(5) as replacement:
        replacement.dump().write_bytes(b"no database")
        raise StorageError(f"no index: {replacement.why_unusable()}")
    assert found(store.current(), QUESTION) == before


def test_a_dump_is_as_of_one_moment_while_another_writes(store: IndexStore, open_again: Open, tmp_path: Path) -> None:
    fill(store, a=[GRID])
    with open_again().writing(5) as writer:
        writer.put(made("b", CANTEEN))
        assert store.dump(tmp_path / "dump", ignore).documents == 2
        writer.put(made("c", CANTEEN))
