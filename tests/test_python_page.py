"""docs/python.md: its examples, run one after the other in one session as it says."""

import doctest
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.embedding.base import Embedder
from retrieval.maintenance.maintenance import Maintenance
from retrieval.reading.base import Reader
from retrieval.samples import SAMPLES
from retrieval.service import KnowledgeBase
from tests.support.running import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_say_what_they_are_said_to(capsys: pytest.CaptureFixture[str], real_reader: Reader) -> None:
    assert PAGE.count("```") == 2 * len(EXAMPLES) > 10, "each fence holds an example"
    assert real_reader.name
    session: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/python.md", "exec"), session)
    told = capsys.readouterr().out.splitlines()
    documents = len([path for path in SAMPLES.rglob("*") if path.is_file()])
    assert f"{documents} added, 0 unchanged" in told
    assert any(line.startswith("answered 0.") for line in told)
    assert any("51名" in line and "[1] " in line for line in told), "a quote, its number, its file"
    assert any(line.startswith("not_found names_missing ('上海',)") for line in told)
    assert any(line.startswith("云溪县有多少网格员 ") for line in told), "the follow-up as it was understood"
    assert told[-3:] == [
        f"True {documents}",
        f"['左云县网格员队伍.md'] {documents - 1}",
        "左云县网格员队伍.md",
    ], "verified and backed up, one removed, and put back"


def test_each_method_of_the_door_is_told_of_and_no_other() -> None:
    public = {
        name
        for door in (KnowledgeBase, Maintenance)
        for name, member in vars(door).items()
        if not name.startswith("_") and (callable(member) or isinstance(member, property | classmethod))
    }
    assert {name for name in public if not re.search(rf"[`.]{name}\b", PAGE)} == set()
    cells = re.findall(r"^\| (`\w+\(.*?) \|", PAGE, re.MULTILINE)
    listed = {name for cell in cells for name in re.findall(r"`(\w+)\(", cell)}
    assert listed, "the tables are read"
    assert listed <= public


def test_the_examples_of_the_door_say_what_they_are_said_to(
    settings: Settings, indexed_samples: Path, real_embedder: Embedder, real_reader: Reader
) -> None:
    """Each on the sample documents, all of them."""
    shutil.copytree(indexed_samples, settings.home, dirs_exist_ok=True)
    examples = [test for test in doctest.DocTestFinder(recurse=True).find(KnowledgeBase) if test.examples]
    shown = {test.name.removeprefix("KnowledgeBase.") for test in examples}
    assert shown == {"add", "ask", "documents", "remove", "search", "text", "verify"}
    told: list[str] = []
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        for test in examples:
            base.add([SAMPLES])  # what another example took away
            test.globs = {"base": base, "SAMPLES": SAMPLES}
            doctest.DocTestRunner().run(test, out=told.append)
    assert not told, "".join(told)
