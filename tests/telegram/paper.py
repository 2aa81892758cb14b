"""`python -m tests.telegram.paper`: the bot over the home that the environment names, with the embedder to work out
on paper and no reader, so that it answers within a second of its start; `wenju bot` has the bundled models."""

import os
import time
from collections.abc import Sequence
from contextlib import closing

from bot.telegram.application import TelegramBot
from bot.telegram.logs import set_up_logs
from config.settings import load_settings
from retrieval.embedding.base import Vectors
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder


class Unhurried(PaperEmbedder):
    """Takes so long for each call as the environment says."""

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        time.sleep(float(os.environ.get("PAPER_SECONDS", "0")))
        return super().embed_passages(passages)


def main() -> None:
    settings = load_settings().model_copy(update={"reader": "none"})
    set_up_logs(settings.telegram)
    with closing(KnowledgeBase(settings, embedder=Unhurried())) as base:
        bot = TelegramBot(settings.telegram, base)
        bot.run()
        bot.finish()


if __name__ == "__main__":
    main()
