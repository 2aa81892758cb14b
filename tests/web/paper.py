"""`python -m tests.web.paper`: the server over the home that the environment names, with the embedder to work out on
paper and no reader, so that it answers within a second of its start; `wenju serve` has the bundled models. With `mcp`
it is what `wenju mcp` is; with `idle SECONDS` it waits so long for a request, so that a test need not wait longer.
"""

import sys
from contextlib import closing
from importlib import import_module

from bot.commands.assistants import speak
from bot.console import note
from bot.web import server
from bot.web.keys import Keys
from bot.web.logs import set_up_logs
from bot.web.runtime import WebRuntime
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

import_module("bot.assistants")  # which each server would load for itself


def main() -> None:
    set_up_logs()
    settings = load_settings().model_copy(update={"reader": "none"})
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        if sys.argv[1:2] == ["mcp"]:
            speak(base, *(Keys(settings.home).named(name).viewer() for name in sys.argv[2:]))
        else:
            if sys.argv[1:2] == ["idle"]:
                server._IDLE_SECONDS = int(sys.argv[2])
            server.serve(WebRuntime(base), note)


if __name__ == "__main__":
    main()
