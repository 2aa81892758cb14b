"""A bot whose index lies on a server that is out of reach for a while: what is asked is kept, and answered later."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_settings
from retrieval.service import Beside, KnowledgeBase
from tests.support.paper import PaperEmbedder
from tests.telegram.conftest import USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")
pytest.importorskip("milvus_lite", reason="needs milvus-lite, which comes with the extra wenju[dev]")

import grpc
from milvus_lite.server_manager import server_manager_instance

from tests.index.proxy import Proxy

_PATIENCE = 240
"""Seconds: at most so long a busy machine takes."""


class Sometimes(Proxy):
    """Passes all on, but for calls that come while it is `away`."""

    away = False

    def service(self, handler_call_details: Any) -> Any:
        if not self.away:
            return super().service(handler_call_details)

        def refuse(_: bytes, context: Any) -> bytes:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the server is away")
            return b""

        return grpc.unary_unary_rpc_method_handler(refuse)


@pytest.fixture
def server(paper_home: Path, tmp_path: Path) -> Iterator[Sometimes]:
    """With the documents of the paper home."""
    target = str(server_manager_instance.start_and_get_uri(str(tmp_path / "milvus.db")))
    with Sometimes(target, 1e-9, seed=7).running() as server:
        here = load_settings(home=shutil.copytree(paper_home, tmp_path / "here"), reader="none")
        there = load_settings(
            home=tmp_path / "there", reader="none", index={"engine": "milvus", "milvus_uri": server.address}
        )
        with (
            closing(KnowledgeBase(here, embedder=PaperEmbedder())) as embedded,
            closing(KnowledgeBase(there, embedder=PaperEmbedder())) as milvus,
        ):
            embedded.maintenance.backup(tmp_path / "here.zip", Beside())
            milvus.maintenance.restore(tmp_path / "here.zip", Beside())
        yield server


def test_what_is_asked_while_the_server_is_away_is_answered_when_it_is_back(
    fake: FakeTelegram, start_paper: StartBot, server: Sometimes
) -> None:
    index = {"INDEX__ENGINE": "milvus", "INDEX__MILVUS_URI": server.address, "INDEX__MILVUS_TIMEOUT": "3"}
    bot = start_paper(wait=False, TELEGRAM__USER_RATE="1", TELEGRAM__HANDLER_SECONDS="600", **index)
    fake.wait(lambda: fake.of("getUpdates"), _PATIENCE)  # what speaks to Milvus takes its time to be imported
    anna, server.away = Person(fake, USER), True
    number = anna.say("平山县有多少网格员")
    fake.wait(lambda: anna.received() and bot.log.count("is tried again") > 1, _PATIENCE)
    server.away = False
    fake.wait(lambda: len(anna.received()) > 1, _PATIENCE)
    told = [message.text for message in fake.replies(anna.chat_id, number)]
    assert len(told) == 2 and "已经记下" in told[0] and "36名" in told[1]
    assert "does not answer" in bot.log and "Traceback" not in bot.log
