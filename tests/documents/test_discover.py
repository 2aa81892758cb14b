"""Which files paths stand for."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from retrieval.documents.discover import absolute, discover


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/deeper/d.pdf", "another/e.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")
    return root


def names(root: Path, files: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files]


def test_folders_are_walked_in_order_of_name(tree: Path) -> None:
    found = discover([tree])
    assert names(tree, found.files) == ["a.md", "b.txt", "another/e.txt", "sub/c.txt", "sub/deeper/d.pdf"]
    assert found.failures == []


def test_paths_keep_the_order_in_which_they_were_named(tree: Path) -> None:
    found = discover([tree / "sub", tree / "b.txt", tree / "another"])
    assert names(tree, found.files) == ["sub/c.txt", "sub/deeper/d.pdf", "b.txt", "another/e.txt"]


def test_a_file_named_twice_is_found_once(tree: Path) -> None:
    found = discover([tree / "b.txt", tree, tree / "sub" / ".." / "b.txt"])
    assert names(tree, found.files).count("b.txt") == 1
    assert len(found.files) == 5


def test_paths_are_made_absolute(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert discover([Path("sub/../b.txt")]).files == [tree / "b.txt"]
    assert discover([Path()]).files == discover([tree]).files


def test_the_home_folder_may_be_written_as_a_tilde(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tree))
    assert discover([Path("~/b.txt")]).files == [tree / "b.txt"]


@pytest.mark.parametrize("name", ["~$报告.docx", "~notes.txt"])
def test_a_file_whose_name_begins_with_a_tilde(name: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a shell makes of `wenju index *` while a word processor has a file open.
    (tree / name).write_text("text", encoding="utf-8")
    monkeypatch.chdir(tree)
    assert absolute(Path(name)) == tree / name


def test_missing_paths_are_failures_and_the_others_are_read(tree: Path) -> None:
    found = discover([tree / "nothing", tree / "b.txt", tree / "none.txt"])
    assert names(tree, found.files) == ["b.txt"]
    assert [failure.path for failure in found.failures] == [tree / "nothing", tree / "none.txt"]
    assert all("no such file" in failure.reason for failure in found.failures)


def test_a_broken_link_that_was_named_is_missing(tree: Path) -> None:
    (tree / "gone.txt").symlink_to(tree / "nowhere.txt")
    found = discover([tree / "gone.txt"])
    assert found.files == []
    assert [failure.path for failure in found.failures] == [tree / "gone.txt"]


def test_nothing_named_is_nothing_found() -> None:
    found = discover([])
    assert (found.files, found.failures) == ([], [])


def test_an_empty_folder(tmp_path: Path) -> None:
    found = discover([tmp_path])
    assert (found.files, found.failures) == ([], [])


@pytest.mark.parametrize(
    "ignored",
    [
        ".hidden.txt",
        ".git/config.txt",
        "sub/.cache/x.md",
        "~$b.docx",
        "Thumbs.db",
        "desktop.ini",
        "__pycache__/x.txt",
    ],
)
def test_hidden_and_machine_made_files_are_passed_over(ignored: str, tree: Path) -> None:
    path = tree / ignored
    path.parent.mkdir(exist_ok=True)
    path.write_text("text", encoding="utf-8")
    before = ["a.md", "b.txt", "another/e.txt", "sub/c.txt", "sub/deeper/d.pdf"]
    assert names(tree, discover([tree]).files) == before
    assert discover([path]).files == [path], "named itself, it is read"


def test_a_hidden_folder_that_was_named_is_walked(tree: Path) -> None:
    folder = tree / ".private"
    folder.mkdir()
    (folder / "f.txt").write_text("text", encoding="utf-8")
    assert discover([folder]).files == [folder / "f.txt"]


@pytest.mark.parametrize(
    "name",
    ["with space.txt", "  .txt", "左云县 网格员.txt", "😀🏮.md", "line\nbreak.txt", "-rf.txt", "a'\"`$HOME;.txt"],
)
def test_strange_names(name: str, tmp_path: Path) -> None:
    path = tmp_path / "names" / name
    path.parent.mkdir()
    path.write_text("text", encoding="utf-8")
    assert discover([path.parent]).files == [path]
    assert discover([path]).files == [path]


def test_loops_of_links_end(tree: Path) -> None:
    (tree / "sub" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "sub" / "self").symlink_to(tree / "sub", target_is_directory=True)
    found = discover([tree])
    assert names(tree, found.files) == ["a.md", "b.txt", "another/e.txt", "sub/c.txt", "sub/deeper/d.pdf"]
    assert found.failures == []


def test_a_link_that_points_at_itself(tree: Path) -> None:
    (tree / "loop").symlink_to(tree / "loop")
    found = discover([tree / "loop", tree / "b.txt"])
    assert found.files == [tree / "b.txt"]
    assert [failure.path for failure in found.failures] == [tree / "loop"]


def test_links_to_folders_are_followed_under_the_name_of_the_link(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f.txt").write_text("text", encoding="utf-8")
    (tree / "link").symlink_to(outside, target_is_directory=True)
    assert "link/f.txt" in names(tree, discover([tree]).files)


@pytest.mark.parametrize("link", ["another/link", "zz", "0"])
def test_a_folder_that_is_also_behind_a_link_goes_by_its_own_name(tree: Path, link: str) -> None:
    """Wherever the link stands, and whatever its name is: before the folder, after it, or in another that is."""
    (tree / link).symlink_to(tree / "sub", target_is_directory=True)
    found = discover([tree])
    assert names(tree, found.files) == ["a.md", "b.txt", "another/e.txt", "sub/c.txt", "sub/deeper/d.pdf"]


def test_links_behind_links_are_followed(tree: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f.txt").write_text("text", encoding="utf-8")
    (tmp_path / "one" / "next").symlink_to(tmp_path / "two", target_is_directory=True)
    (tree / "link").symlink_to(tmp_path / "one", target_is_directory=True)
    assert names(tree, discover([tree]).files)[-2:] == ["link/f.txt", "link/next/f.txt"]


def test_a_name_beyond_what_the_system_takes_is_a_failure(tree: Path) -> None:
    found = discover([tree / ("x" * 300), tree / "b.txt"])
    assert found.files == [tree / "b.txt"]
    assert [failure.path for failure in found.failures] == [tree / ("x" * 300)]
    assert found.failures[0].reason.startswith("cannot be read: ")


def test_folders_that_come_and_go_while_they_are_walked(tree: Path) -> None:
    """Each may be found, be a failure, or be passed over; the others are found."""
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for number in range(20):
                (tree / "sub" / str(number)).mkdir()
            for number in range(20):
                (tree / "sub" / str(number)).rmdir()

    moving = threading.Thread(target=come_and_go)
    moving.start()
    try:
        walks = [discover([tree]) for _ in range(500)]
    finally:
        done.set()
        moving.join()
    assert all(len(found.files) == 5 for found in walks)
    assert all(failure.path.parent == tree / "sub" for found in walks for failure in found.failures)


def test_a_folder_that_cannot_be_listed_is_a_failure(tree: Path) -> None:
    """A path longer than the system allows cannot be listed, not even by root, whom permissions do not stop."""
    here = os.open(tree, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=here)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    try:
        found = discover([tree])
    finally:
        shutil.rmtree(tree / ("x" * 200))
    assert len(found.files) == 5, "the other folders are read"
    assert [failure.reason.split(":")[0] for failure in found.failures] == ["cannot be listed"]
    assert found.failures[0].path.is_relative_to(tree)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions stop nobody here (root)")
def test_a_folder_without_permission_is_a_failure(tree: Path) -> None:
    (tree / "sub").chmod(0)
    try:
        found = discover([tree])
    finally:
        (tree / "sub").chmod(0o700)
    assert names(tree, found.files) == ["a.md", "b.txt", "another/e.txt"]
    assert [failure.path for failure in found.failures] == [tree / "sub"]
