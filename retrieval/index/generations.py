"""Where the index of a home lies: a folder for each generation, and a file `CURRENT` that names the one in use.

A rebuild fills a new generation beside the old one, which goes on answering, and then changes `CURRENT` in one step.
"""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index.database import storage_errors
from retrieval.index.embedded import DATABASE

_FIRST = "gen-0001"
_KEPT = "KEPT"
_NAME = re.compile(r"gen-\d{4,}", re.ASCII)


class Generations:
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
                return False
        if self.current() != folder:  # a rebuild came between
            return self.exists()
        raise StorageError(
            f"The database {folder / DATABASE} is gone, though {self._current.name} beside it names it. "
            f"Restore a backup (`wenju restore FILE`), or delete {self.root} and index again."
        )

    def next(self) -> Path:
        """An empty folder for a rebuild or a restore; what an interrupted one left behind is cleared away."""
        number = int(self.current().name.removeprefix("gen-")) + 1
        folder = self.root / f"gen-{number:04d}"
        with storage_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)
        return folder

    def switch(self, folder: Path) -> None:
        """Use the folder from now on and clear the others away; processes that still read them keep their files. The
        caller holds the write lock."""
        temporary = self._current.with_name(f"CURRENT.{os.getpid()}")
        with storage_errors(self.root):
            temporary.write_text(folder.name + "\n", "ascii")
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(self._current)
            sync_folder(self.root)  # before what it named until now is gone
        self.clear_away()

    def clear_away(self) -> None:
        """Delete what killed rebuilds and restores left: all but the generation in use, and those to be kept. The
        caller holds the write lock."""
        current = self.current()
        for other in self.root.glob("gen-*"):
            if other != current and not (other / _KEPT).exists():
                shutil.rmtree(other, ignore_errors=True)
        for left in self.root.glob("CURRENT.*"):
            with suppress(OSError):
                left.unlink()

    def keep(self, folder: Path) -> None:
        """Never clear this generation away: it is damaged, and somebody may still save something from it."""
        with storage_errors(folder):
            (folder / _KEPT).touch()


def sync_folder(folder: Path) -> None:
    """Have the names in the folder on the disk, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
