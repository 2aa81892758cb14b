"""Which files the given paths stand for."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import DocumentError

_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__pycache__", "node_modules"})


@dataclass(slots=True)
class Discovery:
    """`files` in the order in which they will be read, without repetition; `failures` are paths that are missing
    or folders that cannot be listed."""

    files: list[Path] = field(default_factory=list)
    failures: list[DocumentError] = field(default_factory=list)


def absolute(path: Path) -> Path:
    """Absolute and normalised; symbolic links stay as the user named them."""
    if path.parts[:1] == ("~",):  # not ~name: that may be a file, and a shell has expanded what it knows
        path = path.expanduser()
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links


def discover(paths: Iterable[Path]) -> Discovery:
    """Files below the paths, folders recursively in order of name, each symbolic link loop walked once.

    Hidden files and folders, and the lock files of word processors, are passed over unless named themselves.
    """
    found = Discovery()
    seen: set[Path] = set()
    for path in map(absolute, paths):
        if path.is_dir():
            files: Iterable[Path] = _walk(path, found.failures)
        elif path.exists():
            files = [path]
        else:
            found.failures.append(DocumentError(path, "there is no such file or folder"))
            continue
        for file in files:
            if file not in seen:
                seen.add(file)
                found.files.append(file)
    return found


def _walk(folder: Path, failures: list[DocumentError]) -> Iterator[Path]:
    visited: set[tuple[int, int]] = set()

    def failed(error: OSError) -> None:
        failures.append(DocumentError(Path(error.filename), f"cannot be listed: {error.strerror}"))

    for root, folders, names in os.walk(folder, followlinks=True, onerror=failed):
        status = Path(root).stat()
        if (status.st_dev, status.st_ino) in visited:
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not _is_ignored(name))
        for name in sorted(names):
            if not _is_ignored(name):
                yield Path(root, name)


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _IGNORED
