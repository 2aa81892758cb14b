"""Files into the index: only what is new or changed by content costs anything, and nothing is lost on the way."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.ingestion.ingest import Progress
from retrieval.service import KnowledgeBase
from retrieval.types import quote
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
BARRED = hasattr(os, "geteuid") and os.geteuid() != 0


def texts_of(base: KnowledgeBase, path: Path) -> list[str]:
    return [stored.text for stored in base.passages_of(str(path))]


# -- new, changed, unchanged ---------------------------------------------------------------------------------------


def test_new_changed_and_unchanged_are_told_apart_by_content(base: KnowledgeBase, write: Write) -> None:
    a, b = write("a.txt", GRID), write("b.txt", CANTEEN)
    first = base.add([a.parent])
    assert (first.added, first.changed, first.unchanged) == ([a, b], [], 0)
    stamp = a.stat().st_mtime_ns
    write("a.txt", "左云县有网格员52名。")  # as long as before
    os.utime(a, ns=(stamp, stamp))  # and as old
    b.touch()
    c = write("c.txt", ELECTION)
    second = base.add([a.parent])
    assert (second.added, second.changed, second.unchanged) == ([c], [a], 1)
    assert texts_of(base, a) == ["左云县有网格员52名。"]


def test_a_second_run_sends_nothing_through_the_model(
    base: KnowledgeBase, paper: PaperEmbedder, write: Write
) -> None:
    folder = write("a.txt", f"{GRID}\n\n{CANTEEN}").parent
    write("b.md", f"# 选举\n\n{ELECTION}")
    first = base.add([folder])
    assert first.embedded == len(paper.embedded) > 0
    paper.embedded.clear()
    second = base.add([folder])
    assert (second.unchanged, second.embedded, second.passages, paper.embedded) == (2, 0, 0, [])


def test_a_change_embeds_only_the_sentences_that_are_new(
    base: KnowledgeBase, paper: PaperEmbedder, write: Write
) -> None:
    path = write("a.txt", f"{GRID}\n\n{CANTEEN}")
    base.add([path])
    paper.embedded.clear()
    write("a.txt", f"{GRID}\n\n{ELECTION}")
    base.add([path])
    # The new sentence and the passage that holds both; GRID has its vector already.
    assert sorted(paper.embedded) == sorted([ELECTION, GRID + ELECTION])


def test_equal_texts_are_embedded_once_over_all_files(
    base: KnowledgeBase, paper: PaperEmbedder, write: Write
) -> None:
    for name in ("a.txt", "b.txt", "c/a.txt"):
        folder = write(name, GRID).parent
    base.add([folder.parent])
    # A document of one sentence: sentence and passage are the same text.
    assert paper.embedded == [GRID]


def test_a_changed_file_keeps_its_id_and_loses_its_old_passages(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", f"{GRID}\n\n{CANTEEN}")
    base.add([path])
    before = base.find(str(path))
    (old,) = base.passages_of(str(path))
    write("a.txt", ELECTION)
    base.add([path])
    after = base.find(str(path))
    assert (after.document_id, after.path) == (before.document_id, before.path)
    assert after.sha256 != before.sha256
    assert texts_of(base, path) == [ELECTION]
    assert old.passage.passage_id not in {
        stored_passage.passage.passage_id for stored_passage in base.passages_of(str(path))
    }
    assert [citation.text for citation in base.ask("左云县有多少网格员").citations] in ([], [ELECTION])


def test_what_is_put_back_gets_the_same_passage_ids(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    ids = [stored_passage.passage.passage_id for stored_passage in base.passages_of(str(path))]
    write("a.txt", CANTEEN)
    base.add([path])
    write("a.txt", GRID)
    base.add([path])
    assert [stored_passage.passage.passage_id for stored_passage in base.passages_of(str(path))] == ids


def test_copies_of_a_file_are_both_kept(base: KnowledgeBase, write: Write) -> None:
    first, second = write("x/a.txt", GRID), write("y/a.txt", GRID)
    base.add([first.parent.parent])
    assert [record.path for record in base.documents()] == [first, second]
    assert {citation.path for citation in base.ask("左云县有多少网格员").citations} == {str(first), str(second)}
    first.unlink()
    base.add([first.parent], prune=True, confirmed=True)
    # The copies shared their vectors; the one that stays still has them.
    assert base.ask("左云县有多少网格员").answer == GRID


def test_a_moved_file_is_new_at_its_new_place(base: KnowledgeBase, paper: PaperEmbedder, write: Write) -> None:
    old = write("old.txt", GRID)
    write("other.txt", CANTEEN)
    base.add([old.parent])
    paper.embedded.clear()
    new = old.rename(old.with_name("new.txt"))
    report = base.add([old.parent], prune=True)
    assert (report.added, report.removed, paper.embedded) == ([new], [old], [])


def test_the_same_file_named_twice_is_read_once(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    report = base.add([path, path.parent, path.parent / ".." / path.parent.name / "a.txt"])
    assert (report.added, report.unchanged) == ([path], 0)


def test_progress_begins_at_nothing_and_ends_at_all(base: KnowledgeBase, write: Write) -> None:
    paths = [write(name, text) for name, text in (("a.txt", GRID), ("b.txt", CANTEEN))]
    seen: list[Progress] = []
    base.add([paths[0].parent], progress=seen.append)
    assert (seen[0].done, seen[0].total, seen[0].passages) == (0, 2, 0)
    assert seen[-1] == Progress(2, 2, paths[1], passages=2)


def test_what_is_told_as_done_is_stored(base: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.ingestion.batches._BATCH_FILES", 2)
    paths = [write(f"{number:02}.txt", f"第{number}个村有网格员。") for number in range(12)]
    ahead: list[tuple[int, int]] = []

    def look(step: Progress) -> None:
        stored = base.documents()
        if [record.path for record in stored][: step.done] != paths[: step.done]:
            ahead.append((step.done, len(stored)))

    base.add([paths[0].parent], progress=look)
    assert ahead == []


def test_progress_goes_on_within_one_large_document(base: KnowledgeBase, write: Write) -> None:
    path = write(
        "a.txt", "\n".join(f"第{number}号网格有网格员{number}名，食堂{number}处。" * 9 for number in range(1200))
    )
    seen: list[Progress] = []
    report = base.add([path], progress=seen.append)
    passages = [progress.passages for progress in seen]
    assert passages == sorted(passages)
    assert len({*passages}) > 5
    assert passages[-1] == report.passages > 100


# -- what cannot be read -------------------------------------------------------------------------------------------

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.md": (b" \n\n\t", "is empty"),
    "binary.txt": (b"\x00\x01\x02\x03" * 100, "binary"),
    "signs.txt": ("——？！……".encode(), "holds no text"),
    "not.pdf": (b"this is no PDF", ""),
    "not.docx": (b"this is no DOCX", ""),
    "old.doc": (b"\xd0\xcf\x11\xe0", "broken or cut short"),
    "photo.jpg": (b"\xff\xd8\xff", "broken or cut short"),
    "photo.cr2": (b"\xff\xd8\xff", "unknown type"),
    "bare": (b"text", "no suffix"),
}


def test_each_file_that_cannot_be_read_is_named_with_its_reason_and_the_rest_goes_on(
    base: KnowledgeBase, write: Write
) -> None:
    for name, (content, _) in UNREADABLE.items():
        write(name, content)
    good = write("good.txt", GRID)
    report = base.add([good.parent])
    assert report.added == [good]
    reasons = {failure.path.name: failure.reason for failure in report.failures}
    assert reasons.keys() == UNREADABLE.keys()
    for name, (_, says) in UNREADABLE.items():
        assert says in reasons[name]
        assert reasons[name]
        assert "\n" not in reasons[name]
    assert base.ask("左云县有多少网格员").answer == GRID


def test_a_file_that_became_unreadable_keeps_its_older_version(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    for content in (b"", b"\x00\x01" * 100):
        path.write_bytes(content)
        report = base.add([path.parent], prune=True)
        assert [failure.path for failure in report.failures] == [path]
        assert (report.removed, texts_of(base, path)) == ([], [GRID])


@pytest.mark.skipif(not BARRED, reason="nothing is barred to the superuser")
def test_a_file_without_the_right_to_read_keeps_its_older_version(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    path.chmod(0)
    try:
        (failure,) = base.add([path]).failures
    finally:
        path.chmod(0o600)
    assert "cannot be read" in failure.reason
    assert texts_of(base, path) == [GRID]


def test_a_file_beyond_the_size_limit_is_named_with_the_setting(base: KnowledgeBase, write: Write) -> None:
    path = write("large.txt", "食" * 7_500_000)  # 22.5 MB on one line; the limit is 20
    (failure,) = base.add([path]).failures
    assert "documents.max_megabytes" in failure.reason
    assert not base.exists


def test_a_long_line_is_cut_into_passages_that_quote_it(base: KnowledgeBase, write: Write) -> None:
    path = write("line.txt", f"{GRID}" * 2_000)
    assert base.add([path]).failures == []
    text = base.text(str(path)).text
    for stored in base.passages_of(str(path)):
        assert 0 < len(stored.text) <= 500
        assert stored.text == quote(text, stored.passage.spans)


def test_nothing_to_index_makes_no_index(base: KnowledgeBase, tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "hollow"
    folder.mkdir()
    report = base.add([folder])
    assert (report.added, report.failures) == ([], [])
    (failure,) = base.add([tmp_path / "missing"]).failures
    assert "no such file or folder" in failure.reason
    (failure,) = base.add([write("empty.txt", "")]).failures
    assert failure.path.name == "empty.txt"
    assert not base.exists


def test_a_loop_of_links_is_walked_once(base: KnowledgeBase, write: Write) -> None:
    path = write("x/a.txt", GRID)
    (path.parent / "again").symlink_to(path.parent, target_is_directory=True)
    (path.parent / "self.txt").symlink_to(path.parent / "self.txt")
    report = base.add([path.parent])
    assert report.added == [path]
    assert [failure.path.name for failure in report.failures] == ["self.txt"]


@pytest.mark.parametrize(
    "name", ["网格员 😀.txt", "two\nlines.txt", " spaces around .txt", "'quote\".txt", "%s{}[bold].txt", "-x.txt"]
)
def test_any_name_that_is_text(base: KnowledgeBase, write: Write, name: str) -> None:
    path = write(name, GRID)
    assert base.add([path.parent]).added == [path]
    citation = base.ask("左云县有多少网格员").citations[0]
    assert (citation.path, citation.document) == (str(path), name)
    assert base.find(name).path == path
    assert base.add([path]).unchanged == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names cannot hold such bytes")
def test_a_name_that_is_no_text_is_reported_and_the_rest_goes_on(base: KnowledgeBase, write: Write) -> None:
    good = write("good.txt", GRID)
    strange = good.with_name(os.fsdecode(b"\xff\xfe.txt"))
    strange.write_text(CANTEEN, "utf-8")
    report = base.add([good.parent], prune=True)
    assert report.added == [good]
    (failure,) = report.failures
    assert (failure.path, failure.reason) == (strange, "its name is not valid UTF-8; rename it")


def test_a_long_file_that_is_embedded_holds_up_nobody_who_writes(
    base: KnowledgeBase, settings: Settings, paper: PaperEmbedder, write: Write
) -> None:
    """The index is locked for what is stored, and not for what takes long."""
    base.add([write("a.txt", GRID)])
    long, short = write("long.txt", CANTEEN), write("short.txt", "云溪县有水井12口。")
    embedded, others = list[Progress](), list[int]()

    def add_another(progress: Progress) -> None:
        embedded.append(progress)
        if len(embedded) == 1:
            with closing(KnowledgeBase(settings, embedder=paper)) as other:
                others.append(len(other.add([short]).added))

    assert base.add([long], progress=add_another).added == [long]
    assert others == [1] and embedded[0].passages == 1
    assert {record.path for record in base.documents()} == {write("a.txt", GRID), long, short}


def test_a_file_that_changes_while_it_is_embedded_is_read_anew(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    path = write("b.txt", CANTEEN)

    def write_anew(now: Progress) -> None:
        if not now.done:
            path.write_text(GRID, "utf-8")

    report = base.add([path], progress=write_anew)
    assert report.added == [path] and base.text(str(path)).text == GRID
