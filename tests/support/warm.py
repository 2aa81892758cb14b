"""What the forked processes would each load for themselves: libraries, and the tables that the first use of them
reads. Nothing of it is a thread, a database, a pool or a file that stays open."""

from importlib import import_module
from pathlib import Path

from retrieval.text.fold import fold
from retrieval.text.places import asked_names, places_in
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize

_LIBRARIES = (
    "faiss",
    "tantivy",
    "retrieval.documents.plain.plain_text",
    "retrieval.answering.compose",
    "retrieval.asking",
)


def warm() -> None:
    """Raises RuntimeError when what is forked would not be clean."""
    for library in _LIBRARIES:
        import_module(library)
    for text in ("左云县有多少网格员", "臺灣省有多少網格員"):
        fold(text)
        tokenize(text)
        sounds(text)
        places_in(text)
        asked_names(text)
    if (threads := sum(1 for _ in Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError(f"{threads} threads run already")
