"""Sets of questions whose answers are known: Wenju's own JSON Lines, SQuAD, and RGB."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from retrieval.documents.decode import UndecodableError, decode
from retrieval.errors import EvaluationError, QuestionError
from retrieval.evaluation.questions import DECLINE, NOT_ANSWER, LabelledQuestion, squeeze
from retrieval.frozen_dict import freeze
from retrieval.query.message.checked import checked_question
from retrieval.text.sentences import split_sentences
from retrieval.types import Span

PARAGRAPH, ARTICLE = "paragraph", "article"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, and by file name the texts that come with them; `texts` is empty where the questions are about
    documents that lie elsewhere."""

    questions: tuple[LabelledQuestion, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self, "texts")

    @property
    def names_documents(self) -> bool:
        """Whether the questions are about files that the set does not bring with it."""
        return not self.texts


def load(paths: Sequence[Path], by: str | None = None) -> list[QuestionSet]:
    """The sets of the files; ids are made different where two questions have the same.

    `by` says what is one document of a SQuAD file (a paragraph where it is None). Raises EvaluationError with the
    place of what is wrong.
    """
    names: set[str] = set()
    loaded = []
    for path in paths:
        stem, number = path.name.removesuffix(path.suffix), 1
        while (name := stem if number == 1 else f"{stem}~{number}") in names:
            number += 1
        names.add(name)
        loaded.append(_load(path, name, by))
    return _with_own_ids(loaded)


def _with_own_ids(sets: Sequence[QuestionSet]) -> list[QuestionSet]:
    seen: set[str] = set()

    def own(question: LabelledQuestion) -> LabelledQuestion:
        name, number = question.id, 1
        while name in seen:
            number += 1
            name = f"{question.id}#{number}"
        seen.add(name)
        return replace(question, id=name)

    return [replace(question_set, questions=tuple(map(own, question_set.questions))) for question_set in sets]


def _load(path: Path, name: str, by: str | None) -> QuestionSet:
    text = _read(path)
    whole = _parse(text)
    if isinstance(whole, dict) and isinstance(whole.get("data"), list):
        return _squad(path, name, whole["data"], by or PARAGRAPH)
    if by is not None:
        raise EvaluationError(
            f"What answers are counted by is said of SQuAD files, and {path} is none.", "leave_out_by", path=path
        )
    rows = list(_rows(path, text))
    if all("positive" in row and "query" in row for _, row in rows):
        return _rgb(name, rows)
    if all("question" in row for _, row in rows):
        return QuestionSet(tuple(_own(place, row) for place, row in rows))
    raise EvaluationError(
        f"{path} is in no known form: JSON Lines with a `question` each (as data/questions.jsonl), SQuAD "
        "(one object with `data`), or RGB (JSON Lines with `query` and `positive`)."
    )


