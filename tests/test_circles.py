"""No files import each other in a circle, be it for types alone. No folders of `retrieval/` do either, nor folders in
one of these, nor those of the Telegram bot."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.source import FILES, ROOT, tree

MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}


def imported(module: ast.Module) -> Iterator[str]:
    """Modules of ours that a file imports, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            named = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in named)


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """One, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@cache  # not at import: every worker collects this file, one runs it
def files_graph() -> dict[str, set[str]]:
    return {name: {*imported(tree(path))} for name, path in MODULES.items()}


def rooms(package: str = "retrieval") -> dict[str, set[str]]:
    """The folders of a package, each with those of them that its files import."""
    graph: dict[str, set[str]] = {}
    for name, others in files_graph().items():
        graph.setdefault(room_of(name, package), set()).update(room_of(other, package) for other in others)
    return {room: others - {"", room} for room, others in graph.items() if room}


def room_of(name: str, package: str) -> str:
    """The folder of the package that a module lies in, "" for others and for what lies on top of it."""
    room = name.removeprefix(f"{package}.").partition(".")[0] if name.startswith(f"{package}.") else ""
    return room if (ROOT / package.replace(".", "/") / room).is_dir() else ""


@pytest.mark.parametrize(
    "source",
    [
        "import bot.cli",
        "from bot import cli",
        "from bot.cli import run",
        "if TYPE_CHECKING:\n    from bot.cli import run",
        "def f():\n    from bot import cli",
    ],
)
def test_the_reader_of_imports_sees_them_wherever_they_stand(source: str) -> None:
    assert [*imported(ast.parse(source))] == ["bot.cli"]


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def test_no_files_import_each_other_in_a_circle() -> None:
    assert "retrieval.query.asked.kinds" in files_graph()["retrieval.query.question"]
    assert circle(files_graph()) == []


def test_no_rooms_of_a_door_import_each_other_in_a_circle() -> None:
    assert {"messages", "state", "members"} <= rooms("bot.telegram")["asking"]
    assert circle(rooms("bot.telegram")) == []


def test_no_rooms_of_retrieval_import_each_other_in_a_circle() -> None:
    assert {"query", "ranking", "reading"} <= rooms()["answering"]
    assert circle(rooms()) == []
    assert {"tables"} <= rooms("retrieval.answering")["checks"]
    for room in rooms():
        assert circle(rooms(f"retrieval.{room}")) == [], room
