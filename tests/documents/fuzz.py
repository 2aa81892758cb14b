"""`make fuzz`: nasty files and mutations through the real service and the process that reads for it.

Each file has to end in a document or in an error of one line, and the service has to answer afterwards.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings, load_settings
from retrieval.documents.isolation import reader_process
from retrieval.errors import DocumentError
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.service import KnowledgeBase
from retrieval.types import Document
from tests.documents import nasty
from tests.documents.broken import SENTENCE
from tests.support.paper import PaperEmbedder

_QUESTION = "左云县有多少专职网格员"
_KNOWN = "known.txt"
_LATE = 2
"""Seconds after which an answer among nasty files is too late, whatever was read."""


@dataclass(slots=True)
class Tally:
    """What came of the files so far."""

    files: int = 0
    mutations: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    slowest_answer: tuple[float, str] = (0.0, "")

    def took(self, seconds: float, name: str) -> None:
        self.slowest = max(self.slowest, (seconds, name))


def main() -> int:
    options = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    options.add_argument("--seconds", type=float, default=300, help="for the mutations, after the nasty files")
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--limit-seconds", type=float, default=10, help="setting documents.seconds")
    options.add_argument("--limit-megabytes", type=int, default=1024, help="setting documents.memory_megabytes")
    options.add_argument("--families", nargs="*", choices=[*nasty.ON_THE_DISK], default=[*nasty.ON_THE_DISK])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        subprocess.run([sys.executable, "-m", "tests.documents.nasty", str(folder / "nasty")], check=True)
        seconds = {"seconds": chosen.limit_seconds, "ocr_seconds": chosen.limit_seconds}
        limits = {"memory_megabytes": chosen.limit_megabytes, **seconds}
        settings = load_settings(home=folder / "home", documents=limits)
        base = KnowledgeBase(settings, embedder=PaperEmbedder())
        tally = Tally()
        try:
            _add_nasty(base, folder, chosen.families, tally)
            _read_mutations(settings, chosen.seed, chosen.seconds, tally)
            _ask(base, tally, "all")
        finally:
            base.close()
            reader_process.stop()
    for failure in tally.failures:
        print(f"FAILED: {failure}")  # noqa: T201 - what is asked for
    print(_line(tally, chosen.seed, chosen.limit_megabytes))  # noqa: T201
    return 1 if tally.failures else 0


def _add_nasty(base: KnowledgeBase, folder: Path, families: list[str], tally: Tally) -> None:
    known = folder / _KNOWN
    known.write_text(f"左云县的网格员\n\n{SENTENCE}\n", "utf-8")
    base.add([known])
    for family in (folder / "nasty" / name for name in families):
        for path in sorted(family.iterdir()):
            began = time.perf_counter()
            try:
                report = base.add([path])
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                tally.failures.append(f"{path.name}: {type(error).__name__}: {error}")
            else:
                tally.failures.extend(_faults_of(report.failures))
            tally.took(time.perf_counter() - began, path.name)
            tally.files += 1
        _ask(base, tally, family.name)
        print(f"{tally.files} files, slowest {tally.slowest[0]:.1f} s", file=sys.stderr)  # noqa: T201


def _read_mutations(settings: Settings, seed: int, seconds: float, tally: Tally) -> None:
    until = time.monotonic() + seconds
    for number, name, content in _mutations(seed):
        if time.monotonic() >= until:
            return
        began = time.perf_counter()
        try:
            tally.failures.extend(_faults(reader_process.read(Path(name), content, settings.documents), settings))
        except DocumentError as error:
            tally.failures.extend(_faults_of([error]))
        except Exception as error:  # noqa: BLE001
            tally.failures.append(f"mutation {number} of {name}: {type(error).__name__}: {error}")
        tally.took(time.perf_counter() - began, f"mutation {number} of {name}")
        tally.mutations += 1


def _mutations(seed: int) -> Iterator[tuple[int, str, bytes]]:
    """The same ones for a seed: (number, name, content)."""
    seeds = nasty.seeds()
    number = 0
    while True:
        chance = random.Random(f"{seed} {number}")
        name, content = chance.choice(seeds if chance.random() < 0.4 else seeds[:7])
        yield number, name, nasty.mutated(chance, content, chance.choice(seeds)[1])
        number += 1


def _ask(base: KnowledgeBase, tally: Tally, family: str) -> None:
    began = time.perf_counter()
    answer = base.ask(_QUESTION)
    seconds = time.perf_counter() - began
    tally.slowest_answer = max(tally.slowest_answer, (seconds, family))
    if not any(citation.document == _KNOWN or SENTENCE[:10] in citation.text for citation in answer.citations):
        tally.failures.append(f"after {family}: the question was not answered")
    if seconds > _LATE:
        tally.failures.append(f"after {family}: the answer took {seconds:.1f} s")


def _faults(document: Document, settings: Settings) -> Iterator[str]:
    """What is wrong with a document that was read, and cut as the service cuts it."""
    sentences = sentences_of(document, settings.passages.size)
    passages = passages_of(document, "0" * 16, sentences, settings.passages)
    quoted = [span for passage in passages for span in passage.spans]
    if not passages or any(not 0 <= start < end <= len(document.text) for start, end in quoted):
        yield f"{document.path}: passages that are no part of it"


def _faults_of(errors: list[DocumentError]) -> Iterator[str]:
    for error in errors:
        if "\n" in str(error) or not error.reason.isprintable() or len(error.reason) > 400:
            yield f"{error.path.name}: an error that is no line: {error.reason!r}"


def _line(tally: Tally, seed: int, limit: int) -> str:
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    service = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return (
        f"fuzz: {tally.files} nasty files and {tally.mutations:,} mutations, "
        f"{len(tally.failures)} crashes of the service, "
        f"memory of the reader at most {reader} MB (limit {limit}), of the service at most {service} MB, "
        f"slowest {tally.slowest[0]:.1f} s ({tally.slowest[1]}), slowest answer {tally.slowest_answer[0]:.2f} s, "
        f"seed {seed}"
    )


if __name__ == "__main__":
    sys.exit(main())
