"""Which reader the settings name, what runs it, and what is said where it cannot be had."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import Settings, load_settings
from retrieval.errors import ModelError
from retrieval.models import Models
from retrieval.reading.base import Reader
from retrieval.reading.compiled import CompiledReader
from retrieval.reading.engine import damaged_reader_files, open_reader
from retrieval.reading.reference import CrossEncoderReader
from retrieval.service import KnowledgeBase
from tests.reading.make import PaperReader, named, opened
from tests.support.models import SENTENCES, make_generating_reader, make_model, make_reader
from tests.support.paper import PaperEmbedder

QUESTION = "左云县有多少网格员"


@pytest.fixture(scope="module")
def useless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings that name no reader."""
    folder = tmp_path_factory.mktemp("useless")
    (folder / "no model").mkdir()
    (folder / "no model" / "read me.txt").write_text("nothing else", encoding="utf-8")
    half = make_reader(folder / "half")
    (half / "model.safetensors").unlink()
    return {
        "not there": str(folder / "nothing"),
        "not there, relative": "./nothing",
        "not there, at home": "~/nothing-of-that-name",
        "no model": str(folder / "no model"),
        "half a model": str(half),
        "two labels": str(make_reader(folder / "two", labels=2)),
        "an embedding model": str(make_model(folder / "embedding")),
    }


KINDS = [
    "not there", "not there, relative", "not there, at home",
    "no model", "half a model", "two labels", "an embedding model",
]  # fmt: skip


# -- what the settings name ------------------------------------------------------------------------------------------


def test_none_is_no_reader(cache: Path) -> None:
    settings = named("none", cache)
    assert open_reader(settings, print) is None
    assert damaged_reader_files(settings) == []
    messages: list[str] = []
    assert Models(settings, messages.append, None, None).reader() is None
    assert messages == []
    assert not cache.exists()


def test_a_directory_is_read_with(small_reader: Path, filled: Path) -> None:
    reader, messages = opened(named(small_reader, filled))
    assert isinstance(reader, CompiledReader)
    assert reader.name == "small"
    assert messages == []
    assert reader.read(QUESTION, SENTENCES).shape == (4,)


@pytest.mark.parametrize("engine", ["auto", "torch"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_reader_is_told_in_one_line(kind: str, engine: str, useless: dict[str, str], cache: Path) -> None:
    with pytest.raises(ModelError, match="setting `reader`") as raised:
        opened(named(useless[kind], cache, engine=engine))
    assert Path(useless[kind]).name in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", ["not there", "no model", "two labels", "an embedding model"])
def test_questions_are_answered_without_a_reader_that_cannot_be_had(
    kind: str, useless: dict[str, str], paper: PaperEmbedder, tmp_path: Path
) -> None:
    document = tmp_path / "左云县.txt"
    document.write_text("左云县的网格员\n\n左云县有网格员51名。\n", encoding="utf-8")
    messages: list[str] = []
    settings = named(useless[kind], tmp_path / "cache", home=tmp_path / "home")
    base = KnowledgeBase(settings, messages.append, embedder=paper)
    base.add([document])
    for _ in range(2):
        assert "51名" in (base.ask(QUESTION).answer or "")
    told = [message for message in messages if "without a reader" in message]
    assert len(told) == 1
    assert "`reader`" in told[0]
    assert "\n" not in told[0]
    base.close()


# -- the reader of a knowledge base ----------------------------------------------------------------------------------


def test_a_reader_that_cannot_be_had_is_told_once_and_not_tried_again(useless: dict[str, str], cache: Path) -> None:
    messages: list[str] = []
    models = Models(named(useless["not there"], cache), messages.append, None, None)
    assert [models.reader() for _ in range(3)] == [None] * 3
    assert len(messages) == 1


def test_a_reader_that_is_given_takes_the_place_of_the_named_one(useless: dict[str, str], cache: Path) -> None:
    reader = PaperReader({})
    assert Models(named(useless["not there"], cache), print, None, reader).reader() is reader


def test_a_reader_is_opened_once_for_all_threads(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    together, times = threading.Barrier(8), []

    def open_slowly(*_: Any) -> Reader:
        times.append(1)
        return PaperReader({})

    monkeypatch.setattr("retrieval.models.open_reader", open_slowly)
    models = Models(settings, print, None, None)

    def ask(_: int) -> Reader | None:
        together.wait()
        return models.reader()

    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(ask, range(8))))
    assert len(found) == len(times) == 1


# -- what runs it ----------------------------------------------------------------------------------------------------


def test_torch_by_name_reads_the_same_and_makes_no_export(small_reader: Path, filled: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    reader, messages = opened(named(small_reader, empty, engine="torch", threads=1))
    assert isinstance(reader, CrossEncoderReader)
    assert reader.engine == "torch, 1 threads"
    assert (messages, empty.exists()) == ([], False)
    compiled, _ = opened(named(small_reader, filled, precision="f32", threads=1))
    assert compiled.engine == "OpenVINO, f32, 1 threads"
    assert np.allclose(reader.read(QUESTION, SENTENCES), compiled.read(QUESTION, SENTENCES), atol=0.05)


def test_a_reader_that_cannot_be_exported_runs_on_torch_and_says_so(tmp_path: Path, cache: Path) -> None:
    directory = make_generating_reader(tmp_path / "generating")
    for _ in range(2):  # it is not tried again, but said again
        reader, messages = opened(named(directory, cache))
        assert isinstance(reader, CrossEncoderReader)
        assert "runs on torch" in messages[-1]
    assert len(messages) == 1
    assert reader.read(QUESTION, SENTENCES).shape == (4,)
    with pytest.raises(ModelError, match="engine = auto"):
        opened(named(directory, cache, engine="openvino"))


def test_without_openvino_torch_serves(small_reader: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    reader, messages = opened(named(small_reader, filled))
    assert isinstance(reader, CrossEncoderReader)
    assert "it cannot be loaded" in messages[-1]
    with pytest.raises(ModelError, match="it cannot be loaded"):
        opened(named(small_reader, filled, engine="openvino"))


@pytest.mark.parametrize("reader", ["small", "bundled"])
def test_without_torch_it_is_told_how_to_install_it(
    reader: str, small_reader: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    named_so = small_reader if reader == "small" else reader
    with pytest.raises(ModelError, match=r"with engine = torch needs torch, which .*`make install-torch`\.$"):
        opened(named(named_so, filled, engine="torch"))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "openvino", None)
        with pytest.raises(ModelError, match=r"it cannot be loaded: .*needs torch, which .*`make install-torch`\.$"):
            opened(named(named_so, filled))
    assert isinstance(opened(named(small_reader, filled))[0], CompiledReader)  # what was exported needs none


def test_a_reader_of_nobody() -> None:
    with pytest.raises(ModelError, match=r"~nobody-of-that-name.*setting `reader`"):
        opened(load_settings(reader="~nobody-of-that-name/reader"))