def _read(path: Path) -> str:
    try:
        text = decode(path.read_bytes())
    except (OSError, UndecodableError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise EvaluationError(f"{path} cannot be read: {reason}. Name a file of questions.") from error
    if not text.strip():
        raise EvaluationError(f"{path} is empty. Name a file with questions in it.")
    return text


def _parse(text: str) -> Any:
    """The text as one JSON value, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The object of each line with its place, FILE:LINE."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        row = _parse(line)
        if not isinstance(row, dict):
            found = "is not JSON" if row is None else "is not a JSON object"
            raise EvaluationError(
                f"{path}:{number} {found}. Give JSON Lines (one a line) or a SQuAD file (one object with `data`)."
            )
        yield f"{path}:{number}", row


def _own(place: str, row: dict[str, Any]) -> LabelledQuestion:
    text, name = _asked(place, row["question"]), str(row.get("id") or place)
    after = tuple(_asked(place, turn) for turn in _strings(place, "after", row.get("after", [])))
    if "why" in row:
        if row["why"] not in (*DECLINE, *NOT_ANSWER):
            raise EvaluationError(f"{place}: `why` is none of {', '.join((*DECLINE, *NOT_ANSWER))}.")
        return LabelledQuestion(name, text, str(row.get("difficulty") or row["why"]), why=row["why"], after=after)
    if "told" in row:
        return replace(_told(place, name, text, row), after=after)
    if not row.get("answers") or not row.get("doc"):
        raise EvaluationError(
            f"{place}: {text} has no `answers` or no `doc` (a file name). Add them, or `why` where it has no answer."
        )
    answers = _strings(place, "answers", row["answers"])
    (document,) = _strings(place, "doc", [row["doc"]])
    evidence = _strings(place, "evidence", [row[key] for key in ("evidence", "evidence2") if row.get(key)])
    kind = str(row.get("difficulty") or "answerable")
    groups = tuple((answer,) for answer in answers) if kind == "multi" else (answers,)
    return LabelledQuestion(name, text, kind, groups, document, evidence=evidence, after=after)


def _told(place: str, name: str, text: str, row: dict[str, Any]) -> LabelledQuestion:
    """A question whose answer must tell something, in whatever form it has."""
    if not isinstance(row["told"], list) or not row["told"]:
        raise EvaluationError(f"{place}: `told` must be a list of texts, or of lists of spellings.")
    told = tuple(_strings(place, "told", part if isinstance(part, list) else [part]) for part in row["told"])
    not_told = _strings(place, "not_told", row.get("not_told", []))
    (document,) = _strings(place, "doc", [row["doc"]]) if "doc" in row else (None,)
    kind = str(row.get("difficulty") or "answerable")
    return LabelledQuestion(name, text, kind, document=document, told=told, not_told=not_told)


def _asked(place: str, question: object) -> str:
    (text,) = _strings(place, "question", [question])
    try:
        return checked_question(text)
    except QuestionError as error:
        raise EvaluationError(f"{place} cannot be asked: {error}") from error


def _strings(place: str, name: str, values: object) -> tuple[str, ...]:
    """The values, checked to be strings that say something."""
    if not isinstance(values, list) or not all(isinstance(value, str) and squeeze(value) for value in values):
        raise EvaluationError(f"{place}: `{name}` must be text, or a list of texts, none of them empty.")
    return tuple(values)


def _clean(text: str) -> str:
    """As it will be read from a file, so that offsets agree."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _squad(path: Path, name: str, articles: Sequence[Any], by: str) -> QuestionSet:
    """The form of SQuAD (Rajpurkar et al., 2016), and of 2.0 (2018), where a question may have no answer."""
    texts: dict[str, str] = {}
    questions: list[LabelledQuestion] = []
    for article in articles:
        paragraphs = _list_of(path, article, "paragraphs")
        for paragraph in paragraphs:
            context = _clean(_strings(str(path), "context", [_get(path, paragraph, "context")])[0])
            if by == PARAGRAPH or paragraph is paragraphs[0]:
                document = f"{name}-{len(texts) + 1:05}.txt"
                texts[document] = ""
            before = texts[document] + ("\n\n" if texts[document] else "")
            texts[document] = before + context
            span = (len(before), len(texts[document]))
            make = _squad_question(path, name, context, document, span)
            questions.extend(map(make, _list_of(path, paragraph, "qas")))
    if not questions:
        raise EvaluationError(f"{path} has no questions in it. Name a SQuAD file with `qas`.")
    return QuestionSet(tuple(questions), texts)


def _squad_question(
    path: Path, name: str, context: str, document: str, span: Span
) -> Callable[[Any], LabelledQuestion]:
    sentences = split_sentences(context)

    def make(row: Any) -> LabelledQuestion:
        place = f"{path}, question {row.get('id') if isinstance(row, dict) else row}"
        text = _asked(place, _get(path, row, "question"))
        if row.get("is_impossible"):  # the paragraph is about it and does not say it
            return LabelledQuestion(str(row.get("id") or place), text, NOT_ANSWER[0], why=NOT_ANSWER[0])
        found = _list_of(path, row, "answers")
        if not found:
            raise EvaluationError(f"{place} has no answers. Add them, or leave the question out.")
        answers = _strings(place, "answers", [_get(path, answer, "text") for answer in found])
        starts = {answer["answer_start"] for answer in found if isinstance(answer.get("answer_start"), int)}
        evidence = tuple(context[a:b] for a, b in sentences if any(a <= start < b for start in starts))
        spellings = tuple(dict.fromkeys(answers))
        return LabelledQuestion(str(row.get("id") or place), text, name, (spellings,), document, span, evidence)

    return make


def _get(path: Path, row: Any, key: str) -> Any:
    if not isinstance(row, dict) or key not in row:
        raise EvaluationError(
            f"{path} looks like SQuAD, but a part of it lacks `{key}`. Compare it with the form of SQuAD."
        )
    return row[key]


def _list_of(path: Path, row: Any, key: str) -> list[Any]:
    value = _get(path, row, key)
    if not isinstance(value, list):
        raise EvaluationError(f"{path} looks like SQuAD, but `{key}` is no list somewhere in it.")
    return value


def _rgb(name: str, rows: Sequence[tuple[str, dict[str, Any]]]) -> QuestionSet:
    """Chen et al., Benchmarking Large Language Models in Retrieval-Augmented Generation (2023). `answer` lists what
    has to be told, each a text or a list of its spellings."""
    texts: dict[str, None] = {}  # once each: questions share some
    questions = []
    for place, row in rows:
        for key in ("positive", "negative"):
            texts.update(dict.fromkeys(map(_clean, _strings(place, key, row.get(key, [])))))
        groups = row.get("answer")
        if not isinstance(groups, list) or not groups:
            raise EvaluationError(f"{place} has no `answer`. Add a list of texts, or leave the question out.")
        answers = tuple(_strings(place, "answer", group if isinstance(group, list) else [group]) for group in groups)
        questions.append(LabelledQuestion(str(row.get("id", place)), _asked(place, row["query"]), name, answers))
    return QuestionSet(tuple(questions), {f"{name}-{n:05}.txt": text for n, text in enumerate(texts, start=1)})
