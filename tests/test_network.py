"""Nobody is called but Telegram, and a hub when a model on it is named: seen below all libraries, whatever they are
written in. Skipped where no network of one's own may be made (see `tests.support.sealed`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.models import SENTENCES, make_model, make_reader
from tests.support.sealed import sealing

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "左云县有多少网格员"

if sealing() is None:
    pytest.skip("needs Linux, iproute2 and the right to make a network of one's own", allow_module_level=True)


class Ran:
    """A command that was run sealed; `called` is whom it, or what it started, tried to reach."""

    def __init__(self, folder: Path, command: list[str], stdin: str, environment: dict[str, str]) -> None:
        report = folder / "called"
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("WENJU_", "HF_"))}
        cache = {name: os.environ[name] for name in ("WENJU_CACHE_DIR",) if name in os.environ}
        before = sealing()
        assert before is not None
        ran = subprocess.run(
            [*before, str(report), *command], input=stdin, capture_output=True, text=True, check=False, timeout=240,
            cwd=folder, env=outside | cache | {"PYTHONPATH": str(ROOT)} | environment,
        )  # fmt: skip
        self.code, self.out, self.err = ran.returncode, ran.stdout, ran.stderr
        self.called = report.read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model, a reader, a document, and questions; the first test indexes the document there."""
    folder = tmp_path_factory.mktemp("sealed")
    make_model(folder / "small", unigram=True)
    make_reader(folder / "reader")
    (folder / "a.txt").write_text(SENTENCES[0] + "\n", "utf-8")
    item = {"id": "q1", "question": QUESTION, "answers": ["51名"], "doc": "a.txt", "evidence": SENTENCES[0]}
    (folder / "questions.jsonl").write_text(json.dumps(item, ensure_ascii=False) + "\n", "utf-8")
    return folder


def places(place: Path) -> dict[str, str]:
    """Settings of what runs there."""
    names = {"HOME": "home", "MODEL": "small", "READER": "reader", "CACHE_DIR": "cache"}
    more = {"ANSWER__RELATED": "0", "THREADS": "1"}  # whatever it finds, it shows
    return {setting: str(place / name) for setting, name in names.items()} | more


def wenju(place: Path, *arguments: str, stdin: str = "", **environment: str) -> Ran:
    known = {f"WENJU_{name}": value for name, value in places(place).items()}
    return Ran(place, [sys.executable, "-m", "bot.cli", *arguments], stdin, known | environment)


TRYING = """
import socket
def tries(call):
    try:
        call()
    except OSError:
        pass
tries(lambda: socket.getaddrinfo("example.org", 443))
tries(lambda: socket.create_connection(("192.0.2.1", 80), 5))
tries(lambda: socket.create_connection(("2001:db8::1", 443), 5))
tries(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"?", ("198.51.100.1", 7)))
tries(lambda: socket.create_connection(("127.0.0.1", 9), 5))
"""


def test_whoever_is_called_is_seen(tmp_path: Path) -> None:
    called = Ran(tmp_path, [sys.executable, "-c", TRYING], "", {}).called
    assert any(address.endswith(" 53") for address in called)  # the look-up, at whatever server the machine asks
    assert {"tcp 192.0.2.1 80", "udp 198.51.100.1 7"} <= set(called)
    assert not [address for address in called if "127.0.0.1" in address]
    if Path("/proc/net/if_inet6").exists():
        assert "tcp 2001:db8::1 443" in called


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (["index", "a.txt"], "", "Compiling the model"),  # with torch, transformers and OpenVINO, from nothing
        (["ask", QUESTION], "", "Compiling the reader"),
        (["ask", QUESTION], "", "51名"),
        (["chat"], f"{QUESTION}\n/open 1\n/quit\n", "51名"),
        (["eval", "questions.jsonl"], "", "hit@1"),
        (["doctor"], "", "OpenVINO"),
    ],
    ids=["index", "first ask", "ask", "chat", "eval", "doctor"],
)
def test_no_command_calls_anybody(place: Path, arguments: list[str], stdin: str, told: str) -> None:
    ran = wenju(place, *arguments, stdin=stdin)
    assert ran.called == []
    assert ran.code in (0, 1), ran.err
    assert told in ran.out + ran.err


