"""Wenju beside LangChain with FAISS and txtai (hybrid): indexing, one warm question, many askers, accuracy.

Run by `make bench`. All get the same model files, the same passages and the same questions; they take turns, round by
round, each in a process of its own, and a figure is the ratio to another side in the same round. It takes less than
twenty minutes on two cores; `--long` takes an hour where they have bf16, and hours where not.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.asked_over import cut, prepare
from benchmarks.common.documents import ROOT, source, write_documents
from benchmarks.common.machine import described
from benchmarks.common.plot import bars
from benchmarks.common.ratios import RatioRow
from benchmarks.common.results import write
from config.settings import load_settings
from retrieval.embedding.bundled import bundled_model

_OTHERS = ("langchain", "txtai")
_ROUND = 20
"""Questions that one side answers before it is the next one's turn."""
_ASKERS = 16
_REAL = 1_300
"""Passages of real news where the run is not a long one: as many as are embedded in a minute or two."""


class Worker:
    """A side at work in its process."""

    def __init__(self, name: str, model: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.side_by_side.sides", name, str(model)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def do(self, what: str, **arguments: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:  # what libraries print in between is passed over
            if line.startswith("\x1e"):
                answer: dict[str, Any] = json.loads(line[1:])
                return answer
        sys.exit("A side ended before its time; what it said stands above.")


def main() -> int:
    options = _options()
    settings = load_settings()
    with tempfile.TemporaryDirectory(prefix="wenju-bench-") as name:
        folder = Path(options.keep or name)
        real = min(options.real, options.passages)
        documents = source() + (f", beyond {real:,} passages near-real documents" if real < options.passages else "")
        _say(f"{options.passages:,} passages of {documents}; a first run embeds them, which takes minutes")
        passages, questions = prepare(folder, settings, options.passages, real, options.questions, _say)
        model = bundled_model(settings.cache_dir, _say)
        sides = {side: Worker(side, model) for side in ("wenju", *_OTHERS)}
        results: dict[str, Any] = {"machine": described(), "versions": _versions(), "documents": documents}
        results["passages"] = sum(map(len, passages.values()))
        rows = [*_indexing(sides, folder, options, results), *_asking(sides, folder, questions, options, results)]
        for side in sides.values():
            side.close()
    results["table"] = [row.json() for row in rows]
    for row in rows:
        sys.stdout.write(row.line() + "\n")
    if options.json is not None:
        write(options.json, results)
        options.json.with_suffix(".svg").write_text(plot(results), encoding="utf-8")
    return 0


def plot(results: Mapping[str, Any]) -> str:
    """What one warm question takes on each side."""
    sides = [side for side in ("wenju", *_OTHERS) if side in results]
    percentiles = {f"{side}, {name}": own for side in sides for name, own in results[side]["question_ms"].items()}
    return bars("Milliseconds of a warm question", percentiles)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=20_000, help="passages to ask over")
    parser.add_argument("--real", type=int, default=_REAL, help="those of real news at most: embedding takes longest")
    parser.add_argument("--questions", type=int, default=100, help="questions")
    parser.add_argument("--documents", type=int, default=200, help="documents indexed in a round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of indexing, and of the questions")
    parser.add_argument("--long", action="store_true", help="all passages of real news, and 200 questions: an hour")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was prepared there, and use it again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there, and a plot beside them")
    options = parser.parse_args()
    if options.long:
        parser.set_defaults(real=options.passages, questions=200)
    return parser.parse_args()


# -- rows ------------------------------------------------------------------------------------------------------------


def _indexing(
    sides: Mapping[str, Worker], folder: Path, options: argparse.Namespace, results: dict[str, Any]
) -> list[RatioRow]:
    texts = folder / "indexed"
    write_documents(texts, options.documents)
    given = folder / "indexed.json"
    given.write_text(json.dumps(cut(texts), ensure_ascii=False), encoding="utf-8")
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, side in sides.items():
            seconds[name].append(side.do("add", folder=str(texts), passages=str(given))["seconds"])
            _say(f"  indexing {options.documents} documents, {name}: {seconds[name][-1]:.1f} s")
    results["indexing_seconds"] = seconds
    return [
        RatioRow("indexing, documents/s", name, _ratios(seconds[name], seconds["wenju"]), 2.5, True)
        for name in _OTHERS
    ]


def _asking(
    sides: Mapping[str, Worker],
    folder: Path,
    asked: Sequence[tuple[str, str]],
    options: argparse.Namespace,
    results: dict[str, Any],
) -> list[RatioRow]:
    files = {name: str(folder / f"{name}.{end}") for name, end in (("passages", "json"), ("vectors", "npy"))}
    for name, side in sides.items():
        _say(f"  {name} loads {results['passages']:,} passages")
        side.do("ready", home=str(folder / "home"), **files)
        side.do("ask", questions=[question for question, _ in asked[:_ROUND]])
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for _ in range(options.rounds):
        for start in range(0, len(asked), _ROUND):
            part = [question for question, _ in asked[start : start + _ROUND]]
            for name, side in sides.items():
                rounds[name].append(side.do("ask", questions=part))
    for name, own in rounds.items():
        milliseconds = [duration for turn in own for duration in turn["milliseconds"]]
        found = [names for turn in own for names in turn["found"]][: len(asked)]
        hits = [[answer in names[:k] for names, (_, answer) in zip(found, asked, strict=True)] for k in (1, 5)]
        results[name] = {
            "question_ms": {f"p{p}": round(float(np.percentile(milliseconds, p)), 2) for p in (50, 95)},
            "hit@1": round(float(np.mean(hits[0])), 4),
            "hit@5": round(float(np.mean(hits[1])), 4),
            "rounds_ms": [turn["p50"] for turn in own],
        }
        _say(f"  {name}: { ({key: value for key, value in results[name].items() if key != 'rounds_ms'}) }")
    alone, crowd = [], []
    every = [question for question, _ in asked]
    for _ in range(options.rounds):
        alone.append(sides["wenju"].do("crowd", questions=every, askers=1)["per_second"])
        crowd.append(sides["wenju"].do("crowd", questions=every, askers=_ASKERS)["per_second"])
        _say(f"  wenju, questions/s: one asker {alone[-1]:.0f}, {_ASKERS} askers {crowd[-1]:.0f}")
    results["questions_per_second"] = {"one asker": alone, f"{_ASKERS} askers": crowd}
    warm = [
        RatioRow(
            "one warm question, p50",
            name,
            _ratios(results["wenju"]["rounds_ms"], results[name]["rounds_ms"]),
            limit,
            False,
        )
        for name, limit in zip(_OTHERS, (0.5, 1.0), strict=True)
    ]
    return [*warm, RatioRow(f"{_ASKERS} askers at once, questions/s", "one asker", _ratios(crowd, alone), 1.5, True)]


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(figure / other, 4) for figure, other in zip(ours, theirs, strict=True))


def _versions() -> dict[str, str]:
    names = ("wenju", "langchain-community", "langchain-huggingface", "txtai", "faiss-cpu", "torch", "openvino")
    return {name: metadata.version(name) for name in names}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
