"""An index as somebody sees it: the same as one that never held what is hidden, whatever is asked of it."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY

import pytest

from config.settings import Settings
from retrieval.errors import NotFoundError
from retrieval.index.base import IndexStore, PassageIndex, PassageWriter
from retrieval.index.visible import Visibility, VisibilityFilter, VisibleIndex
from retrieval.service import KnowledgeBase, Scope
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize
from tests.index.conftest import OpenStore
from tests.support.indexes import CANTEEN, ELECTION, EVERYTHING, GRID, MADE_BY, SENTENCES, found, ids, made
from tests.support.paper import PaperEmbedder

OPEN, SECRET = Path("/docs/open"), Path("/docs/secret")


class Watched:
    """Hands everything on to an index, and tells what was asked."""

    def __init__(self, index: PassageIndex) -> None:
        self._index, self.asked = index, list[str]()

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._index, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files of the documents are."""
    (folder := tmp_path / "docs").mkdir()
    for name in "abcde":
        (folder / f"{name}.txt").touch()
    return folder


@pytest.fixture
def hiding(folder: Path) -> Visibility:
    return Visibility(frozenset({folder / "b.txt", folder / "d.txt"}))


@pytest.fixture
def seen(index: PassageWriter, folder: Path, hiding: Visibility) -> PassageIndex:
    for name, *sentences in [("a", GRID), ("b", CANTEEN, ELECTION), ("c", *SENTENCES[3:]), ("d", GRID, CANTEEN)]:
        index.put(made(name, *sentences, folder=folder))
    index.publish()
    return VisibleIndex(index, hiding)


@pytest.fixture
def alone(engine: OpenStore, tmp_path: Path, folder: Path) -> Iterator[PassageIndex]:
    """An index of what is seen, with nothing beside it."""
    with closing(engine(tmp_path / "other")) as other:
        other.create(MADE_BY)
        with other.writing(5) as writer:
            for name, *sentences in [("a", GRID), ("c", *SENTENCES[3:])]:
                writer.put(made(name, *sentences, folder=folder))
            writer.publish()
            yield writer


def test_nothing_tells_it_from_an_index_without_what_is_hidden(
    seen: PassageIndex, alone: PassageIndex, folder: Path
) -> None:
    def told(index: PassageIndex) -> list[object]:
        asked = [*tokenize("食堂选举网格员左云县云溪县题"), *sounds("选举")]
        ids = [record.document_id for record in index.documents()]
        return [
            *(index.count(), index.is_empty(), ids, [index.documents(first, 1)[0].path for first in range(2)]),
            *(found(index, question) for question in ("食堂有多少网格员", "选举", "云溪县")),
            *(index.statistics(asked), index.lexical_statistics(asked)),
            [stored.passage.passage_id for stored in index.holding(["食堂"], EVERYTHING)],
            *(len(index.keys(None, None, None)), len(index.keys(["a", "b"], None, None))),
            *([index.documents_named(name) for name in ("b", "b.txt", "d.txt")], index.at(folder / "b.txt")),
            *(index.document("b"), index.passage("b-0"), index.passages_of("b")),
        ]

    assert told(seen) == told(alone)


def test_counts_of_some_are_those_of_an_index_without_the_others(
    index: PassageWriter, engine: OpenStore, tmp_path: Path
) -> None:
    """No score tells whether a word stands in what was not counted."""
    for name, *sentences in [("a", GRID, CANTEEN), ("b", ELECTION, "食堂食堂食堂。"), ("c", GRID)]:
        index.put(made(name, *sentences))
    index.publish()
    some = frozenset(index.keys(["a"], None, None))
    asked = [*tokenize("食堂选举网格员左云县题"), *sounds("选举食堂"), "无"]
    with closing(engine(tmp_path / "other")) as other:
        other.create(MADE_BY)
        with other.writing(5) as alone:
            alone.put(made("a", GRID, CANTEEN))
            alone.publish()
            assert index.statistics(asked, some) == alone.statistics(asked)
            assert index.lexical_statistics(asked, some) == alone.lexical_statistics(asked)
            assert index.statistics(asked, some) != index.statistics(asked)
    nothing = index.lexical_statistics(asked, frozenset())
    assert nothing.passages == 0 and all(field.tokens == 0 for field in nothing.fields.values())
    assert ids(index, some) == {"a-0", "a-1"}
    holding = index.holding(tokenize("食堂"), EVERYTHING, some)
    assert [stored.passage.passage_id for stored in holding] == ["a-1"]
    assert index.holding(tokenize("食堂"), EVERYTHING, frozenset()) == []


def test_the_state_tells_whether_anything_changed(index: PassageWriter) -> None:
    before = index.state()
    put = partial(index.put, made("a", GRID))
    for change in (put, put, partial(index.remove, ["a"])):
        change()
        index.publish()
        assert index.state() == index.state() != before
        before = index.state()


def test_what_is_seen_is_looked_through_once_after_each_change(
    store: IndexStore, folder: Path, hiding: Visibility
) -> None:
    sight = VisibilityFilter(hiding)
    for name, count in [("a", 1), ("b", 1), ("c", 2)]:
        with store.writing(5) as writer:
            writer.put(made(name, GRID, folder=folder))
        seen = sight.of(store.current())
        assert seen.count() == count
        assert sight.of(store.current()) is seen


def test_what_is_seen_is_counted_from_what_was_looked_through(seen: PassageIndex, hiding: Visibility) -> None:
    sight, watched = VisibilityFilter(hiding), Watched(seen)
    store: Any = SimpleNamespace(current=lambda: watched)
    counts = sight.stats(store)
    watched.asked.clear()
    assert sight.stats(store) == counts == {"documents": 2, "passages": 3, "characters": ANY}
    assert watched.asked == ["state"]


