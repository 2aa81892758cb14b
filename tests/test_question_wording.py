"""What a question says is read in one folder. Everyone else takes `Question`, and asks it for what they need."""

import ast
from collections.abc import Iterator

import pytest

from retrieval.query.asked.wanted import WantedFigure
from retrieval.query.demands import Demands
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from tests.support.source import FILES, ROOT, no, tree

FOLDER = "retrieval/query/"
WORDING = "wording"
HANDED_ON = {
    "as_shown": {"Answer", "not_found"},
    "for_reader": {"read_in_their_words", "read_apart"},
    "for_embedder": {"self._embedded"},
}
"""The same for people and for the models, each with the functions that it may be given to, and to nothing else."""
HOLDERS = {
    "question_text.py": "QuestionText",
    "typed.py": "TypedQuestion",
    "question.py": "Question",
    "demands.py": "Demands",
}
NAMES_OF_TEXTS = {"question", "asked", "wording"}
TAKES_TEXT = {
    "retrieval/query/": "makes questions of texts",
    "retrieval/text/": "what any text is: the room below, of which the patterns over questions are made",
    "retrieval/service.py": "the door",
    "retrieval/asking.py": "what the door hands on, and what the embedding model is given",
    "retrieval/reading/": "what the reader is given",
    "bot/": "what was typed, on its way to the door and back to people",
}
"""Where a question may be a `str`, and why."""
WRITTEN = [*FILES, *sorted((ROOT / "benchmarks").rglob("*.py"))]


def readings(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, attribute) where the text of a question is read."""
    nodes = [*ast.walk(module)]
    handed_on = {
        id(argument)
        for node in nodes
        if isinstance(node, ast.Call)
        for argument in node.args
        if isinstance(argument, ast.Attribute) and ast.unparse(node.func) in HANDED_ON.get(argument.attr, ())
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in {WORDING, *HANDED_ON} and id(node) not in handed_on:
            yield node.lineno, node.attr


def texts(definition: ast.ClassDef) -> Iterator[str]:
    """The fields and properties of a class that are a text, and that others may read."""
    for member in definition.body:
        match member:
            case ast.AnnAssign(ast.Name(name), ast.Name("str")):
                yield name
            case ast.FunctionDef(name=name, returns=ast.Name("str"), decorator_list=[*_]) if name[0] != "_":
                yield name


def parameters(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, name) where a function takes a question as a text."""
    for node in ast.walk(module):
        if isinstance(node, ast.arg) and node.arg in NAMES_OF_TEXTS and node.annotation is not None:
            kinds = ast.unparse(node.annotation).split(" | ")
            yield from ((node.lineno, node.arg) for kind in kinds if kind == "str")


@pytest.mark.parametrize(
    ("source", "attributes"),
    [
        ("def f(question): return fold(question.wording)", ["wording"]),
        ("found.question.wording.startswith(name)", ["wording"]),
        ("fold(checks.demands.for_reader)", ["for_reader"]),
        ("text = question.as_shown", ["as_shown"]),
        ("not_found(question.as_shown.strip(), reason)", ["as_shown"]),
        ("not_found(question.as_shown, reason(question.as_shown))", ["as_shown"]),
        ("Answer(question.for_reader)", ["for_reader"]),
        ("Answer(question.as_shown); read_apart(reader, demands.for_reader, texts)", []),
        ("question.says(words); wording = question.language", []),
    ],
)
def test_the_finder_of_readings_sees_them_wherever_they_stand(source: str, attributes: list[str]) -> None:
    assert [attribute for _, attribute in readings(ast.parse(source))] == attributes


def test_what_a_question_says_is_read_in_one_folder() -> None:
    named = {path: path.relative_to(ROOT).as_posix() for path in WRITTEN}
    no(
        f"{named[path]}:{line} reads {attribute}"
        for path in WRITTEN
        if not named[path].startswith(FOLDER)
        for line, attribute in readings(tree(path))
    )


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(question: str) -> None: ...", ["question"]),
        ("def f(index: Index, *, asked: str | None = None) -> None: ...", ["asked"]),
        ("class A:\n    async def f(self, wording: str) -> str: ...", ["wording"]),
        ("def f(question: Question, asked: Sequence[str], text: str) -> None:\n    wording: str = text", []),
    ],
)
def test_the_finder_of_parameters_sees_them_wherever_they_stand(source: str, names: list[str]) -> None:
    assert [name for _, name in parameters(ast.parse(source))] == names


def test_no_other_folder_takes_a_question_as_a_text() -> None:
    """What is understood once is handed on as what was understood."""
    no(
        f"{name}:{line} takes {parameter} as a text"
        for path in FILES
        if not (name := path.relative_to(ROOT).as_posix()).startswith((*TAKES_TEXT,))
        for line, parameter in parameters(tree(path))
    )


def test_whoever_may_take_a_question_as_a_text_does() -> None:
    taking = {path.relative_to(ROOT).as_posix() for path in FILES if any(parameters(tree(path)))}
    no(f"{place} is named for nothing" for place in TAKES_TEXT if not any(name.startswith(place) for name in taking))


def test_the_finder_of_texts_sees_them() -> None:
    source = (
        "class A:\n    a: str\n    b: int\n    def c(self) -> str: ...\n    def _d(self) -> str: ...\n    e: str = ''"
    )
    assert [*texts(ast.parse(source).body[0])] == ["a", "c", "e"]  # type: ignore[arg-type]


@pytest.mark.parametrize("file", HOLDERS)
def test_a_question_has_no_other_text_to_read(file: str) -> None:
    """Else the rule above would be kept by another name."""
    classes = {node.name: node for node in tree(ROOT / FOLDER / file).body if isinstance(node, ast.ClassDef)}
    assert {*texts(classes[HOLDERS[file]])} <= {WORDING, *HANDED_ON}


def test_the_rules_name_what_there_is() -> None:
    assert issubclass(Question, QuestionText)
    for holder in (QuestionText, Demands, WantedFigure):
        assert WORDING in holder.__annotations__
    assert hasattr(Question, "as_shown") and hasattr(Question, "for_embedder") and hasattr(Demands, "for_reader")
