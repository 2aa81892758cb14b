"""That an index follows the backups of another machine: a file beside the generations says so, and while it is there
nothing else writes here."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import ReadOnlyError, StorageError
from retrieval.index.sqlite_files import storage_errors, sync_folder

_FILE = "FOLLOWS"


@dataclass(frozen=True, slots=True)
class FollowedBackup:
    """The folder of backups, and the one that the index is a copy of: its name, when it was made, the SHA-256 of its
    index; all empty before the first."""

    folder: str
    backup: str = ""
    made: str = ""
    sha256: str = ""


def followed(root: Path) -> FollowedBackup | None:
    """What the index below this folder follows; None when it is this machine's own."""
    path = root / _FILE
    with storage_errors(path):
        try:
            told = path.read_bytes()
        except FileNotFoundError:
            return None
    try:
        return FollowedBackup(**json.loads(told))
    except (ValueError, TypeError) as error:
        raise StorageError(
            f"{path} is garbled, so that it is not known what this index follows.", "follow_again"
        ) from error


def follow(root: Path, now: FollowedBackup) -> None:
    """Say so; it stands on the disk when this returns."""
    temporary = root / f"{_FILE}.{os.getpid()}.tmp"
    with storage_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(now), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(root / _FILE)
        sync_folder(root)


def follow_no_more(root: Path) -> None:
    with storage_errors(root):
        (root / _FILE).unlink(missing_ok=True)
        if root.is_dir():
            sync_folder(root)


def refuse_to_write(root: Path) -> None:
    """Raise ReadOnlyError where the index follows another."""
    if (now := followed(root)) is not None:
        raise ReadOnlyError(
            f"The index in {root} follows the backups in {now.folder}: index and remove on the machine that makes "
            "them.",
            "leave",
        )
