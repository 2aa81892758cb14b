"""Folders that a question can be narrowed to: those of the documents that the asker sees, and no other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.types import DocumentRecord

_MOST = 200


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, what it is called where no other is called so, and how many documents lie below it."""

    path: Path
    name: str
    documents: int


def folders_of(records: Iterable[DocumentRecord]) -> list[Folder]:
    """Those in which documents lie or that hold several such, in order of path; of very many the fullest. One that
    holds every document is none of them: it narrows nothing."""
    lying = Counter(record.path.parent for record in records)
    held = Counter[Path]()
    for folder, count in lying.items():
        for around in (folder, *folder.parents):
            held[around] += count
    inside = Counter(folder.parent for folder in held if folder.parent != folder)
    chosen = [
        folder
        for folder, count in held.most_common()
        if count < lying.total() and (folder in lying or inside[folder] > 1)
    ][:_MOST]
    tails = Counter(tail for folder in chosen for tail in _tails(folder))
    return [
        Folder(folder, next((tail for tail in _tails(folder) if tails[tail] == 1), str(folder)), held[folder])
        for folder in sorted(chosen)
    ]


def _tails(folder: Path) -> Iterator[str]:
    """The last part of the path, the last two, and so on to the whole."""
    return (str(Path(*folder.parts[at:])) for at in range(len(folder.parts) - 1, -1, -1))
