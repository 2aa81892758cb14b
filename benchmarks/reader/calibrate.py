"""Fits how sure Wenju is of what was read, on documents that the reader was not trained on, and says by
cross-validation what that is worth.

usage: python -m benchmarks.reader.calibrate

Each question is asked over all documents of its town, and over its own alone: people begin with one file, where a
sentence has few rivals. `reading` is the weight of the reader's log odds beside evidence; `certainty` and `told` are
logistic regressions; `reading_curve` holds how often answers of like certainty were right. All go into
`retrieval/coefficients.json`.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.common.fitted import certainty_for
from benchmarks.reader.towns import TownQuestion, indexed, questions_of, town_folders
from config.settings import load_settings
from retrieval.answering.certainty import certainty_features
from retrieval.answering.extent import extent
from retrieval.coefficients import FILE, coefficients
from retrieval.embedding.base import Embedder
from retrieval.embedding.engine import open_embedder
from retrieval.query.question import Question
from retrieval.ranking.evidence import rank_sentences
from retrieval.reading.base import Reader
from retrieval.reading.engine import open_reader
from retrieval.service import KnowledgeBase, Scope
from retrieval.types import Hit

_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0)
_AS_GOOD = 0.01
_CITED = 5
_ELSEWHERE = ("other_topic", "chitchat", "stranger")
_OF_READING = ("logit", "squared", "margin", "lead", "rivals")
_REGULARISATION = 0.1
"""The inverse strength, of features scaled to spread 1. From 0.03 to 0.3 predictions on other documents are better
than at 1.0, the more so the further the documents lie from those that were fitted on."""
_STRANGERS = 3
"""Every so many questions of another town are asked as well: nothing speaks of them."""
_BINS = 10
WANTED = 0.9

Matrix = NDArray[np.float64]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class ReadQuestion:
    """A question with its hits as they were read."""

    asked: TownQuestion
    kind: str
    documents: str
    question: Question
    hits: Sequence[Hit]
    is_alone: bool = False


def main() -> None:
    embedder, reader = open_embedder(load_settings(), say), open_reader(load_settings(), say)
    assert reader is not None
    coefficients.cache_clear()
    towns = range(len(town_folders("calib")))
    rows = [row for number in towns for row in gather(number, embedder, reader)]
    weight = _best_weight(rows)
    found = json.loads(FILE.read_text("utf-8"))
    if found["reading"]["logit"] != weight:
        found["reading"]["logit"] = weight
        _write(found)
        rows = [row for number in towns for row in gather(number, embedder, reader)]
    features = [
        certainty_features(row.question, rank_sentences(row.hits[:_CITED])[0], row.hits[:_CITED]) for row in rows
    ]
    right = np.array([is_right(row) for row in rows])
    passed = np.array([_passes(row) for row in rows])
    town = np.array([row.documents for row in rows])
    own = np.array([row.kind != "stranger" for row in rows])
    found["certainty"], sure = _fit(features, right, passed & own, town)
    told = np.array([row.kind not in _ELSEWHERE for row in rows])
    # One document alone speaks of hardly any other matter: what tells the two apart is seen over all of them.
    counted = np.array([row.kind != "other_place" and not row.is_alone for row in rows])
    # Where nothing answers, how likely the best sentence seemed says nothing of whether the matter is told of.
    around = [{name: value for name, value in row.items() if name not in _OF_READING} for row in features]
    found["told"], rest = _fit(around, told, counted & ~right, town)
    near = sure + (1 - sure) * rest
    found["reading_curve"] = _curve(sure[passed & own], right[passed & own])
    found["certainty_for"] = certainty_for(found)
    _write(found)
    answerable = np.array([row.kind == "answerable" for row in rows])
    say(
        f"{len(rows)} questions, {answerable.sum()} answerable, of {len(set(town))} towns; weight of reading {weight}"
    )
    for threshold in (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        shown = passed & own & (sure >= threshold)
        say(
            f"  certainty {threshold:.2f}: shown {shown.sum():4}, of these right {right[shown].mean():.3f}; "
            f"right, of the answerable {(right & shown)[answerable].mean():.3f}"
        )
    for threshold in (0.3, 0.5, 0.6, 0.7, 0.8):
        kept = near >= threshold
        say(
            f"  told {threshold:.1f}: kept {kept[answerable].mean():.3f}, "
            f"elsewhere refused {(~kept)[~told & counted].mean():.3f}"
        )


def gather(number: int, embedder: Embedder, reader: Reader) -> list[ReadQuestion]:
    folders = town_folders("calib")
    own, other = folders[number], folders[number - 1]
    strangers = [asked for asked in list(questions_of(other))[::_STRANGERS] if asked.why is None]
    with indexed([own], embedder, reader) as base:
        rows = [
            ReadQuestion(asked, asked.why or "answerable", own.name, *base.search(asked.text))
            for asked in questions_of(own)
        ]
        rows += [
            ReadQuestion(asked, asked.why or "answerable", own.name, *base.search(asked.text, scope=scope), True)
            for asked in questions_of(own)
            if (scope := _alone(base, asked)) is not None
        ]
        rows += [ReadQuestion(asked, "stranger", own.name, *base.search(asked.text)) for asked in strangers]
    return [row for row in rows if row.hits]


def _alone(base: KnowledgeBase, asked: TownQuestion) -> Scope | None:
    """The document that answers, or else the one that comes nearest."""
    own = [str(record.path) for record in base.documents() if record.path.name == asked.document]
    nearest = [str(hit.stored.document.path) for hit in base.search(asked.text, read=False)[1][:1]] if not own else []
    return Scope(documents=tuple((own or nearest)[:1])) if own or nearest else None


def is_right(row: ReadQuestion) -> bool:
    """Whether what would be quoted answers."""
    best = rank_sentences(row.hits[:_CITED])[0]
    hit = row.hits[best.hit]
    return row.kind == "answerable" and any(row.asked.is_right(hit, i) for i in extent(hit, best.sentence))


def _passes(row: ReadQuestion) -> bool:
    best = rank_sentences(row.hits[:_CITED])[0]
    reading = row.hits[best.hit].readings.get(best.sentence)
    return reading is not None and reading.objection is None


def _best_weight(rows: Sequence[ReadQuestion]) -> float:
    """The weight of the log odds with which the right sentence comes first most often, among those that were read. Of
    weights that are about as good the smallest: evidence knows what the reader has not learned."""
    present = coefficients("reading")["logit"]

    def first(row: ReadQuestion, weight: float) -> bool:
        read = [
            (hit.sentence_scores[i] + (weight - present) * reading.logit, number, i)
            for number, hit in enumerate(row.hits)
            for i, reading in hit.readings.items()
        ]
        _, number, i = max(read)
        return row.asked.is_right(row.hits[number], i)

    answerable = [row for row in rows if row.kind == "answerable" and any(hit.readings for hit in row.hits)]
    shares = {weight: float(np.mean([first(row, weight) for row in answerable])) for weight in _WEIGHTS}
    say("right sentence first, by weight of reading: " + ", ".join(f"{w}: {s:.3f}" for w, s in shares.items()))
    return min(weight for weight, share in shares.items() if share >= max(shares.values()) - _AS_GOOD)


def _fit(
    features: Sequence[dict[str, float]], label: Matrix, use: Matrix, town: NDArray[np.str_]
) -> tuple[dict[str, float], Matrix]:
    """Coefficients, and for each row the prediction of a fit that has not seen its documents."""
    names = list(features[0])
    matrix = np.array([[row[name] for name in names] for row in features])
    spread = matrix.std(0)
    spread[spread == 0] = 1

    def fit(index: NDArray[Any]) -> Matrix:
        model = LogisticRegression(C=_REGULARISATION, max_iter=5000, fit_intercept=False)
        model.fit(matrix[index] / spread, label[index])
        values: Matrix = model.coef_[0] / spread
        return values

    predicted = np.zeros(len(features))
    for held in set(town):
        values = fit(np.flatnonzero(use & (town != held)))
        predicted[town == held] = 1 / (1 + np.exp(-matrix[town == held] @ values))
    whole = fit(np.flatnonzero(use))
    return {name: round(float(value), 3) for name, value in zip(names, whole, strict=True)}, predicted


def _curve(predicted: Matrix, right: Matrix) -> list[dict[str, float]]:
    curve = []
    for low in np.arange(_BINS) / _BINS:
        of_bin = (predicted >= low) & (predicted < low + 1 / _BINS + (low == 0.9))
        if of_bin.any():
            share = round(float(right[of_bin].mean()), 3)
            curve.append({"from": round(float(low), 1), "questions": int(of_bin.sum()), "right": share})
    return curve


def _write(found: dict[str, Any]) -> None:
    FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    coefficients.cache_clear()


if __name__ == "__main__":
    main()
