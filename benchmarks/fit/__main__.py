"""Fits what `retrieval/coefficients.json` holds, and says by cross-validation what it is worth: `make fit`.

`evidence` is a softmax over all sentences of the candidates (ListNet, Cao et al. 2007, with the sentences that answer
as the target; half of the loss asks only for a sentence of a passage that holds an answer). `confidence` and
`relevance` are logistic regressions. The questions are the project's own and, where they lie beside it, public ones;
none of them is kept, only coefficients and the curve of the confidence.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from benchmarks.common.fitted import confidence_for
from benchmarks.fit.questions import ANSWERABLE, FitQuestion, gather
from config.settings import load_settings
from retrieval.answering.confidence import confidence_features
from retrieval.coefficients import FILE, coefficients
from retrieval.embedding.engine import open_embedder
from retrieval.features import SentenceFeatures
from retrieval.ranking.evidence import rank_sentences, sentence_texts
from retrieval.types import Hit

Matrix = NDArray[np.float64]

_FOLDS = 5
_L2 = 3e-4
_SET_WEIGHT = {"own": 1.0, "pages": 1.0, "news": 2.0, "cmrc2018_dev": 1.0, "drcd_dev": 1.5}
"""What all questions of a set weigh together when evidence is fitted."""
_ROW_WEIGHT = {"own": 3.0, "pages": 3.0, "cmrc2018_dev": 0.2, "drcd_dev": 0.2, "strangers": 0.3, "rgb": 0.6}
"""What one question of a set weighs when confidence is fitted: town news counts most."""
_KIND_WEIGHT = {"cut": 0.4, "missing_fact": 0.3, "other_topic": 0.5}
_ELSEWHERE = ("other_topic", "chitchat", "foreign")
"""Kinds of questions of which the documents do not speak at all."""
_WEIGHED = 5
"""Hits that the confidence looks at."""
_BINS = 10


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    embedder = open_embedder(load_settings(), say)
    _write({"evidence": dict.fromkeys(SentenceFeatures._fields, 0.0), "confidence": {}, "relevance": {}})
    asked = gather(embedder, say)
    listed = [question for question in asked if question.kind == ANSWERABLE and question.origin in _SET_WEIGHT]
    lists = [_list_of(question) for question in listed]
    weights = _list_weights(listed)
    say("evidence, cross-validated: right passage first, right sentence first")
    _judge_evidence(listed, lists, weights)
    fitted = _fit_evidence(lists, weights)
    evidence = {name: round(float(value), 3) for name, value in zip(SentenceFeatures._fields, fitted, strict=True)}
    _write({"evidence": evidence, "confidence": {}, "relevance": {}})
    rows = _rows(asked)
    found: dict[str, Any] = {"evidence": evidence}
    found["confidence"], predicted = _fit_logistic(
        rows,
        lambda row: bool(row["right"]),
        without=["unsaid"],  # what nobody says cannot make an answer surer
    )
    found["relevance"], near = _fit_logistic(
        rows,
        lambda row: row["kind"] == ANSWERABLE,
        lambda row: row["kind"] in (ANSWERABLE, *_ELSEWHERE),
    )
    found["curve"] = _curve(rows, predicted)
    found["confidence_for"] = confidence_for(found)
    _write(found)
    _judge_outcomes(rows, predicted, near)


# -- evidence ------------------------------------------------------------------------------------------------------


def _list_of(asked: FitQuestion) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Features (sentences, features); for each sentence (right, of a passage that holds an answer); its passage."""
    features, targets, owners = [], [], []
    for number, hit in enumerate(asked.hits):
        holds = asked.holds(hit)
        for row, text in zip(hit.features, sentence_texts(hit.stored), strict=True):
            features.append(row)
            targets.append((asked.right(hit, text), holds))
            owners.append(number)
    return np.array(features, float), np.array(targets, float), np.array(owners)


def _list_weights(listed: Sequence[FitQuestion]) -> Matrix:
    counts: dict[str, int] = defaultdict(int)
    for question in listed:
        counts[question.origin] += 1
    weights = np.array([_SET_WEIGHT[question.origin] / counts[question.origin] for question in listed])
    shares: Matrix = weights / weights.sum()
    return shares


def _fit_evidence(lists: Sequence[tuple[Matrix, Matrix, Any]], weights: Matrix) -> Matrix:
    def loss(values: Matrix) -> tuple[float, Matrix]:
        total, slope = _L2 * float(values @ values), 2 * _L2 * values
        for (features, targets, _), weight in zip(lists, weights, strict=True):
            scores = features @ values
            shares = np.exp(scores - logsumexp(scores))
            for target in targets.T:
                if target.any():
                    among = scores[target > 0]
                    total += weight * 0.5 * float(logsumexp(scores) - logsumexp(among))
                    wanted = np.zeros_like(shares)
                    wanted[target > 0] = np.exp(among - logsumexp(among))
                    slope = slope + weight * 0.5 * ((shares - wanted) @ features)
        return total, slope

    solved: Matrix = minimize(loss, np.zeros(len(SentenceFeatures._fields)), jac=True, method="L-BFGS-B").x
    return solved


