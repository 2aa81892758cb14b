"""An index that holds nothing, and one whose database is damaged."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import StorageError
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).resolve().parents[2]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"


def test_nothing_readable_leaves_no_index(base: KnowledgeBase, write: Write) -> None:
    report = base.add([write("a.txt", b"")])
    assert len(report.failures) == 1
    assert not base.exists


def test_a_damaged_database_is_reported_and_left_as_it_is(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID)])
    base.close()
    path = settings.home / "index" / "gen-0001" / "index.db"
    path.write_bytes(b"this is no database, but somebody may still save something from it" * 100)
    before = path.read_bytes()
    for call in (base.documents, lambda: base.ask("左云县有多少网格员"), lambda: base.add([write("b.txt", CANTEEN)])):
        with pytest.raises(StorageError, match="damaged"):
            call()
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["", "gen-2", "gen-", "../index", "gen-0001/..", "网格", b"\xff\xfe\x00", None])
def test_a_current_that_names_no_index_is_told_and_nothing_is_made_anew(
    base: KnowledgeBase, settings: Settings, write: Write, content: str | bytes | None
) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    base.close()
    current = settings.home / "index" / "CURRENT"
    if content is None:
        current.mkdir()
    else:
        current.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    calls: list[Callable[[], object]] = [
        base.documents,
        lambda: base.ask("左云县有多少网格员"),
        lambda: base.add([path]),
    ]
    for call in [*calls, base.rebuild]:
        with pytest.raises(StorageError, match=r"CURRENT|cannot be used") as raised:
            call()
        assert "\n" not in str(raised.value)
    if current.is_dir():
        current.rmdir()
    current.write_text("gen-0001\n", "utf-8")
    assert base.ask("左云县有多少网格员").answer == GRID


def test_a_database_that_is_gone_is_told_and_not_replaced_by_an_empty_one(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    base.rebuild()
    base.close()
    (database,) = (settings.home / "index").glob("gen-*/index.db")
    kept = database.rename(settings.home / "kept.db")
    calls: list[Callable[[], object]] = [
        base.documents,
        lambda: base.ask("左云县有多少网格员"),
        lambda: base.add([path]),
    ]
    for call in [*calls, base.rebuild]:
        with pytest.raises(StorageError, match="is gone"):
            call()
        assert not database.exists()
    kept.rename(database)
    assert base.ask("左云县有多少网格员").answer == GRID


@pytest.mark.parametrize("below", [".", "index", "index/gen-0001"])
def test_a_file_where_the_index_should_be(base: KnowledgeBase, settings: Settings, write: Write, below: str) -> None:
    file = settings.home / below
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("somebody's own", "utf-8")
    with pytest.raises(StorageError, match="cannot be used"):
        base.add([write("a.txt", GRID)])
    assert file.read_text("utf-8") == "somebody's own"


def test_a_switch_that_fails_leaves_the_old_index(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    (settings.home / "index" / f"CURRENT.{os.getpid()}").mkdir()
    with pytest.raises(StorageError, match="cannot be used"):
        base.rebuild()
    assert base.ask("左云县有多少网格员").answer == GRID


def test_whatever_sqlite_finds_wrong_is_told(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    with closing(sqlite3.connect(settings.home / "index" / "gen-0001" / "index.db")) as database:
        database.execute("DROP TABLE removals")
        database.execute("ALTER TABLE documents RENAME TO papers")
    with pytest.raises(StorageError, match=r"no such table: documents.*wenju doctor"):
        base.documents()
