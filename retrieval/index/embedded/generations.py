"""Where the index of a home lies: a folder for each generation, and a file `CURRENT` that names the one in use.

A rebuild fills a new generation beside the old one, which goes on answering, and then changes `CURRENT` in one step.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index.embedded.caches import WORDS
from retrieval.index.embedded.database_file import upgrade
from retrieval.index.embedded.index import DATABASE, EmbeddedIndex
from retrieval.index.embedded.lexical_files import TEMPORARY
from retrieval.index.sqlite_files import storage_errors, sync_folder

_FIRST = "gen-0001"
_KEPT, _UNFINISHED = "KEPT", "UNFINISHED"
"""Files that say what a generation is which CURRENT does not name."""
_NAME = re.compile(r"gen-\d{4,}", re.ASCII)
_LEFT = re.compile(rf"CURRENT\.\d+|{_UNFINISHED}|{DATABASE}\.[0-9a-f]{{8}}(-journal)?|.+\.\d+\.tmp", re.ASCII)
"""Files that were to take the place of others, by the names that Wenju gives them."""


class GenerationFolders:
    """The generations below one folder, for example WENJU_HOME/index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._current = root / "CURRENT"

    def current(self) -> Path:
        """The folder in use; it need not exist yet. Raises StorageError when that cannot be known: an index that is
        there must not be taken for one that is not."""
        with storage_errors(self.root):
            try:
                name = self._current.read_text("utf-8", "replace").strip()
            except FileNotFoundError:
                name = _FIRST
        if not _NAME.fullmatch(name):
            raise StorageError(
                f"{self._current} names no index, but {name[:40]!r}. Write into it the name of the folder beside it "
                f"that holds the index, for example {_FIRST}."
            )
        return self.root / name

    def exists(self) -> bool:
        """Whether there is an index. Raises StorageError when there was one and its database is gone."""
        folder = self.current()
        with storage_errors(folder):
            if (folder / DATABASE).exists():
                return True
            if not self._current.exists():
                self._refuse_nameless()
                return False
        if self.current() != folder:  # a rebuild came between
            return self.exists()
        raise StorageError(
            f"The database {folder / DATABASE} is gone, though {self._current.name} beside it names it. "
            f"Restore a backup (`wenju restore FILE`), or delete {self.root} and index again."
        )

    def open(self) -> EmbeddedIndex:
        """The index in use, brought to the present layout. Raises StorageError."""
        folder = self.current()
        try:
            upgrade(folder / DATABASE)
            return EmbeddedIndex(folder)
        except StorageError:
            if self.current() == folder:
                raise
        return self.open()  # a rebuild came between

    @contextmanager
    def writing(self, index: EmbeddedIndex, wait_seconds: float) -> Iterator[None]:
        """Be the only writer, and first clear away what writers left behind that were killed. Raises BusyError."""
        with index.writing(wait_seconds):
            self._clear(self.current())
            yield

    def next(self) -> Path:
        """A new folder for a rebuild or a restore; what an interrupted one left behind is cleared away. Raises
        StorageError when it is not known which index is in use."""
        if not self._current.exists() and not (self.current() / DATABASE).exists():
            self._refuse_nameless()
        number = int(self.current().name.removeprefix("gen-")) + 1
        folder = self.root / f"gen-{number:04d}"
        with storage_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
            (folder / _UNFINISHED).touch()
        return folder

    def switch(self, folder: Path) -> None:
        """Use the folder from now on and clear the others away; processes that still read them keep their files. The
        caller holds the write lock."""
        temporary = self._current.with_name(f"CURRENT.{os.getpid()}")
        with storage_errors(self.root):
            temporary.write_text(folder.name + "\n", "ascii")
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            sync_folder(folder)
            sync_folder(self.root)  # the new folder and what is in it are there for good before it is named
            temporary.replace(self._current)
            sync_folder(self.root)  # and it is named for good before the old one goes
        self._clear(folder)

    def keep(self, folder: Path) -> None:
        """Never clear this generation away: it is damaged, and somebody may still save something from it."""
        with storage_errors(folder):
            (folder / _KEPT).touch()

    def keep_no_more(self, folder: Path) -> None:
        """Take that back, unless another generation is in use by now."""
        with storage_errors(folder):
            if self.current() == folder:
                (folder / _KEPT).unlink(missing_ok=True)

    def _refuse_nameless(self) -> None:
        """An index that is there must not be taken for one that is not, nor cleared away by the next."""
        held = [path.parent for path in sorted(self.root.glob(f"gen-*/{DATABASE}"))]
        if named := [folder.name for folder in held if not (folder / _UNFINISHED).exists()]:
            raise StorageError(
                f"{self._current} is gone, though {named[-1]} beside it holds an index. Write that name into it."
            )

    def _clear(self, used: Path) -> None:
        """Take away the other generations, but those to be kept, and files that were to replace another: only the
        writer makes them."""
        for other in self.root.iterdir():
            if _NAME.fullmatch(other.name) and other != used and not (other / _KEPT).exists():
                shutil.rmtree(other, ignore_errors=True)
        ours = [path for path in (*self.root.iterdir(), *used.iterdir()) if _LEFT.fullmatch(path.name)]
        for left in (*ours, *(used / WORDS).glob(f"{TEMPORARY}*")):  # and nothing that somebody laid beside them
            with suppress(OSError):
                left.unlink()