TALKING = f"""
import json, sys
from pathlib import Path
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot
fake = FakeTelegram().start()
places = json.loads(sys.argv[1])
bot = RunningBot(fake, Path(places.pop("HOME")), {{"TELEGRAM__ADMINS": "7", **places}})
bot.start()
chief = Person(fake, 7)
print(chief.reply_to(chief.send_file("b.txt", "那兴县有网格员36名。".encode())).text)
print(Person(fake, 42).ask({QUESTION!r}).text)
print(bot.terminate()[0], fake.complaints)
fake.stop()
"""


def test_the_bot_calls_telegram_and_nobody_else(place: Path) -> None:
    ran = Ran(place, [sys.executable, "-c", TALKING, json.dumps(places(place))], "", {})
    assert ran.code == 0, ran.err
    assert ran.called == []
    assert "已收录" in ran.out
    assert "网格员51名" in ran.out
    assert ran.out.splitlines()[-1] == "0 []"


SERVING = f"""
import json, sys
from pathlib import Path
from tests.web.running import Server
places = json.loads(sys.argv[1])
server = Server(Path(places.pop("HOME")), places, ("-m", "bot.cli", "serve")).start()
print(server.ask({QUESTION!r}).text)
print(server.get("/").status, server.get("/metrics").status, server.stop())
"""


def test_the_page_and_the_api_call_nobody(place: Path) -> None:
    pytest.importorskip("starlette", reason="needs the extra wenju[web]")
    ran = Ran(place, [sys.executable, "-c", SERVING, json.dumps(places(place))], "", {})
    assert ran.code == 0, ran.err
    assert ran.called == []
    assert "网格员51名" in ran.out
    assert ran.out.splitlines()[-1] == "200 200 0"


def test_where_telegram_lives_is_all_that_a_bot_looks_up(place: Path) -> None:
    token = "123456789:AAF-strictly_for_tests_0123456789abc"
    ran = wenju(place, "bot", "--check", WENJU_TELEGRAM__TOKEN=token, WENJU_TELEGRAM__ADMINS="7")
    assert ran.called
    assert all(address.endswith(" 53") for address in ran.called), ran.called
    assert ran.code == 2
    assert "FAIL token" in ran.out
    assert token not in ran.out + ran.err


PREPARING = """
import sys
from pathlib import Path
from retrieval.embedding.bundled import bundled_model
from retrieval.reading.bundled import bundled_reader
bundled_model(Path(sys.argv[1]), print)
bundled_reader(Path(sys.argv[1]), print)
"""


def test_preparing_the_bundled_model_and_reader_calls_nobody(tmp_path: Path) -> None:
    """Without their export, which is what the first test sees of another model."""
    ran = Ran(tmp_path, [sys.executable, "-c", PREPARING, str(tmp_path / "cache")], "", {})
    assert ran.code == 0, ran.err
    assert ran.called == []
    assert "The bundled model is ready." in ran.out
    assert "Putting the reader together" in ran.out


@pytest.mark.slow
def test_a_hub_that_cannot_be_reached_is_asked_once_and_told_in_one_line(place: Path) -> None:
    ran = wenju(place, "index", "a.txt", WENJU_MODEL="somebody/some-model", WENJU_HOME=str(place / "other"))
    assert ran.code == 2
    assert "The model somebody/some-model could not be loaded from the hub" in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err
    # A look-up is two packets, and is tried again by the system where its server says no.
    assert 0 < len(ran.called) <= 16
    assert all(address.endswith(" 53") for address in ran.called), ran.called


WITHOUT_TORCH = """
import sys
sys.modules.update(dict.fromkeys(("torch", "transformers", "sentence_transformers")))
from bot.cli import main
main()
"""


@pytest.mark.slow
def test_the_first_question_of_all_calls_nobody_and_needs_no_torch(place: Path, tmp_path: Path) -> None:
    empty = {"WENJU_HOME": str(tmp_path / "home"), "WENJU_CACHE_DIR": str(tmp_path / "cache")}
    ran = Ran(place, [sys.executable, "-c", WITHOUT_TORCH, "ask", QUESTION], "", empty)
    assert ran.code == 0, ran.err
    assert ran.called == []
