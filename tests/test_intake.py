"""Files that people send: their names, and the version that stands until another is whole."""

import pytest

from bot.intake import safe_name, take_in, uploads_folder
from retrieval.errors import StorageError
from retrieval.service import KnowledgeBase


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("通知.pdf", "通知.pdf"),
        ("../../a.txt", "a.txt"),
        ("C:\\x\\a.txt", "a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("", "document"),
        ("..", "document"),
        ("a\x00b.txt", "a_b.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["通知.zip", "信.MBOX"])
def test_what_holds_several_documents_is_not_taken_in(base: KnowledgeBase, name: str) -> None:
    received = take_in(base, name, b"PK")
    assert (received.outcome, received.kind) == ("not_added", "type")
    assert not uploads_folder(base).exists()


def test_questions_without_answers_are_told_from_other_files(base: KnowledgeBase) -> None:
    received = take_in(base, "questions.jsonl", '{"question": "左云县有多少网格员"}\n'.encode())
    assert (received.outcome, received.kind) == ("not_added", "questions")


def test_a_version_that_was_left_behind_by_a_crash_is_put_back(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "added"
    (folder / ".before-通知.txt").write_bytes((folder / "通知.txt").read_bytes())
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", b"\x00\x01").outcome == "not_added_kept"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
    assert [path.name for path in folder.iterdir()] == ["通知.txt"]
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "unchanged"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"


def test_a_file_that_cannot_be_written_leaves_the_version_before(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    take_in(base, "通知.txt", "网格员51名。".encode())
    (folder / ".incoming-通知.txt").mkdir()  # so that writing there fails
    with pytest.raises(StorageError, match="cannot be written"):
        take_in(base, "通知.txt", "网格员52名。".encode())
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
