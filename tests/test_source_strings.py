"""The rules of the house for what stands in strings: each list of words once, no sentence for people and no option of
the command line below `bot/`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.next_steps import AT_THE_COMMAND_LINE
from config.formats import SUFFIXES
from retrieval.documents import load
from retrieval.errors import ADVICE, NextStep
from retrieval.text.lexicon import COUNTED, PLACES
from tests.support.source import NAMES, ROOT, no, strings, tree

LEXICON = "retrieval/text/lexicon.py"
IN_THE_LEXICON = {
    "how many": r"多少",
    "what follows 多": r"多\[\w|大久长",
    "measure words": rf"[{COUNTED}份]{{4}}",
    "when": r"啥时候|何时",
    "which day": r"哪一\?\[",
    "who": r"谁\|哪一",
    "why": r"为何\|为啥",
    "places": rf"[{PLACES}]{{7}}|苏木\|嘎查|嘎查\|苏木",
    "thanks": r"谢谢\|",
    "greetings": r"嗨\+",
    "farewells": r"拜拜",
    "units": r"平方公里|米\W+公里",
}
EXAMPLES = {
    "config/example.py",
    "retrieval/reading/export.py",  # a probe of the reader, which is changed where it is trained
}


def test_the_reader_of_strings_sees_them_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text('"""A"""\nB = "b"\n"""C"""\n# D\ndef f():\n    """E"""\n    return g(f"h{i}j", ["k"])\n', "utf-8")
    assert sorted(strings(path)) == [(2, "b"), (7, "h"), (7, "j"), (7, "k")]


def test_words_that_ask_are_listed_once() -> None:
    """All patterns over questions are built from one lexicon."""
    listed = {
        name: [
            f"{name}:{line} lists {words}, as the lexicon does"
            for line, text in strings(ROOT / name)
            for words, pattern in IN_THE_LEXICON.items()
            if re.search(pattern, text)
        ]
        for name in NAMES
    }
    no(line for name, lines in listed.items() if name not in {LEXICON, *EXAMPLES} for line in lines)
    no(f"{name} lists nothing" for name in (LEXICON, *EXAMPLES) if not listed[name])


def test_types_of_files_and_languages_are_listed_once() -> None:
    pattern = r"\.pdf\W+\.docx|\"zh\", \"en\""
    assert {name for name in NAMES if re.search(pattern, (ROOT / name).read_text("utf-8"))} == {
        "config/formats.py",
        "config/language.py",
    }


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_type_that_people_are_told_of_is_read(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"sample{suffix}"
    path.write_text("sample", "utf-8")
    assert load(path, 1) == b"sample"


@pytest.mark.parametrize("words", IN_THE_LEXICON)
def test_the_lexicon_lists_them(words: str) -> None:
    """Else the test above could not fail."""
    assert any(re.search(IN_THE_LEXICON[words], text) for _, text in strings(ROOT / LEXICON))


ANSWERS = (
    *("retrieval/answering/", "retrieval/query/", "retrieval/ranking/"),
    *("retrieval/asking.py", "retrieval/reasons.py", "retrieval/service.py", "retrieval/types.py"),
)
NOT_TOLD = {
    "retrieval/documents/__init__.py",  # a document to try the readers on
    "retrieval/embedding/export.py",  # texts to compare models on
    "retrieval/embedding/tokenizer.py",
    "retrieval/reading/export.py",
    "retrieval/query/message/dependent.py",  # questions to go on from
}
_PATTERN = re.compile(r"[\[\]|\\^$*+]|\(\?")
_HAN = "[\u4e00-\u9fff]"
_CHINESE = re.compile(
    # Punctuation of a sentence; a named place to fill in; words on both sides of a value.
    rf"{_HAN}[，。；：！？]|{_HAN}.*\{{\w+\}}|\{{\w+\}}.*{_HAN}|{_HAN}{{2}}\W*\{{\}}\W*{_HAN}{{2}}",
    re.DOTALL,
)
_WORD, _GAP = r"(?:[a-z]+|\{\w*\})", "[ ,;:]+"
_ENGLISH = re.compile(rf"^(?:[A-Z]|[“{{].* ).*{_WORD}{_GAP}{_WORD}{_GAP}[a-z{{]", re.DOTALL)


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, text) of the strings in the code, {} for the values of f-strings. Left out are docstrings, patterns, and
    what an error says: that is English, for administrators and developers."""
    match node:
        case ast.Expr(ast.Constant()):
            return
        case ast.Call(function) if ast.unparse(function).endswith("Error"):
            return
        case ast.JoinedStr(parts):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.Constant(str(text)):
            pass
        case _:
            for inner in ast.iter_child_nodes(node):
                yield from texts(inner)
            return
    if not _PATTERN.search(text):
        yield node.lineno, text


