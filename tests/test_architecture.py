"""The house keeps its shape: imports go one way, through one door, and libraries have owners."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for part in ("bot", "config", "retrieval") for path in (ROOT / part).rglob("*.py"))
OWNERS = {
    "faiss": {"retrieval/index/vectors.py"},
    "tantivy": {"retrieval/index/words.py"},
    "sqlite3": {"retrieval/index/store.py", "retrieval/index/database.py"},
    "sentence_transformers": {"retrieval/embedding/engine.py"},
    "transformers": {"retrieval/embedding/engine.py"},
    "opencc": {"retrieval/text/fold.py"},
    "trafilatura": {"retrieval/documents/html.py"},
    "docx": {"retrieval/documents/word.py"},
    "pypdfium2": {"retrieval/documents/pdf.py"},
    "markdown_it": {"retrieval/documents/markdown.py"},
    "watchfiles": {"bot/commands/library.py"},
    "torch": set(),
    "telegram": set(),
}
DOORS = {"retrieval.service", "retrieval.doctor", "retrieval.errors", "retrieval.types"}
"""What the bot may import of retrieval: the door, the check-up, and the words that both sides speak."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_imports_go_one_way_and_through_one_door(path: Path) -> None:
    part = name(path).split("/")[0]
    for module in imports(path):
        top = module.split(".")[0]
        if part == "config":
            assert top not in ("bot", "retrieval"), module
        if part == "retrieval":
            assert top != "bot", module
        if part == "bot" and top == "retrieval":
            assert module in DOORS, f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_libraries_are_imported_by_their_owners_alone(path: Path) -> None:
    for module in imports(path):
        owners = OWNERS.get(module.split(".")[0])
        assert owners is None or name(path) in owners, f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_pickle_no_foreign_code_no_printing(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not {"pickle", "cloudpickle", "joblib", "shelve", "dill"} & set(imports(path))
    assert "trust_remote_code" not in text
    assert not re.search(r"^\s*print\(", text, re.MULTILINE)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_files_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 250
