"""The event loop serves everybody: nothing that is said to one has it wait for the index."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram import Update

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.memory.suggestions import keep_suggestions
from bot.telegram.application import TelegramBot
from config.settings import load_settings
from retrieval.index.base import PassageIndex
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.telegram.conftest import USER
from tests.telegram.fake import TOKEN, FakeTelegram
from tests.telegram.people import Person


class Watched(KnowledgeBase):
    """Documents that tell from which threads they were looked at."""

    threads: list[str]

    def _index(self) -> PassageIndex:
        self.threads.append(threading.current_thread().name)
        return super()._index()


@pytest.fixture
def base(fake: FakeTelegram, tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "a.txt").write_text("云溪县食堂通知\n\n云溪县有食堂52处。\n", "utf-8")
    here = f"http://127.0.0.1:{fake.port}"
    told: dict[str, Any] = {"token": SecretStr(TOKEN), "base_url": f"{here}/bot", "base_file_url": f"{here}/file/bot"}
    with closing(
        Watched(load_settings(home=tmp_path / "home", reader="none", telegram=told), embedder=PaperEmbedder())
    ) as base:
        base.threads = []
        base.add([tmp_path / "a.txt"])
        yield base


@pytest.mark.usefixtures("loopback")
def test_what_is_said_with_an_example_waits_for_no_index(base: Watched, fake: FakeTelegram) -> None:
    user = Person(fake, USER)
    bot = TelegramBot(base.settings.telegram, base)
    passage = user.message(text="一段")
    asked = {
        "help": user.message(text="/help"),
        "ask_usage": user.message(text="/ask"),
        "ask_empty": user.message(text="@WenjuTestBot"),
        "ask_no_words": user.message(text="???"),
        "only_text": user.message(location={"longitude": 1.0, "latitude": 1.0}),
        "gone": user.message(text="食堂有多少", reply_to=passage),
    }
    texts = catalogue("zh", SHARED, TELEGRAM)
    assert {key for key, text in texts.items() if "{example}" in text} == {*asked} - {"gone"}

    example = "云溪县有多少食堂"
    state = base.state()
    assert state is not None
    keep_suggestions(base, state, ((base.documents()[0].document_id, example),))

    async def use() -> None:
        await bot._app.initialize()
        bot._runtime.bot = bot._app.bot.username
        bot._runtime.memory.passage_sent(user.chat_id, passage["message_id"], user.id, "gone")
        base.threads.clear()
        for number, message in enumerate(asked.values()):
            await bot._handle(Update.de_json({"update_id": number, "message": message}, bot._app.bot))
        await bot._app.shutdown()

    try:
        asyncio.run(use())
    finally:
        bot._database.close()
    for key, message in asked.items():
        (told,) = fake.replies(user.chat_id, message["message_id"])
        if key == "gone":
            assert told.text == texts["gone"]
        else:
            assert example in told.text, key
    assert base.threads and threading.current_thread().name not in base.threads
