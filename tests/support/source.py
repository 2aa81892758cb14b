"""The program's source, read for the rules of the house."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "retrieval", "config")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    for_annotations: bool
    at_the_top: bool


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """All imports of a file, those inside functions too."""
    return tuple(_imports(tree(path).body, at_the_top=True, for_annotations=False))


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
            below = value if isinstance(value, list) else []
            inner = [statement for statement in below if isinstance(statement, ast.stmt)]
            handlers = [handler for handler in below if isinstance(handler, ast.ExceptHandler)]
            yield from _imports(inner, at_the_top=inside, for_annotations=for_annotations or typing_only)
            for handler in handlers:
                yield from _imports(handler.body, at_the_top=inside, for_annotations=for_annotations)


def no(broken: Iterable[str]) -> None:
    """A rule is one test over all files, which tells every place where it is broken."""
    found = list(broken)
    assert not found, "\n".join(found)


def all_imports() -> Iterator[tuple[str, Import]]:
    """(file, import) of all files."""
    return ((name, imported) for name in NAMES for imported in imports(ROOT / name))


def calls(inside: ast.AST) -> list[str]:
    """What is called there."""
    return [ast.unparse(node.func) for node in ast.walk(inside) if isinstance(node, ast.Call)]


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of the strings of a file; docstrings, of names too, are none."""
    nodes = [*ast.walk(tree(path))]
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value
