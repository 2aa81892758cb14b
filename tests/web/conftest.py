"""The server over four small documents; skipped where the extra is not installed."""

from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.visibility import Role
from bot.web.keys import Keys
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.web.running import Server

QUESTION = "左云县有多少网格员"
GRID = "左云县配备专职网格员51名，兼职网格员7名。"
DOCUMENTS = {
    "左云县网格员队伍.md": "---\ntitle: 左云县网格员队伍\ndate: 2026-06-30\nurl: https://example.org/a\n---\n\n"
    f"左云县把全县52个小区编成58个网格。{GRID}每天巡查两次。\n",
    "平山县通知.txt": "平山县网格员通知\n\n平山县配备网格员36名。培训每月一次。\n",
    "长者食堂.txt": "云溪县长者食堂\n\n云溪县长者食堂每天中午十一点半开饭。志愿者有12名。\n",
    "选举公告.txt": "青禾县选举公告\n\n青禾县选举于2025年3月12日举行。选举委员会由7人组成。\n",
}
StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def web() -> None:
    """Skips what starts a server where the extra is not installed."""
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        pytest.skip("needs the extra wenju[web]")


def make_home(folder: Path) -> Path:
    """A home with the documents, which lie beside it."""
    documents, home = folder / "documents", folder / "home"
    documents.mkdir()
    for name, text in DOCUMENTS.items():
        (documents / name).write_text(text, "utf-8")
    with closing(opened(home)) as base:
        assert not base.add([documents]).failures
    return home


def opened(home: Path) -> KnowledgeBase:
    """As the server has it."""
    return KnowledgeBase(load_settings(home=home).model_copy(update={"reader": "none"}), embedder=PaperEmbedder())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


@pytest.fixture
def start(home: Path) -> Iterator[StartServer]:
    """Starts a server with settings of the test's own; none is left running."""
    servers: list[Server] = []

    def started(*idle: str, **settings: str) -> Server:
        servers.append(Server(home, settings, ("-m", "tests.web.paper", *idle)))
        return servers[-1].start()

    yield started
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module, without limits."""
    server = Server(make_home(tmp_path_factory.mktemp("web")), {"WEB__RATE": "100000"}).start()
    yield server
    server.kill()
    assert "bug in Wenju" not in server.log


@pytest.fixture
def server(shared: Server) -> Server:
    return shared


@pytest.fixture
def key(server: Server) -> Callable[[Role], str]:
    """A key of the shared server with that role."""
    keys = Keys(server.home)

    def made(role: Role) -> str:
        if any(known_key.name == role for known_key in keys.all()):
            keys.remove(role)
        return keys.add(role, role)

    return made
