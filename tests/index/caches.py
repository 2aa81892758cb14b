"""The files beside the database of an index, and how they are damaged."""

from contextlib import closing
from pathlib import Path

from retrieval.index.embedded.index import EmbeddedIndex
from tests.support.indexes import found
from tests.support.paper import PaperEmbedder

VECTORS, WORDS = "vectors.faiss", "words"
QUESTION = "网格员食堂"


def create(folder: Path) -> EmbeddedIndex:
    return EmbeddedIndex.create(folder / "gen-0001", PaperEmbedder().identity, "recipe")


def answers(folder: Path) -> dict[str, tuple[float, float]]:
    with closing(EmbeddedIndex(folder)) as index:
        return found(index, QUESTION)


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    _replace(path, path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    _replace(path, b"")


def flip(path: Path) -> None:
    """Every bit of 16 bytes in the middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 16] = bytes(byte ^ 0xFF for byte in data[middle : middle + 16])
    _replace(path, bytes(data))


def _replace(path: Path, data: bytes) -> None:
    # Another file of that name: cutting one that is mapped into memory ends the process that mapped it.
    path.unlink()
    path.write_bytes(data)


DAMAGES = (delete, truncate, empty, flip)


def answers_at_leisure(folder: Path) -> dict[str, tuple[float, float]]:
    """As another process finds them: after one that has given its first answer and looked at the checksums since."""
    answers(folder)
    return answers(folder)
