"""What is gone from a folder goes from the index: only that, and much of it only when it is confirmed."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from retrieval.documents.discover import Discovery
from retrieval.errors import ConfirmationRequired, DocumentError
from retrieval.index.lookup import to_prune
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
BARRED = hasattr(os, "geteuid") and os.geteuid() != 0


def three(write: Write) -> list[Path]:
    return [write(f"x/{name}.txt", text) for name, text in (("a", GRID), ("b", CANTEEN), ("c", ELECTION))]


def test_without_prune_what_is_gone_stays(base: KnowledgeBase, write: Write) -> None:
    paths = three(write)
    base.add([paths[0].parent])
    paths[0].unlink()
    assert base.add([paths[0].parent]).removed == []
    assert len(base.documents()) == 3


def test_prune_removes_what_is_gone_from_these_folders_only(base: KnowledgeBase, write: Write) -> None:
    paths, other = three(write), write("y/d.txt", "红柳镇有志愿者340名。")
    base.add([paths[0].parent, other.parent])
    paths[0].unlink()
    other.unlink()
    report = base.add([paths[0].parent], prune=True)
    assert report.removed == [paths[0]]
    assert [record.path for record in base.documents()] == [paths[1], paths[2], other]
    assert GRID not in {citation.text for citation in base.ask("左云县有多少网格员").citations}


def test_exactly_half_goes_without_asking_and_more_does_not(base: KnowledgeBase, write: Write) -> None:
    paths = [*three(write), write("x/d.txt", "红柳镇有志愿者340名。")]
    folder = paths[0].parent
    base.add([folder])
    paths[0].unlink()
    paths[1].unlink()
    assert base.add([folder], prune=True).removed == paths[:2]  # 2 of 4
    for path in paths[2:]:
        path.unlink()
    with pytest.raises(ConfirmationRequired) as raised:
        base.add([folder], prune=True)
    assert re.search("2 of 2 documents would go.*--yes", in_terminal(raised.value))
    assert [record.path for record in base.documents()] == paths[2:]


def test_a_refused_prune_indexes_nothing_either(base: KnowledgeBase, write: Write) -> None:
    paths = three(write)
    base.add([paths[0].parent])
    for path in paths:
        path.unlink()
    new = write("x/new.txt", "红柳镇有志愿者340名。")
    with pytest.raises(ConfirmationRequired, match="Nothing was indexed or pruned"):
        base.add([new.parent], prune=True)
    assert [record.path for record in base.documents()] == paths
    report = base.add([new.parent], prune=True, confirmed=True)
    assert (report.added, report.removed) == ([new], paths)


def test_a_missing_folder_is_not_taken_for_an_emptied_one(base: KnowledgeBase, write: Write) -> None:
    """One of five documents lies in the folder whose disk is not mounted: few, but all of that folder's."""
    paths, lone = three(write), write("y/d.txt", "红柳镇有志愿者340名。")
    base.add([paths[0].parent, lone.parent])
    lone.unlink()
    lone.parent.rmdir()
    with pytest.raises(ConfirmationRequired) as raised:
        base.add([paths[0].parent, lone.parent], prune=True)
    assert re.search("is missing.*mounted.*--yes", in_terminal(raised.value))
    assert len(base.documents()) == 4
    report = base.add([paths[0].parent, lone.parent], prune=True, confirmed=True)
    assert report.removed == [lone]
    assert [failure.path for failure in report.failures] == [lone.parent]


def test_a_file_named_itself_is_pruned_when_it_is_gone_and_confirmed(base: KnowledgeBase, write: Write) -> None:
    paths = three(write)
    base.add([paths[0].parent])
    paths[0].unlink()
    with pytest.raises(ConfirmationRequired, match="is missing"):
        base.add([paths[0]], prune=True)
    assert base.add([paths[0]], prune=True, confirmed=True).removed == [paths[0]]


def test_what_lies_below_a_folder_that_cannot_be_listed_is_not_gone(base: KnowledgeBase, write: Write) -> None:
    paths = three(write)
    deep = [write(f"x/deep/{name}.txt", name + GRID) for name in "de"]
    base.add([paths[0].parent])
    records = base.documents()
    barred = DocumentError(deep[0].parent, "cannot be listed: Permission denied")
    found = Discovery(files=paths[1:], failures=[barred])
    assert [record.path for record in to_prune(records, [paths[0].parent], found, confirmed=True)] == [paths[0]]


@pytest.mark.skipif(not BARRED, reason="nothing is barred to the superuser")
def test_a_folder_without_the_right_to_list_is_not_pruned(base: KnowledgeBase, write: Write) -> None:
    paths, deep = three(write), write("x/deep/d.txt", "红柳镇有志愿者340名。")
    base.add([paths[0].parent])
    deep.parent.chmod(0)
    try:
        report = base.add([paths[0].parent], prune=True)
    finally:
        deep.parent.chmod(0o700)
    assert (report.removed, [failure.path for failure in report.failures]) == ([], [deep.parent])
    assert base.find(str(deep)).path == deep


def test_a_folder_named_like_the_beginning_of_another_is_left_alone(base: KnowledgeBase, write: Write) -> None:
    near, far = write("docs/a.txt", GRID), write("docs-old/b.txt", CANTEEN)
    write("docs/c.txt", ELECTION)
    base.add([near.parent, far.parent])
    near.unlink()
    far.unlink()
    assert base.add([near.parent], prune=True).removed == [near]
    assert base.find("b.txt").path == far


def test_a_folder_whose_name_the_system_refuses_is_reported_and_nothing_is_pruned(
    base: KnowledgeBase, write: Write
) -> None:
    paths = three(write)
    base.add([paths[0].parent])
    report = base.add([paths[0].parent, paths[0].parent / ("x" * 300)], prune=True)
    assert (report.removed, len(report.failures), report.unchanged) == ([], 1, 3)
