"""Where the index of a home lies: a folder for each generation, and a file `CURRENT` that names the one in use.

A rebuild fills a new generation beside the old one, which goes on answering, and then changes `CURRENT` in one step.
"""

import os
import shutil
from pathlib import Path

from retrieval.index.embedded import DATABASE

_FIRST = "gen-0001"


class Generations:
    """The generations below one folder, for example WENJU_HOME/index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._current = root / "CURRENT"

    def current(self) -> Path:
        """The folder in use; it need not exist yet."""
        try:
            name = self._current.read_text("ascii").strip()
        except FileNotFoundError:
            name = _FIRST
        return self.root / name

    def exists(self) -> bool:
        return (self.current() / DATABASE).exists()

    def next(self) -> Path:
        """An empty folder for a rebuild; what an interrupted one left behind is cleared away."""
        number = int(self.current().name.removeprefix("gen-")) + 1
        folder = self.root / f"gen-{number:04d}"
        if folder.exists():
            shutil.rmtree(folder)
        return folder

    def switch(self, folder: Path) -> None:
        """Use the folder from now on and clear the others away; processes that still read them keep their files."""
        temporary = self._current.with_name(f"CURRENT.{os.getpid()}")
        temporary.write_text(folder.name + "\n", "ascii")
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(self._current)
        for other in self.root.glob("gen-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
