"""Documents to measure with: real news where the public data beside the project are at hand, else sentences of the
samples in new orders."""

import gzip
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NEWS = ROOT.parent / "shared" / "datasets" / "news"
_SHORTEST = 100
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]")
_SHORT, _LONG = 12, 150
"""Characters of a sentence that other documents are put together of."""


def source() -> str:
    """What `write_documents` writes, for people."""
    return "real news" if _NEWS.is_dir() else "sentences of the samples in new orders (no news beside the project)"


def write_documents(folder: Path, count: int, first: int = 0) -> None:
    """So many text files, one article each, from article number `first` on."""
    folder.mkdir(parents=True, exist_ok=True)  # perhaps of a run that was interrupted
    articles = islice(_news() if _NEWS.is_dir() else _recombined(), first, first + count)
    for number, article in enumerate(articles, start=first):
        (folder / f"{number:06}.txt").write_text(article, encoding="utf-8")


def sentences(apart_from: Path | None = None) -> list[str]:
    """The sentences of all that `write_documents` writes, of which other documents can be put together; without those
    of the files in that folder, unless nothing else is left."""
    texts = _news() if _NEWS.is_dir() else islice(_recombined(), 500)
    every = [sentence for text in texts for sentence in _SENTENCE.findall(text) if _SHORT <= len(sentence) <= _LONG]
    if apart_from is None:
        return every
    kept = {sentence for file in apart_from.iterdir() for sentence in _SENTENCE.findall(file.read_text("utf-8"))}
    return [sentence for sentence in every if sentence not in kept] or every


def _news() -> Iterator[str]:
    for part in sorted(_NEWS.glob("*.txt.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as lines:
            yield from (line.replace("\\n", "\n").strip() for line in lines if len(line) > _SHORTEST)


def _recombined() -> Iterator[str]:
    draw = random.Random(1)
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "corpus").glob("*.md"))]
    sentences = [part + "。" for text in texts for part in text.split("。") if 10 <= len(part) <= 200]
    while True:
        yield "".join(draw.choices(sentences, k=draw.randint(8, 28)))
