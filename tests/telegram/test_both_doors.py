"""Sixteen ask at once at the bot and at the page's server, over one home, while each door adds files."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from urllib.parse import quote

import pytest

from bot.web.keys import Keys
from tests.telegram.conftest import ADMIN, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot
from tests.web.conftest import QUESTION
from tests.web.running import Server

for library in ("starlette", "uvicorn"):
    pytest.importorskip(library)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loopback")]

ASKERS, FILES = 8, 6
"""Of each door."""
LEAST = 5
"""Questions of each asker, however soon the files are in."""
KNOWN = {QUESTION: "51名", "平山县有多少网格员": "36名", "云溪县长者食堂有多少志愿者": "12名"}
SECONDS = 120


@pytest.fixture
def bot(start_paper: StartBot) -> RunningBot:
    return start_paper()


@pytest.fixture
def server(bot: RunningBot) -> Iterator[Server]:
    """Over the home of the bot."""
    server = Server(bot.home, {"WEB__RATE": "100000"}).start()
    yield server
    server.kill()


def test_everybody_is_answered(fake: FakeTelegram, bot: RunningBot, server: Server) -> None:
    added = threading.Event()
    admin, key = Person(fake, ADMIN), Keys(bot.home).add("feeder", "feeder")

    def in_chat(question: str, person: Person) -> str:
        return person.ask(question, seconds=SECONDS).text

    def by_program(question: str) -> str:
        reply = server.ask(question)
        assert reply.status == 200, reply.text
        return reply.json["answer"] or reply.text

    def asks(number: int, person: Person | None) -> int:
        asked = 0
        for question, fact in islice(cycle(KNOWN.items()), number, None):
            if added.is_set() and asked >= LEAST:
                break
            told = by_program(question) if person is None else in_chat(question, person).split("\n")[0]
            assert fact in told, (question, told)
            asked += 1
        return asked

    def adds_all(own: list[str], door: int) -> None:
        """One after the other at the bot (0) or at the server (1); both know each from then on."""
        for number, place in enumerate(own, start=1000 * (door + 1)):
            adds(place, number, door)

    def adds(place: str, number: int, door: int) -> None:
        name, text = f"{place}.txt", f"{place}图书馆\n\n{place}图书馆有藏书{number}册。\n".encode()
        if door:
            sent = server.call("POST", f"/api/documents?name={quote(name)}", text, key=key)
            assert sent.status == 201, sent.text
        else:
            assert "已收录" in admin.reply_to(admin.send_file(name, text), SECONDS).text
        for told in (by_program(f"{place}图书馆有多少藏书"), in_chat(f"{place}图书馆有多少藏书", admin)):
            assert f"{number}册" in told, told

    places = [f"{first}{second}县" for first in "白青兰" for second in "水山溪林"][: 2 * FILES]
    people = [Person(fake, 1000 + number) for number in range(ASKERS)]
    with ThreadPoolExecutor(2 * ASKERS + 2) as threads:
        asking = [threads.submit(asks, number, person) for number, person in enumerate([*people, *[None] * ASKERS])]
        by_both = [threads.submit(adds_all, places[door::2], door) for door in (0, 1)]
        try:
            for door in by_both:
                door.result()
        finally:
            added.set()
        counts = [pending.result() for pending in asking]
    assert len(counts) == 2 * ASKERS and min(counts) >= LEAST
    assert "bug in Wenju" not in bot.log + server.log
