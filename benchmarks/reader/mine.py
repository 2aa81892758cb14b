"""Mines what the reader is trained on: for each question the sentences that Wenju itself proposes, right and wrong.

usage: python -m benchmarks.reader.mine [--proposed 24]

The wrong ones are its hard negatives: what evidence ranks high, the traps that were written with the question, and
the same thing of another place or year, since all towns are indexed together. Writes build/reader/towns.jsonl, and
public.jsonl where the public sets lie beside the project.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.fit.questions import holds_any
from benchmarks.reader.towns import SHARED, WORK, Group, TownQuestion, indexed, questions_of, town_folders
from config.settings import load_settings
from retrieval.answering.choose import proposals
from retrieval.embedding.engine import open_embedder
from retrieval.ranking.evidence import sentence_texts
from retrieval.reading.inputs import sentence_input
from retrieval.service import KnowledgeBase
from retrieval.text.sentences import split_sentences

PUBLIC = ("cmrc2018_dev", "drcd_dev")
HELD_BACK = 5
"""Of the public paragraphs every fifth block of ten is held back: neighbours are of one article."""
_BLOCK = 10
PUBLIC_PROPOSED = 16


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--proposed", type=int, default=24, help="sentences a question")
    count = parser.parse_args().proposed
    embedder = open_embedder(load_settings(), say)
    WORK.mkdir(parents=True, exist_ok=True)
    folders = town_folders("train")
    with indexed(folders, embedder) as base:
        write(
            WORK / "towns.jsonl", (group for f in folders for group in groups_of(base, list(questions_of(f)), count))
        )
    if not SHARED.is_dir():
        say("The public sets do not lie beside the project: the towns alone are trained on.")
        return
    with (WORK / "public.jsonl").open("w", encoding="utf-8") as file:
        for name in PUBLIC:
            with tempfile.TemporaryDirectory() as folder:
                asked = squad(SHARED / "datasets" / f"{name}.json", name, Path(folder))
                with indexed([Path(folder)], embedder) as base:
                    for group in groups_of(base, asked, PUBLIC_PROPOSED):
                        file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            say(f"{name}: {len(asked)} questions")


def write(path: Path, groups: Iterator[Group]) -> None:
    with path.open("w", encoding="utf-8") as file:
        written = 0
        for group in groups:
            file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            written += 1
    say(f"{path.name}: {written} questions")


def groups_of(base: KnowledgeBase, questions: Sequence[TownQuestion], count: int) -> Iterator[Group]:
    """Each question with the sentences that are proposed for it."""
    for question in questions:
        understood, hits = base.search(question.text, read=False)
        chosen = proposals(hits, count)
        raw = [sentence_texts(hits[h].stored)[i] for h, i in chosen]
        yield Group(
            question.id,
            question.text,
            question.town,
            question.why,
            [sentence_input(hits[h].stored, i, understood.terms) for h, i in chosen],
            [question.is_right(hits[h], i) for h, i in chosen],
            [holds_any(question.answers, text) for text in raw],
            [question.is_trap(text) for text in raw],
            question.answers,
        )


def squad(file: Path, name: str, folder: Path) -> list[TownQuestion]:
    """The questions of a SQuAD file, each paragraph written as a document; the town is `held` for those held back."""
    paragraphs = [p for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]]
    found = []
    for number, paragraph in enumerate(paragraphs):
        document, text = f"{number:05}.txt", paragraph["context"]
        (folder / document).write_text(text, "utf-8")
        town = "held" if number // _BLOCK % HELD_BACK == 0 else name
        for qa in paragraph["qas"]:
            start = qa["answers"][0]["answer_start"]
            evidence = [text[a:b] for a, b in split_sentences(text) if a <= start < b]
            answers = [answer["text"] for answer in qa["answers"]]
            found.append(
                TownQuestion(f"{name}:{qa['id']}", qa["question"], town, None, answers, document, evidence or answers)
            )
    return found


if __name__ == "__main__":
    main()
