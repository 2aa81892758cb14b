"""Questions with and without an answer to fit on: the project's own, and public ones where they lie beside it."""

import gzip
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.features import Closeness
from retrieval.query.question import Question
from retrieval.ranking.evidence import features_of, scores_of, sentence_spans, sentence_texts
from retrieval.service import KnowledgeBase
from retrieval.types import Hit

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CANDIDATES = 20
ANSWERABLE = "answerable"
_SQUAD = 1_600
"""Questions taken of each SQuAD set, drawn with a fixed seed."""
_WITHOUT = 300
_STRANGERS = 150
_NEWS = 2_000
"""Articles of real news that stand beside the documents when their questions are asked again."""
_FOREIGN = (
    "Who won the world championship in chess?",
    "How do I renew my passport?",
    "What is the boiling point of water at high altitude?",
    "Which airline flies from Paris to Rome?",
    "How many players are in a rugby team?",
    "When does the next train to London leave?",
    "What time is it in New York?",
    "Why is the sky blue?",
    "Where can I buy a second-hand bicycle?",
    "How much does a kilo of coffee cost in Brazil?",
    "Кто написал роман «Война и мир»?",
    "Сколько стоит билет на поезд до Казани?",
    "Какая погода будет завтра в Сочи?",
    "Где находится самая высокая гора Африки?",
    "Когда откроется новый стадион в Мадриде?",
    "富士山の高さは何メートルですか",
    "東京から大阪まで新幹線で何時間かかりますか",
)
"""In other languages, about what none of the documents speaks of."""


@dataclass(frozen=True)
class FitQuestion:
    """A question with its candidates, best first. `kind` is `answerable`, or why it has no answer; for answerable
    ones `right` says of a hit and a sentence whether it answers, and `holds` of a hit whether it holds an answer."""

    origin: str
    kind: str
    question: Question
    hits: Sequence[Hit]
    answers: Sequence[str] = ()
    document: str | None = None
    evidence: Sequence[str] = field(default=())

    def holds(self, hit: Hit) -> bool:
        return self._is_document(hit) and holds_any(self.answers, hit.stored.text)

    def right(self, hit: Hit, sentence: str) -> bool:
        near = not self.evidence or any(shares_bigrams(sentence, evidence) for evidence in self.evidence)
        return self._is_document(hit) and holds_any(self.answers, sentence) and near

    def _is_document(self, hit: Hit) -> bool:
        return self.document is None or hit.stored.document.name == self.document

    def cut(self) -> "FitQuestion | None":
        """The same question when no passage states the answer: without the sentences that hold one."""
        kept = [hit for hit in (_without(self.question, hit, self.answers) for hit in self.hits) if hit]
        return replace(self, kind="cut", hits=kept) if kept else None

    def scored(self) -> "FitQuestion":
        """With the scores of the present coefficients."""
        hits = [replace(hit, sentence_scores=scores_of(hit.features)) for hit in self.hits]
        return replace(self, hits=sorted(hits, key=lambda hit: -hit.score))


def gather(embedder: Embedder, say: Callable[[str], None]) -> list[FitQuestion]:
    """All questions of all sets that are at hand."""
    sets = [("own", ROOT / "data" / "corpus", ROOT / "data" / "questions.jsonl")]
    if SHARED.is_dir():
        sets += [
            ("pages", SHARED / "corpus", SHARED / "questions" / f"{n}.jsonl") for n in ("answerable", "unanswerable")
        ]
    found: list[FitQuestion] = []
    for origin, corpus, questions in sets:
        with _index(embedder, [corpus]) as base:
            found += [FitQuestion(origin, "foreign", *base.search(text)) for text in _FOREIGN]
            found += [_own(origin, base, row) for row in _lines(questions)]
    if not SHARED.is_dir():
        return found
    say("news: indexing and asking")
    found += _among_news(embedder, sets)
    strangers = []
    for name in ("cmrc2018_dev", "drcd_dev"):
        say(f"{name}: indexing and asking")
        with tempfile.TemporaryDirectory() as folder:
            items = _squad(SHARED / "datasets" / f"{name}.json", Path(folder))
            with _index(embedder, [Path(folder)]) as base:
                for number, (document, text, answers) in enumerate(items[:_SQUAD]):
                    question, hits = base.search(text)
                    found.append(FitQuestion(name, ANSWERABLE, question, hits, answers, document))
                    if number < _WITHOUT:
                        others = [hit for hit in hits if hit.stored.document.name != document]
                        found.append(FitQuestion(name, "missing_fact", question, others))
        strangers += [text for _, text, _ in items[_SQUAD : _SQUAD + _STRANGERS]]
    say("rgb: indexing and asking")
    rows = list(_lines(SHARED / "datasets" / "rgb_zh_refine.json"))
    found += _rgb(embedder, rows)
    with _index(embedder, [SHARED / "corpus"]) as base:
        for text in [*strangers, *(row["query"] for row in rows[:_STRANGERS])]:
            found.append(FitQuestion("strangers", "other_topic", *base.search(text)))
    return found


