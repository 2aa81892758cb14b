"""Which files the given paths stand for."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.formats import CONTAINERS
from retrieval.documents.archives import containers
from retrieval.errors import DocumentError

_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__", "node_modules"})


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
    """Files below the paths, folders recursively in order of name, each once: symbolic links to folders come last,
    so that a folder which is also reached without a link goes by its own name.

    Hidden files and folders, and the lock files of word processors, are passed over unless named themselves. Of an
    archive or a mailbox these are the documents in it.
    """
    found = Discovery()
    seen: set[Path] = set()
    for path in map(absolute, paths):
        for file in _files(path, found.failures):
            if file not in seen:
                seen.add(file)
                found.files += _documents(file, found.failures)
    return found


def is_passed_over(path: Path, root: Path) -> bool:
    """Whether `discover` leaves out this file or folder below the root."""
    return any(_is_ignored(name) for name in path.relative_to(root).parts)


def _documents(file: Path, failures: list[DocumentError]) -> list[Path]:
    """The file itself, or what it contains."""
    if file.suffix.lower() not in CONTAINERS:
        return [file]
    try:
        inside, left_out = containers.documents_in(file)
    except DocumentError as error:
        failures.append(error)
        return []
    except OSError as error:
        failures.append(DocumentError(file, f"cannot be read: {error.strerror or error}"))
        return []
    failures += left_out
    documents = [path for path in inside if not is_passed_over(path, file)]
    if not documents and not left_out:
        failures.append(DocumentError(file, "holds no documents", "empty"))
    return documents


def _files(path: Path, failures: list[DocumentError]) -> Iterable[Path]:
    try:
        if path.is_dir():
            return _walk(path, failures)
        if path.exists():
            return [path]
        reason = "there is no such file or folder"
    except OSError as error:  # a name beyond what the system takes, or no permission for the folder that it is in
        reason = f"cannot be read: {error.strerror or error}"
    failures.append(DocumentError(path, reason))
    return []


def _walk(folder: Path, failures: list[DocumentError]) -> Iterator[Path]:
    visited: set[tuple[int, int]] = set()
    starts = [folder]  # and then the links that were met, and those met behind them

    def failed(error: OSError) -> None:
        failures.append(DocumentError(Path(error.filename), f"cannot be listed: {error.strerror}"))

    for start in starts:
        for root, folders, names in os.walk(start, onerror=failed):
            try:
                status = Path(root).stat()
            except OSError as error:  # it vanished a moment ago
                failed(error)
                folders.clear()
                continue
            if (status.st_dev, status.st_ino) in visited:
                folders.clear()
                continue
            visited.add((status.st_dev, status.st_ino))
            folders[:] = sorted(name for name in folders if not _is_ignored(name))
            # islink: as os.walk decides what it leaves out; is_symlink() raises for a path too long.
            starts.extend(Path(root, name) for name in folders if os.path.islink(Path(root, name)))  # noqa: PTH114
            for name in sorted(names):
                if not _is_ignored(name):
                    yield Path(root, name)


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _IGNORED
