"""A loop variable says what it holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.source import NAMES, ROOT, no, tree


def variables(path: Path) -> Iterator[tuple[int, str]]:
    """(line, name) of what loops, comprehensions and parameters name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield from ((name.lineno, name.id) for name in ast.walk(node.target) if isinstance(name, ast.Name))


def test_the_reader_of_names_sees_them_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        "for a, (b, *c) in x:\n    y = {d: {e for e in d} for d in z}\nf = lambda g: lambda *h: g\n", "utf-8"
    )
    assert sorted(variables(path)) == [
        *((1, name) for name in "abc"),
        *((2, name) for name in "de"),
        (3, "g"),
        (3, "h"),
    ]


def test_no_loop_variable_or_parameter_is_called_one() -> None:
    no(f"{name}:{line}" for name in NAMES for line, variable in variables(ROOT / name) if variable == "one")
