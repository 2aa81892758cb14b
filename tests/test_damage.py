"""An index that holds nothing, and one whose database is damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import StorageError
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).resolve().parents[1]
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
    for call in (base.documents, lambda: base.ask("网格员"), lambda: base.add([write("b.txt", CANTEEN)])):
        with pytest.raises(StorageError, match="damaged"):
            call()
    assert path.read_bytes() == before
