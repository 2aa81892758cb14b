"""The real bot over the sample documents, and the server that it takes for Telegram."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import PaperBot, RunningBot
from tests.web.conftest import make_home

ADMIN, USER, OTHER = 7, 42, 43
GROUP = -100200300
NO_LIMITS = {"TELEGRAM__USER_RATE": "10000", "TELEGRAM__CHAT_RATE": "10000", "TELEGRAM__SEND_RATE": "10000"}
StartBot = Callable[..., RunningBot]


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    """Telegram; whoever expects it to refuse something empties `complaints`."""
    server = FakeTelegram().start()
    yield server
    server.stop()
    assert server.complaints == []


@pytest.fixture
def home(indexed_samples: Path, tmp_path: Path) -> Path:
    return shutil.copytree(indexed_samples, tmp_path / "bot home")


@pytest.fixture(scope="session")
def paper_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the four documents of the tests of the page, for `PaperBot`; to be copied."""
    return make_home(tmp_path_factory.mktemp("paper"))


@pytest.fixture
def start_bot(fake: FakeTelegram, home: Path) -> Iterator[StartBot]:
    """Starts the bot with settings of the test's own; none is left running."""
    with _starting(RunningBot, fake, home) as start:
        yield start


@pytest.fixture
def start_paper(fake: FakeTelegram, paper_home: Path, tmp_path: Path) -> Iterator[StartBot]:
    """The same of a `PaperBot`, where the test is not about what is found: it costs half."""
    with _starting(PaperBot, fake, shutil.copytree(paper_home, tmp_path / "home")) as start:
        yield start


@pytest.fixture
def start_empty(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StartBot]:
    """The same without documents; it takes so many seconds for an embedding."""
    with _starting(PaperBot, fake, tmp_path / "home") as start:

        def started(seconds: float = 0, **settings: str) -> RunningBot:
            monkeypatch.setenv("PAPER_SECONDS", str(seconds))
            return start(**settings)

        yield started


@pytest.fixture
def bot(start_empty: StartBot) -> RunningBot:
    """Without documents."""
    return start_empty()


@pytest.fixture
def chief(bot: RunningBot) -> Person:
    """The administrator of that bot."""
    return Person(bot.fake, ADMIN)


@contextmanager
def _starting(kind: type[RunningBot], fake: FakeTelegram, home: Path) -> Iterator[StartBot]:
    bots: list[RunningBot] = []

    def start(*, wait: bool = True, **settings: str) -> RunningBot:
        bots.append(kind(fake, home, {"TELEGRAM__ADMINS": str(ADMIN), **NO_LIMITS, **settings}))
        return bots[-1].start(wait=wait)

    yield start
    for bot in bots:
        if bot.process.poll() is None:
            bot.kill()


@pytest.fixture(scope="module")
def start_shared(indexed_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartBot]:
    """Starts a bot, with a Telegram of its own, for tests of a module: each start takes seconds."""
    with _sharing(RunningBot, indexed_samples, tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="module")
def share_paper(paper_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartBot]:
    """The same of a `PaperBot`."""
    with _sharing(PaperBot, paper_home, tmp_path_factory) as start:
        yield start


@contextmanager
def _sharing(kind: type[RunningBot], known: Path, folders: pytest.TempPathFactory) -> Iterator[StartBot]:
    bots: list[RunningBot] = []

    def start(**settings: str) -> RunningBot:
        server = FakeTelegram().start()
        Person(server, ADMIN)  # whose menu a start sets
        home = shutil.copytree(known, folders.mktemp("shared") / "home")
        bots.append(kind(server, home, {"TELEGRAM__ADMINS": str(ADMIN), **NO_LIMITS, **settings}))
        return bots[-1].start()

    yield start
    for bot in bots:
        bot.kill()
        bot.fake.stop()
    assert [complaint for bot in bots for complaint in bot.fake.complaints] == []


@pytest.fixture(scope="module")
def shared(start_shared: StartBot) -> RunningBot:
    """One bot for all tests of a module, without limits."""
    return start_shared()


@pytest.fixture(scope="module")
def telegram(shared: RunningBot) -> FakeTelegram:
    """Telegram, as the shared bot sees it."""
    return shared.fake


_numbers = iter(range(5000, 10**6))


@pytest.fixture
def person(telegram: FakeTelegram) -> Person:
    """Somebody whom the bot has not met."""
    return Person(telegram, next(_numbers))


@pytest.fixture
def group(telegram: FakeTelegram) -> int:
    """A group that the bot has not met."""
    telegram.chats.add(number := -100000 - next(_numbers))
    return number


@pytest.fixture
def admin(telegram: FakeTelegram) -> Person:
    return Person(telegram, ADMIN)
