"""Which folders a question can be narrowed to, and what they are called."""

from pathlib import Path

from bot.folders import folders_of
from retrieval.types import DocumentRecord


def named(*paths: str) -> dict[str, int]:
    """Folders by name, with how many documents lie below."""
    records = [DocumentRecord("d" * 16, Path(path), "", None, None, 1, 1, "", "") for path in paths]
    return {folder.name: folder.documents for folder in folders_of(records)}


def test_a_folder_that_holds_every_document_narrows_nothing() -> None:
    assert named() == {} and named("/s/a/1.txt") == {} and named("/s/a/1.txt", "/s/a/2.txt") == {}
    assert named("/s/a/1.txt", "/s/2.txt") == {"a": 1}


def test_folders_around_several_are_offered_and_others_are_not() -> None:
    assert named("/s/news/2024/1.txt", "/s/news/2025/1.txt", "/s/rules/long/way/1.txt") == {
        "news": 2, "2024": 1, "2025": 1, "way": 1,
    }  # fmt: skip


def test_a_name_is_as_long_as_it_must_be() -> None:
    assert named("/s/a/2025/1.txt", "/s/b/2025/1.txt", "/s/b/2024/1.txt") == {
        "a/2025": 1, "b": 2, "b/2025": 1, "2024": 1,
    }  # fmt: skip
    assert named("/a/1.txt", "/b/a/1.txt", "/c/b/a/1.txt") == {"/a": 1, "/b/a": 1, "c/b/a": 1}


def test_an_archive_is_a_folder_and_of_very_many_the_fullest_are_offered() -> None:
    assert named("/s/old.zip/1.txt", "/s/1.txt") == {"old.zip": 1}
    many = [f"/s/{number}/1.txt" for number in range(300)]
    assert len(named(*many)) == 200 and named(*many, "/s/299/2.txt")["299"] == 2
