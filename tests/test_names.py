"""A variable says what it holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.source import FILES, ROOT, no, tree

WRITTEN = [*FILES, *(path for folder in ("benchmarks", "tests") for path in sorted((ROOT / folder).rglob("*.py")))]


def variables(path: Path) -> Iterator[tuple[int, str]]:
    """(line, name) of what assignments, loops, comprehensions and parameters name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_the_reader_of_names_sees_them_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        "for a, (b, *c) in x:\n    y = {d: {e for e in d} for d in z}\nf = lambda g: lambda *h: g\n"
        "with k as i:\n    (j := k)\n",
        "utf-8",
    )
    assert sorted(variables(path)) == [
        *((1, name) for name in "abc"),
        *((2, name) for name in "dey"),
        *((3, name) for name in "fgh"),
        (4, "i"),
        (5, "j"),
    ]


def test_no_variable_is_called_one() -> None:
    assert {"bot", "retrieval", "config", "benchmarks", "tests"} == {
        path.relative_to(ROOT).parts[0] for path in WRITTEN
    }
    no(
        f"{path.relative_to(ROOT)}:{line}"
        for path in WRITTEN
        for line, variable in variables(path)
        if variable == "one"
    )