def _judge_evidence(
    listed: Sequence[FitQuestion], lists: Sequence[tuple[Matrix, Matrix, Any]], weights: Matrix
) -> None:
    folds = np.random.RandomState(0).permutation(len(lists)) % _FOLDS
    hits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for fold in range(_FOLDS):
        train = [i for i in range(len(lists)) if folds[i] != fold]
        values = _fit_evidence([lists[i] for i in train], weights[train] / weights[train].sum())
        for i in map(int, np.flatnonzero(folds == fold)):
            features, targets, _ = lists[i]
            first = int(np.argmax(features @ values))
            hits[listed[i].origin].append((targets[first, 1], targets[first, 0]))
    for origin, judged in hits.items():
        say(f"  {origin:13} {len(judged):5} questions  {np.mean(judged, 0).round(3)}")


# -- confidence and relevance --------------------------------------------------------------------------------------


def _rows(asked: Sequence[FitQuestion]) -> list[dict[str, Any]]:
    cut = [question.cut() for question in asked if question.kind == ANSWERABLE and question.origin in _ROW_WEIGHT]
    rows = []
    for question in [*asked, *(c for c in cut if c is not None)]:
        # A question about another place is told by the name of the place.
        if question.kind == "other_place" or question.origin not in _ROW_WEIGHT:
            continue
        scored = question.scored()
        hits: Sequence[Hit] = scored.hits[:_WEIGHED]
        if not hits:
            continue
        best = rank_sentences(hits)[0]
        text = sentence_texts(hits[best.hit].stored)[best.sentence]
        right = question.kind == ANSWERABLE and question.right(hits[best.hit], text)
        features = confidence_features(question.question, best, hits)
        weight = _ROW_WEIGHT[question.origin] * _KIND_WEIGHT.get(question.kind, 1.0)
        rows.append(
            {"origin": question.origin, "kind": question.kind, "right": right, "features": features, "weight": weight}
        )
    return rows


def _fit_logistic(
    rows: Sequence[Mapping[str, Any]],
    label: Callable[[Mapping[str, Any]], bool],
    taken: Callable[[Mapping[str, Any]], bool] = bool,
    without: Sequence[str] = (),
) -> tuple[dict[str, float], Matrix]:
    """Coefficients, and for each row the prediction of a model that has not seen it."""
    names = [name for name in rows[0]["features"] if name not in without]
    features = np.array([[row["features"][name] for name in names] for row in rows], float)
    spread = features.std(0)
    spread[spread == 0] = 1
    labels, weights = np.array([label(row) for row in rows]), np.array([row["weight"] for row in rows])
    use = np.array([taken(row) for row in rows])

    def fit(index: NDArray[Any]) -> Matrix:
        model = LogisticRegression(C=1.0, max_iter=5000, fit_intercept=False)
        model.fit(features[index] / spread, labels[index], sample_weight=weights[index])
        values: Matrix = model.coef_[0] / spread
        return values

    folds = np.random.RandomState(0).permutation(len(rows)) % _FOLDS
    predicted = np.zeros(len(rows))
    for fold in range(_FOLDS):
        values = fit(np.flatnonzero(use & (folds != fold)))
        predicted[folds == fold] = 1 / (1 + np.exp(-features[folds == fold] @ values))
    whole = fit(np.flatnonzero(use))
    return {name: round(float(value), 3) for name, value in zip(names, whole, strict=True)}, predicted


def _curve(rows: Sequence[Mapping[str, Any]], predicted: Matrix) -> list[dict[str, float]]:
    """For each tenth of the confidence: how many answerable questions, and the share that was right."""
    answerable = np.array([row["kind"] == ANSWERABLE for row in rows])
    right = np.array([row["right"] for row in rows])
    curve = []
    for low in np.arange(_BINS) / _BINS:
        of_bin = answerable & (predicted >= low) & (predicted < low + 1 / _BINS + (low == 0.9))
        if of_bin.any():
            share = round(float(right[of_bin].mean()), 3)
            curve.append({"from": round(float(low), 1), "questions": int(of_bin.sum()), "right": share})
    return curve


def _judge_outcomes(rows: Sequence[Mapping[str, Any]], predicted: Matrix, near: Matrix) -> None:
    least, near_least = load_settings().answer.thresholds(read=False)
    for origin in ("pages", "own"):
        say(f"{origin}, cross-validated, with the thresholds of the settings:")
        for kind in (ANSWERABLE, "missing_fact", "false_premise", "cut", *_ELSEWHERE):
            of = np.array([row["origin"] == origin and row["kind"] == kind for row in rows])
            if not of.any():
                continue
            lacking = np.array([row["features"]["lacking"] > 0 for row in rows])
            answered = (predicted >= least) & (near >= near_least) & ~lacking
            refused = near < near_least
            right = np.array([row["right"] for row in rows])
            say(
                f"  {kind:13} {of.sum():4}  answered {answered[of].mean():.3f}  "
                f"rightly {(answered & right)[of].mean():.3f}  not_found {refused[of].mean():.3f}"
            )


def _write(found: Mapping[str, Any]) -> None:
    """Write these; what was fitted for the reader stays until `make calibrate-reader`."""
    kept = json.loads(FILE.read_text("utf-8"))
    FILE.write_text(json.dumps(kept | dict(found), indent=1) + "\n", "utf-8")
    coefficients.cache_clear()


if __name__ == "__main__":
    main()