def _among_news(embedder: Embedder, sets: Sequence[tuple[str, Path, Path]]) -> Iterator[FitQuestion]:
    """The answerable questions again, where the passages that answer stand among many others."""
    with tempfile.TemporaryDirectory() as folder:
        with gzip.open(SHARED / "datasets" / "news" / "part-01.txt.gz", "rt", encoding="utf-8") as lines:
            for number, line in zip(range(_NEWS), lines, strict=False):
                Path(folder, f"news-{number}.txt").write_text(line, "utf-8")
        with _index(embedder, [*dict.fromkeys(corpus for _, corpus, _ in sets), Path(folder)]) as base:
            for row in (row for _, _, questions in sets for row in _lines(questions)):
                if "why" not in row:
                    yield _own("news", base, row)


def _own(origin: str, base: KnowledgeBase, row: dict[str, Any]) -> FitQuestion:
    question, hits = base.search(row["question"])
    if "why" in row:
        return FitQuestion(origin, row["why"], question, hits)
    evidence = [row[key] for key in ("evidence", "evidence2") if key in row]
    return FitQuestion(origin, ANSWERABLE, question, hits, row["answers"], row["doc"], evidence)


def _rgb(embedder: Embedder, rows: Sequence[dict[str, Any]]) -> Iterator[FitQuestion]:
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            for sort in ("positive", "negative"):
                for i, text in enumerate(row[sort][:6]):
                    Path(folder, f"{row['id']:04}-{sort}-{i}.txt").write_text(text, "utf-8")
        with _index(embedder, [Path(folder)]) as base:
            for row in rows:
                question, hits = base.search(row["query"])
                answers = [
                    spelling for part in row["answer"] for spelling in (part if isinstance(part, list) else [part])
                ]
                if row["id"] % 2:
                    yield FitQuestion("rgb", ANSWERABLE, question, hits, answers)
                    continue
                own = f"{row['id']:04}-positive"
                others = [hit for hit in hits if not hit.stored.document.name.startswith(own)]
                if not any(holds_any(answers, hit.stored.text) for hit in others):
                    yield FitQuestion("rgb", "missing_fact", question, others)


def _squad(file: Path, folder: Path) -> list[tuple[str, str, list[str]]]:
    items = []
    paragraphs = [p for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]]
    for number, paragraph in enumerate(paragraphs):
        name = f"{number:05}.txt"
        (folder / name).write_text(paragraph["context"], "utf-8")
        items += [(name, qa["question"], [answer["text"] for answer in qa["answers"]]) for qa in paragraph["qas"]]
    random.Random(1).shuffle(items)
    return items


@contextmanager
def _index(embedder: Embedder, paths: Sequence[Path]) -> Iterator[KnowledgeBase]:
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(home=Path(home), reader="none")
        wider = settings.search.model_copy(update={"top_k": CANDIDATES})
        base = KnowledgeBase(settings.model_copy(update={"search": wider}), embedder=embedder)
        with closing(base):
            base.add(paths)
            yield base


def _without(question: Question, hit: Hit, answers: Sequence[str]) -> Hit | None:
    texts = sentence_texts(hit.stored)
    kept = [i for i, text in enumerate(texts) if not holds_any(answers, text)]
    if not kept:
        return None
    spans = sentence_spans(hit.stored)
    text = "".join(hit.stored.text[slice(*spans[i])] for i in kept)
    stored = replace(hit.stored, text=text, sentences=tuple(hit.stored.sentences[i] for i in kept))
    cosines = tuple(hit.sentence_cosines[i] for i in kept)
    closeness = Closeness(*(getattr(hit.features[0], name) for name in Closeness._fields))
    (features,) = features_of(question, [stored], [closeness], [cosines])
    return replace(
        hit, stored=stored, sentence_cosines=cosines, features=tuple(features), sentence_scores=scores_of(features)
    )


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip())


def holds_any(answers: Sequence[str], text: str) -> bool:
    squeezed = _squeeze(text)
    return any(_squeeze(answer) in squeezed for answer in answers)


def shares_bigrams(sentence: str, evidence: str) -> bool:
    """Whether the sentence holds three in ten of the evidence's bigrams."""
    wanted = _bigrams(evidence)
    return len(wanted & _bigrams(sentence)) >= 0.3 * len(wanted)


def _bigrams(text: str) -> set[str]:
    squeezed = _squeeze(text)
    return {squeezed[i : i + 2] for i in range(len(squeezed) - 1)}


def _squeeze(text: str) -> str:
    return "".join(text.split())