def is_said(text: str, *, english: bool = True) -> bool:
    """Whether it is a sentence for people, or a template of one."""
    return _CHINESE.search(text) is not None or (english and _ENGLISH.search(text) is not None)


SAID = [
    'A = "文档里没有找到这个问题的答案。"',
    'A = "收录了{count}份文件"',
    'A = "标题里都没有，正文提到了"',
    'A = {"zh": {"x": "数字不同："}}',
    'def f(n): return f"收录了{n}份文件"',
    'A = "The documents do not answer this question."',
    'A = "“{title}” is dated {day}."',
    'A = f"None of the {n} documents"',
    'A = ("Documents that "\n "mention it")',
]
UNSAID = [
    '"""The documents do not answer this question."""',
    'def f():\n    """文档里没有找到答案。"""',
    'A = 1\n"""Different figures: 数字不同。"""',
    'A = re.compile(r"[，。]|文档里.*没有，")',
    'A = rf"(?:{B}|第一，)"',
    'raise QuestionError(f"The question {a} has no words in it.")',
    'A = f"{place}的{thing}"',
    'A = "。！？；…"',
    'A = ("only_related", "zh", "多少")',
]


@pytest.mark.parametrize("source", SAID)
def test_the_reader_of_sentences_sees_one(source: str) -> None:
    assert any(is_said(text) for _, text in texts(ast.parse(source)))


@pytest.mark.parametrize("source", UNSAID)
def test_the_reader_of_sentences_sees_none(source: str) -> None:
    assert not any(is_said(text) for _, text in texts(ast.parse(source)))


def test_no_sentence_for_those_who_ask_stands_in_retrieval() -> None:
    """It gives reasons; `bot/texts` words them. An English sentence is looked for where answers are made."""
    no(
        f"{name}:{line} says {text}"
        for name in NAMES
        if name.startswith("retrieval/") and name not in NOT_TOLD
        for line, text in texts(tree(ROOT / name))
        if is_said(text, english=name.startswith(ANSWERS))
    )


_FLAG = re.compile(r"--\w")
OTHER_PROGRAMS = {
    "retrieval/documents/isolation/libreoffice.py",  # options of LibreOffice
    "retrieval/embedding/bundled.py",  # and of pip
}


def flags(path: Path) -> list[str]:
    """The lines of a file that name an option of a command, in its code, its docstrings or its comments."""
    return [line.strip() for line in path.read_text("utf-8").split("\n") if _FLAG.search(line)]


def test_the_reader_of_flags_sees_one(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text('# -- documents ---\nA = "Add --yes."\nB = 1 - -2\n"""With --json."""\n', "utf-8")
    assert flags(path) == ['A = "Add --yes."', '"""With --json."""']


def test_no_flag_of_the_command_line_stands_in_retrieval() -> None:
    """Programs and other doors use it too: errors give a code, and `bot/next_steps.py` names the flag."""
    named = {name: flags(ROOT / name) for name in NAMES if name.startswith("retrieval/")}
    no(f"{name}: {line}" for name, lines in named.items() if name not in OTHER_PROGRAMS for line in lines)
    assert all(named[name] for name in OTHER_PROGRAMS), "these name none any more"


def test_each_next_step_is_worded() -> None:
    """For programs each of them; at the command line those that are done otherwise there."""
    assert set(ADVICE) == {*get_args(NextStep)}
    assert set(AT_THE_COMMAND_LINE) <= set(ADVICE)
    assert all(
        _FLAG.search(told) or "`wenju " in told or "wenju ask" in told for told in AT_THE_COMMAND_LINE.values()
    )
