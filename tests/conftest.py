"""What the tests share: settings that point into tmp_path, an embedder to work out on paper, and the real one."""

import os
import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from bot.memory.database import open_database
from config.settings import Settings, load_settings
from retrieval.embedding.base import Embedder
from retrieval.embedding.engine import open_embedder
from retrieval.reading.base import Reader
from retrieval.reading.engine import open_reader
from retrieval.samples import SAMPLES
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real pages and questions beside the project; tests that use them skip where they are absent."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background so, and every process that a test starts would pass Ctrl-C over, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

MODELS = {"real_embedder", "real_reader"}
"""Fixtures that load one."""


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that load a bundled model, and begin with their files: a long one at the end would run alone."""
    for item in items:
        if MODELS & {*getattr(item, "fixturenames", ())}:
            item.add_marker("model")
    long = {item.path for item in items if item.get_closest_marker("model")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cwd")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> Iterator[None]:
    """No variable and no wenju.toml of the person at the keyboard reaches a test, nor what another test wrote where
    it works. Thousands of tests need no folder of their own, and to make one costs more than most of them."""
    for variable in list(os.environ):
        if variable.startswith("WENJU_") and variable != "WENJU_CACHE_DIR":
            monkeypatch.delenv(variable)
    monkeypatch.chdir(empty_folder)
    yield
    if any(empty_folder.iterdir()):
        shutil.rmtree(empty_folder)
        empty_folder.mkdir()


@pytest.fixture
def loopback() -> None:
    """For a test that talks to a server which it started itself."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    connect, to_itself = socket.socket.connect, "loopback" in request.fixturenames

    def refuse(self: socket.socket, address: object) -> None:
        here = to_itself and isinstance(address, tuple) and address[0] == "127.0.0.1"
        if self.family in (socket.AF_INET, socket.AF_INET6) and not here:
            raise AssertionError(f"a test tried to connect to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults with a home of their own; the prepared model is taken from the usual cache."""
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def paper() -> PaperEmbedder:
    return PaperEmbedder()


@pytest.fixture
def base(settings: Settings, paper: PaperEmbedder) -> Iterator[KnowledgeBase]:
    """A knowledge base with the paper embedder and no reader; everything else in it is real."""
    base = KnowledgeBase(settings.model_copy(update={"reader": "none"}), embedder=paper)
    yield base
    base.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """What the doors remember things in, without a door."""
    with closing(open_database(tmp_path / "home")) as connection:
        yield connection


@pytest.fixture(scope="session")
def real_embedder() -> Embedder:
    """The bundled model, prepared in the usual cache on first use; on one thread, since several processes run tests
    beside each other: the threads of one would wait for those of others, which costs a quarter more."""
    return open_embedder(load_settings(threads=1), print)


@pytest.fixture(scope="session")
def real_reader() -> Reader:
    """The bundled reader, put together in the usual cache on first use; on one thread, too."""
    reader = open_reader(load_settings(threads=1), print)
    assert reader is not None
    return reader


@cache
def usual_settings() -> Settings:
    return load_settings()


@pytest.fixture(autouse=True)
def _one_model(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, _no_settings_from_outside: None
) -> None:
    """Commands that are run in this process share the bundled models: to open them for each takes seconds."""
    usual = usual_settings()

    def is_usual(settings: Settings, *names: str) -> bool:
        names = (*names, "cache_dir", "engine", "precision", "threads")
        return all(getattr(settings, name) == getattr(usual, name) for name in names)

    def one_embedder(settings: Settings, notify: Callable[[str], None]) -> Embedder:
        if not is_usual(settings, "model"):
            return open_embedder(settings, notify)
        embedder: Embedder = request.getfixturevalue("real_embedder")
        return embedder

    def one_reader(settings: Settings, notify: Callable[[str], None]) -> Reader | None:
        if not is_usual(settings, "reader"):
            return open_reader(settings, notify)
        reader: Reader = request.getfixturevalue("real_reader")
        return reader

    monkeypatch.setattr("retrieval.models.open_embedder", one_embedder)
    monkeypatch.setattr("retrieval.models.open_reader", one_reader)


@pytest.fixture(scope="session")
def indexed_samples(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Path:
    """A home with the sample documents, made once for all processes that run tests; to be copied."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "samples.lock"):
        if not (folder / "samples").exists():
            with closing(KnowledgeBase(load_settings(home=folder / "half"), embedder=real_embedder)) as base:
                assert not base.add([SAMPLES]).failures
            (folder / "half").rename(folder / "samples")
    return folder / "samples"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below tmp_path/docs and return its path."""

    def writer(name: str, content: str | bytes) -> Path:
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return writer
