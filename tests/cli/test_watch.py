"""What a watch tells of, with the real one of the system."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import watchfiles

from bot.watch import changes
from retrieval.errors import NotFoundError, WenjuError

Write = Callable[[str, str | bytes], Path]
SOON, QUIET = 15, 1.5


class Watched:
    """A watch in a thread of its own, so that one that sees nothing does not stop the tests."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._seen: queue.Queue[None] = queue.Queue()
        threading.Thread(target=self._watch, args=(paths,), daemon=True).start()
        self._seen.get(timeout=SOON)  # it stands

    def _watch(self, paths: Sequence[Path]) -> None:
        for _ in changes(paths):
            self._seen.put(None)

    def sees(self, seconds: float = SOON) -> bool:
        """Whether a change is told within that time; one may be told in parts, and the rest is let pass."""
        seen = 0
        try:
            while True:
                self._seen.get(timeout=QUIET if seen else seconds)
                seen += 1
        except queue.Empty:
            return seen > 0


def save_as_editors_do(path: Path, text: str) -> None:
    beside = path.with_name("4913~")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def test_a_file_is_followed_through_saves_that_replace_it(write: Write) -> None:
    path = write("a.txt", "one")
    watched = Watched([path])
    for text in ("two", "three"):
        save_as_editors_do(path, text)
        assert watched.sees()
    write("another.txt", "in the same folder, but not named")
    write("below/a.txt", "not named either")
    assert not watched.sees(QUIET)


def test_in_a_folder_that_is_seen_which_would_be_indexed(write: Write) -> None:
    folder = write("a.txt", "one").parent
    watched = Watched([folder])
    for passed_over in (".hidden.txt", ".git/x.txt", "~$a.docx", "node_modules/deep/x.md"):
        write(passed_over, "text")
    assert not watched.sees(QUIET)
    write("deep/deeper/b.txt", "text")
    assert watched.sees()
    save_as_editors_do(folder / "a.txt", "two")
    assert watched.sees()


def test_a_hidden_folder_that_was_named_is_watched_and_a_file_beside_it(write: Write) -> None:
    hidden, beside = write(".private/a.txt", "one"), write("b.txt", "one")
    watched = Watched([hidden.parent, beside])
    hidden.write_text("two", "utf-8")
    assert watched.sees()
    beside.write_text("two", "utf-8")
    assert watched.sees()


def test_what_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing to watch"):
        next(changes([tmp_path / "missing"]))


@pytest.mark.parametrize(
    "error", [OSError("OS file watch limit reached."), RuntimeError("error in underlying watcher")]
)
def test_a_system_that_refuses_is_told(write: Write, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object, **__: object) -> Iterator[set[object]]:
        raise error

    monkeypatch.setattr(watchfiles, "watch", refuse)  # a limit cannot be reached without reaching it for all
    with pytest.raises(WenjuError, match="refuses to watch") as raised:
        next(changes([write("a.txt", "one")]))
    assert str(error) in str(raised.value)
