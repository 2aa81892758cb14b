"""Asks 664 questions over 96 folders of small documents, each indexed alone: people's first try.

usage: python -m benchmarks.cases [--beside FOLDER] [--json FILE] [--verbose] [NAME…]

They were written by people who knew neither the program nor its tests: `files/` on what offices keep (tables, lists,
articles, pages with headers, contents and columns), `asking/` on what people ask (periods, changed rules, whole
lists, the library, names in letters, long stories, false premises), `towns/` and `offices/` on all of that over
papers of villages, schools and clinics, and of county offices. `files/`, `asking/` and half of the folders of the
others were looked at when faults were mended; what is `held`, only ever by its totals.

A trial in case.json has a `question` and what is `expected`: a text (or texts, all of them) that the answer must
hold; REL: nothing may be given as an answer; NF: the same, and not_found is best. right: answered, and all of it is
there; shown: not answered, but the first citation has it; missed: neither; wrong: answered with something else.
"""

import argparse
import json
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from config.settings import Settings, load_settings
from retrieval.embedding.engine import open_embedder
from retrieval.evaluation.questions import squeeze
from retrieval.reading.engine import open_reader
from retrieval.service import KnowledgeBase
from retrieval.types import Answer

FOLDER = Path(__file__).parent
_SETS = ("files", "asking", "towns", "offices")
_LOOKED_AT = ("files", "asking")
_NOTHING, _BEST_NOT_FOUND = "REL", "NF"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", help="of folders; all by default")
    parser.add_argument("--beside", type=Path, help="is indexed with each folder")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--verbose", action="store_true", help="what was not right, of the folders that may be looked at"
    )
    args = parser.parse_args()
    settings = load_settings()
    models = {"embedder": open_embedder(settings, say), "reader": open_reader(settings, say)}
    folders = [path.parent for path in sorted(FOLDER.glob("*/*/case.json"))]
    rows = []
    for folder in folders:
        if args.names and folder.name not in args.names:
            continue
        for trial, answer in asked(folder, settings, models, args.beside):
            verdict = judged(trial["expected"], answer)
            half = half_of(folder)
            own = {"set": folder.parent.name, "case": folder.name, "half": half, "verdict": verdict}
            rows.append({**own, **trial, "status": answer.status})
            rows[-1] |= {"answer": answer.answer, "confidence": round(answer.confidence, 3)}
            if args.verbose and verdict != "right" and half == "seen":
                say(f"{verdict}: {folder.name}: {trial['question']} → {trial['expected']} | {answer.answer}")
    if args.json:
        args.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for name in _SETS:
        for half in ("seen", "held"):
            found = Counter(row["verdict"] for row in rows if (row["set"], row["half"]) == (name, half))
            if not found:
                continue
            shares = ", ".join(f"{verdict} {count / found.total():.3f}" for verdict, count in found.most_common())
            say(f"{name}, {half}: {found.total()} questions: {shares}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def half_of(folder: Path) -> str:
    """Which half a folder belongs to, by its name alone."""
    if folder.parent.name in _LOOKED_AT:
        return "seen"
    return "seen" if zlib.crc32(folder.name.encode()) % 2 else "held"


def asked(
    folder: Path, settings: Settings, models: dict[str, Any], beside: Path | None
) -> Iterator[tuple[dict[str, Any], Answer]]:
    """Each trial with its answer, over the documents of the folder."""
    trials = json.loads((folder / "case.json").read_text("utf-8"))["trials"]
    files = [path for path in sorted(folder.iterdir()) if path.name != "case.json"]
    with tempfile.TemporaryDirectory() as home:
        own = settings.model_copy(update={"home": Path(home)})
        with closing(KnowledgeBase(own, **models)) as base:
            base.add([*files, *([beside] if beside else ())])
            for trial in trials:
                yield trial, base.ask(trial["question"])


def judged(expected: str | list[str], answer: Answer) -> str:
    first = squeeze(answer.citations[0].text) if answer.citations else ""
    if expected in (_NOTHING, _BEST_NOT_FOUND):
        if answer.status == "answered":
            return "wrong"
        return "right" if expected == _NOTHING or answer.status == "not_found" else "shown"
    wanted = [squeeze(text) for text in ([expected] if isinstance(expected, str) else expected)]
    if answer.status == "answered":
        told = squeeze(answer.answer or "")
        if answer.tally is not None and answer.tally.value is not None:
            told += str(answer.tally.value)
        return "right" if all(text in told for text in wanted) else "wrong"
    return "shown" if all(text in first for text in wanted) else "missed"


if __name__ == "__main__":
    main()
