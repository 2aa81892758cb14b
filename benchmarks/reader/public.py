"""How the reader does on the public questions that were held back from its training.

usage: python -m benchmarks.reader.public

CMRC 2018 dev and DRCD dev, each paragraph a document; asked are the questions of every fifth block of paragraphs
(`mine.py`), over all paragraphs. Says how often the first passage is of the right paragraph, how often the sentence
that comes first holds the answer, and how often what would be quoted does, whatever it is called.
"""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.reader.mine import PUBLIC, say, squad
from benchmarks.reader.towns import SHARED, TownQuestion, indexed
from config.settings import load_settings
from retrieval.answering.extent import extent
from retrieval.embedding.engine import open_embedder
from retrieval.ranking.evidence import rank_sentences
from retrieval.reading.engine import open_reader
from retrieval.service import KnowledgeBase


def main() -> None:
    if not SHARED.is_dir():
        say("The public sets do not lie beside the project.")
        return
    embedder, reader = open_embedder(load_settings(), say), open_reader(load_settings(), say)
    for name in PUBLIC:
        with tempfile.TemporaryDirectory() as folder:
            asked = squad(SHARED / "datasets" / f"{name}.json", name, Path(folder))
            held = [question for question in asked if question.town == "held"]
            for how in (reader, None):
                with indexed([Path(folder)], embedder, how) as base:
                    paragraph, sentence, quoted = np.mean([_first(base, question) for question in held], axis=0)
                read = "read" if how else "without a reader"
                say(
                    f"{name}, {len(held)} questions held back, {read}: "
                    f"hit@1 {paragraph:.3f}, right sentence first {sentence:.3f}, quoted {quoted:.3f}"
                )


def _first(base: KnowledgeBase, question: TownQuestion) -> tuple[bool, bool, bool]:
    """Whether the first passage is of the right paragraph, and the first sentence and what is quoted with it
    answer."""
    _, hits = base.search(question.text)
    if not hits:
        return False, False, False
    number, hit = rank_sentences(hits[:1])[0].sentence, hits[0]
    quoted = any(question.is_right(hit, i) for i in extent(hit, number))
    return hit.stored.document.name == question.document, question.is_right(hit, number), quoted


if __name__ == "__main__":
    main()