def test_keys_of_what_is_hidden_open_nothing(index: PassageWriter, seen: PassageIndex) -> None:
    hidden = index.keys(["b", "d"], None, None)
    vector = PaperEmbedder().embed_questions(["食堂"])[0]
    assert not seen.load(hidden) and not seen.texts(hidden) and not seen.vectors(hidden).rows
    assert seen.search_words(["食堂"], EVERYTHING, hidden) == seen.search_vectors(vector, EVERYTHING, hidden) == []
    assert seen.holding(["食堂"], EVERYTHING, frozenset(hidden)) == []


def test_what_is_added_later_is_not_seen_by_who_looked_before(
    index: PassageWriter, seen: PassageIndex, folder: Path, hiding: Visibility
) -> None:
    index.put(made("e", ELECTION, folder=folder))
    index.publish()
    assert "e-0" in found(VisibleIndex(index, hiding), "选举")
    assert found(seen, "选举").keys() == found(VisibleIndex(index, hiding), "选举").keys() - {"e-0"}
    assert isinstance(seen, VisibleIndex) and not seen.shows_now(index)


@pytest.mark.parametrize(
    ("visibility", "shown"),
    [
        (Visibility(), {"open", "secret", "inner"}),
        (Visibility(frozenset({SECRET})), {"open"}),
        (Visibility(frozenset({SECRET / "inner"})), {"open", "secret"}),
        (Visibility(frozenset(), frozenset({OPEN})), {"open"}),
        (Visibility(frozenset({SECRET}), frozenset({OPEN, SECRET})), {"open", "secret", "inner"}),
        (Visibility(frozenset({SECRET, SECRET / "inner"}), frozenset({SECRET})), {"secret"}),
        (Visibility(frozenset({SECRET}), frozenset({SECRET / "inner"})), {"inner"}),
        (Visibility(frozenset({SECRET}), frozenset({Path("/docs")})), {"open"}),
        (Visibility(frozenset(), frozenset()), set()),
    ],
)
def test_folders_are_hidden_and_named(visibility: Visibility, shown: set[str], tmp_path: Path) -> None:
    files = {"open": OPEN / "a.txt", "secret": SECRET / "b.txt", "inner": SECRET / "inner" / "c.txt"}
    assert {name for name, path in files.items() if visibility.would_show(path)} == shown
    assert Visibility(frozenset({SECRET})).would_show(Path("/docs/secretly/a.txt"))

    def here(path: Path) -> Path:
        return tmp_path / path.relative_to("/docs")

    for path in map(here, [*files.values(), Path("/docs/secretly/a.txt")]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    only = None if visibility.only is None else frozenset(map(here, visibility.only))
    moved = Visibility(frozenset(map(here, visibility.hidden)), only)
    assert {name for name, path in files.items() if moved.shows(here(path))} == shown
    assert Visibility(frozenset({here(SECRET)})).shows(here(Path("/docs/secretly/a.txt")))


def test_a_link_leads_around_nothing(tmp_path: Path) -> None:
    (secret := tmp_path / "secret").mkdir()
    (secret / "a.txt").touch()
    (link := tmp_path / "link").symlink_to(secret)
    (file := tmp_path / "file.txt").symlink_to(secret / "a.txt")
    for hidden in (secret, link):
        visibility = Visibility(frozenset({hidden}))
        assert not visibility.shows(link / "a.txt")
        assert not visibility.shows(secret / "a.txt")
    assert not Visibility(frozenset({secret})).shows(file)
    link.unlink()
    file.unlink()
    for path in (link / "a.txt", file):
        assert not Visibility(frozenset({secret})).shows(path), "nothing tells any more where it lay"
        assert not Visibility(frozenset(), frozenset({tmp_path})).shows(path)
        assert Visibility().shows(path), "who sees everything sees it"
    link.symlink_to(link)
    assert not Visibility(frozenset({secret})).shows(link / "a.txt")


def test_a_document_in_an_archive_is_there_while_the_archive_is(tmp_path: Path) -> None:
    inside, visibility = tmp_path / "a.zip" / "a.txt", Visibility(frozenset({tmp_path / "secret"}))
    assert not visibility.shows(inside)
    (tmp_path / "a.zip").touch()
    assert visibility.shows(inside) and not Visibility(frozenset({tmp_path / "a.zip"})).shows(inside)
    (tmp_path / "a.zip").rename(tmp_path / "secret")
    (tmp_path / "a.zip").symlink_to(tmp_path / "secret")
    assert not visibility.shows(inside)


def test_who_does_not_see_removes_and_counts_nothing(settings: Settings, tmp_path: Path) -> None:
    for name in ("open", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"{name}县有网格员51名。", "utf-8")
    with closing(KnowledgeBase(settings.model_copy(update={"reader": "none"}), embedder=PaperEmbedder())) as base:
        base.add([tmp_path / "open", tmp_path / "secret"])
        seen = base.seen_by(Visibility(frozenset({tmp_path / "secret"})))
        hidden = base.find("secret.txt")
        for target in (hidden.document_id, "secret.txt", str(hidden.path), str(tmp_path / "secret")):
            with pytest.raises(NotFoundError):
                seen.remove(target, confirmed=True)
            with pytest.raises(NotFoundError):
                seen.find(target)
        with pytest.raises(NotFoundError):
            seen.ask("secret县有多少网格员", scope=Scope(folders=(tmp_path / "secret",)))
        assert seen.stats() == {"documents": 1, "passages": 1, "characters": len("open县有网格员51名。")}
        assert [record.name for record in seen.remove(str(tmp_path), confirmed=True)] == ["open.txt"]
        assert [record.name for record in base.documents()] == ["secret.txt"] and seen.is_empty
