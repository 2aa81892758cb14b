"""An index of an earlier version is brought to the present layout; the oldest asks for a rebuild by its recipe."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.next_steps import in_terminal
from config.settings import Settings
from retrieval.errors import IndexMismatchError
from retrieval.index.embedded.embedded_store import EmbeddedStore
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.index.embedded.schema import SCHEMA_VERSION
from retrieval.left_out import LeftOut
from retrieval.service import KnowledgeBase
from tests.documents.make import xlsx
from tests.support.indexes import CANTEEN, GRID
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
ADDED_SINCE_1 = [("documents", "articles"), ("passages", "title"), ("passages", "place"), ("passages", "date")]
SIZE = 6 * 2
"""Bytes of a vector: six dimensions of float16."""


@pytest.fixture
def old(settings: Settings, write: Write) -> Path:
    """The database of an index as version 1 wrote it."""
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.add([write("a.txt", "左云县有网格员51名。")])
    (file,) = (settings.home / "index").glob("**/index.db")
    with closing(sqlite3.connect(file)) as database:
        _without_checksums(database)
        _scatter_vectors(database)
        for table, column in ADDED_SINCE_1:
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("UPDATE meta SET value = 'sentences/1 size=450 overlap=150' WHERE name = 'recipe'")
        database.execute("PRAGMA user_version = 1")
        database.commit()
    return file


@pytest.mark.usefixtures("old")
def test_an_old_index_can_be_listed_and_rebuilt(settings: Settings) -> None:
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        assert [record.name for record in base.documents()] == ["a.txt"]
        with pytest.raises(IndexMismatchError) as raised:
            base.ask("左云县有多少网格员")
        assert "--rebuild" in in_terminal(raised.value)
        base.rebuild()
        (citation,) = base.ask("左云县有多少网格员").citations
        assert citation.place == "左云县"


@pytest.mark.usefixtures("old")
def test_an_old_index_is_not_taken_for_a_damaged_one(settings: Settings) -> None:
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        with pytest.raises(IndexMismatchError, match="wenju list"):
            base.verify()
        base.documents()
        assert base.verify().sound


def test_the_layout_is_that_of_a_new_one(old: Path, settings: Settings) -> None:
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.documents()
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        for table, column in ADDED_SINCE_1:
            assert column in {row[1] for row in database.execute(f"PRAGMA table_info({table})")}


def test_a_connection_alone_changes_no_layout(old: Path) -> None:
    """Who opens the store does, once."""
    with pytest.raises(IndexMismatchError, match="format 1"):
        EmbeddedIndex(old.parent)
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
    with closing(EmbeddedStore(old.parent.parent)) as store:
        assert store.current().count() == 1
    EmbeddedIndex(old.parent).close()


def test_a_change_that_fails_halfway_leaves_the_old_layout(old: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute("ALTER TABLE passages ADD COLUMN place TEXT")  # the change will find it there already
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base, pytest.raises(Exception, match="place"):
        base.documents()
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        columns = {row[1] for row in database.execute("PRAGMA table_info(documents)")}
        assert "articles" not in columns


def test_of_an_index_of_version_4_nothing_is_told_to_be_left_out(settings: Settings, write: Write) -> None:
    def hidden(sheet: Any) -> None:
        sheet.title, sheet.sheet_state = "底稿", "hidden"
        sheet.append([1])

    path = write("a.xlsx", xlsx(lambda sheet: sheet.append(["左云县有网格员51名"]), hidden))
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.add([path])
        assert base.text("a.xlsx").left_out == (LeftOut("hidden_sheets", ("底稿",)),)
        hit = base.search("网格员", read=False)[1][0].stored.passage.passage_id
        assert base.surroundings(hit).left_out == (LeftOut("hidden_sheets", ("底稿",)),)
    (file,) = (settings.home / "index").glob("**/index.db")
    with closing(sqlite3.connect(file)) as database:
        _without_left_out(database)
        database.commit()
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        assert base.verify().sound
        assert base.surroundings(hit).left_out == ()
        path.write_bytes(xlsx(lambda sheet: sheet.append(["左云县有网格员52名"]), hidden))
        base.add([path])
        assert base.text("a.xlsx").left_out == (LeftOut("hidden_sheets", ("底稿",)),)
        base.rebuild()
        assert base.text("a.xlsx").left_out == (LeftOut("hidden_sheets", ("底稿",)),)


def _without_left_out(database: sqlite3.Connection) -> None:
    """As up to version 4."""
    database.execute("DROP TABLE left_out")
    database.execute("PRAGMA user_version = 4")


def _without_checksums(database: sqlite3.Connection) -> None:
    """As up to version 3."""
    _without_left_out(database)
    database.execute("DROP TABLE checksums")
    database.execute("PRAGMA user_version = 3")


def _scatter_vectors(database: sqlite3.Connection) -> None:
    """Lay the vectors as versions 1 and 2 did: by the hash of their text."""
    places = database.execute("SELECT key, passage, position FROM texts").fetchall()
    found = {key: _vector(database, passage, position) for key, passage, position in places}
    for table in ("texts", "vectors"):
        database.execute(f"DROP TABLE {table}")
    database.execute("DROP INDEX documents_by_counts")
    database.execute("ALTER TABLE documents DROP COLUMN vectors")
    database.execute(
        "CREATE TABLE vectors (key BLOB PRIMARY KEY, uses INTEGER NOT NULL, vector BLOB NOT NULL) WITHOUT ROWID"
    )
    database.executemany("INSERT INTO vectors VALUES (?, 1, ?)", found.items())


def _vector(database: sqlite3.Connection, passage: int, position: int) -> bytes:
    own, sentences = database.execute("SELECT own, sentences FROM vectors WHERE passage = ?", (passage,)).fetchone()
    packed: bytes = own + sentences
    return packed[position * SIZE : (position + 1) * SIZE]


def test_vectors_of_version_2_are_laid_beside_their_passages(settings: Settings, write: Write) -> None:
    """The recipe is the present one: the index answers as before, and nothing is embedded again."""
    paths = [write("a.txt", f"{GRID}\n\n{CANTEEN}"), write("b.txt", GRID)]
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.add(paths)
        before = [(hit.dense, hit.sentence_cosines) for hit in base.search("网格员")[1]]
        vectors = base.stats()["vectors"]
    (file,) = (settings.home / "index").glob("**/index.db")
    with closing(sqlite3.connect(file)) as database:
        _without_checksums(database)
        _scatter_vectors(database)
        database.execute("PRAGMA user_version = 2")
        database.commit()
    (file.parent / "vectors.faiss").unlink()
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        assert [(hit.dense, hit.sentence_cosines) for hit in base.search("网格员")[1]] == before
        assert base.stats()["vectors"] == vectors
        paths[1].write_text(f"{CANTEEN}\n\n{GRID}", "utf-8")
        assert base.add(paths).embedded == 1  # the passage of both sentences in their new order


def _layout(file: Path) -> dict[str, set[str]]:
    """The columns of each table and index."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema")]
        columns = "SELECT name FROM pragma_table_info(?1) UNION SELECT name FROM pragma_index_info(?1)"
        return {name: {row[0] for row in database.execute(columns, (name,))} for name in names}


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_every_earlier_version_is_brought_to_the_present_one(settings: Settings, write: Write, version: int) -> None:
    """Its layout is that of a new index, and its checksums are those that the same documents get in a new one."""
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.add([write("a.txt", f"{GRID}\n\n{CANTEEN}"), write("b.txt", GRID)])
    (file,) = (settings.home / "index").glob("**/index.db")
    new, checksums = _layout(file), _checksums(file)
    assert len(set(checksums)) == 2
    with closing(sqlite3.connect(file)) as database:
        _without_left_out(database)
        if version < 4:
            database.execute("DROP TABLE checksums")
        if version < 3:
            _scatter_vectors(database)
        if version < 2:
            for table, column in ADDED_SINCE_1:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute(f"PRAGMA user_version = {version}")
        database.commit()
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        assert [record.name for record in base.documents()] == ["a.txt", "b.txt"]
    assert _layout(file) == new
    if version == 1:  # what it did not know of articles and places is part of what is summed up
        assert [vectors for _, vectors in _checksums(file)] == [vectors for _, vectors in checksums]
    else:
        assert _checksums(file) == checksums


def _checksums(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT content, vectors FROM checksums ORDER BY document").fetchall()
