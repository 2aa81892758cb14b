"""Folders in Wenju's cache that are made once: whole or not there.

A folder appears under its name only when all of it is on the disk, its checksums among it; what a killed process
leaves behind is a temporary folder that the next maker clears away.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from filelock import FileLock

_CHECKSUMS = "checksums.json"


def make_once(target: Path, make: Callable[[Path], None]) -> None:
    """Have `make` fill a folder that becomes `target`, unless another process was first.

    Raises OSError when the disk refuses, and what `make` raises; then nothing is left behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f"{target.name}.lock"):
        if is_whole(target):
            return
        for leftover in target.parent.glob(f".{target.name}-*"):
            shutil.rmtree(leftover, ignore_errors=True)  # of a run that was killed; we hold the lock
        directory = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            make(directory)
            _seal(directory)
            directory.chmod(0o755)  # mkdtemp's is for its owner alone; a cache may be prepared for others
            if target.exists():
                shutil.rmtree(target)
            directory.rename(target)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def is_whole(directory: Path) -> bool:
    """Whether each file that was written is there with its size; contents are compared by `damaged_files`."""
    checksums = _checksums(directory)
    return bool(checksums) and all(
        (directory / name).is_file() and (directory / name).stat().st_size == entry["size"]
        for name, entry in checksums.items()
    )


def unseal(directory: Path) -> None:
    """Have `make_once` make the folder anew."""
    (directory / _CHECKSUMS).unlink(missing_ok=True)


def damaged_files(directory: Path, among: Collection[str] | None = None) -> list[str]:
    """Names of files whose SHA-256 is not the one written when the folder was made. Reads all of them, or of those
    that are named."""
    return [
        name
        for name, entry in _checksums(directory).items()
        if (among is None or name in among)
        and not ((directory / name).is_file() and _sha256(directory / name) == entry["sha256"])
    ]


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _seal(directory: Path) -> None:
    """Write the checksums and have everything reach the disk."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    checksums = {
        path.relative_to(directory).as_posix(): {"size": path.stat().st_size, "sha256": _sha256(path)}
        for path in files
    }
    write_json(directory / _CHECKSUMS, checksums)
    for path in (*files, directory / _CHECKSUMS):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _checksums(directory: Path) -> dict[str, dict[str, Any]]:
    try:
        checksums = json.loads((directory / _CHECKSUMS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    entries = checksums.values() if isinstance(checksums, dict) else [None]
    are_told = all(isinstance(entry, dict) and entry.keys() == {"size", "sha256"} for entry in entries)
    return checksums if are_told else {}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
