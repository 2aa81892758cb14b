"""`wenju mcp`: the documents as tools of an assistant."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from bot.session import asking, settings

if TYPE_CHECKING:
    from bot.visibility import Viewer
    from retrieval.service import KnowledgeBase


def mcp(
    key: Annotated[str | None, typer.Option(help="See what the key of this name sees (`wenju key list`).")] = None,
) -> None:
    """Serve the Model Context Protocol on standard input and output, until the input ends: an assistant that starts
    this command can ask, search, read and list the documents, and change nothing. Restricted ones it does not see,
    except with --key."""
    from retrieval.errors import WenjuError

    if find_spec("mcp") is None:
        raise WenjuError("What speaks the protocol is not installed. Install it with `pip install 'wenju[mcp]'`.")
    from bot.web.keys import Keys

    viewer = None if key is None else Keys(settings().home).named(key).viewer()
    with asking() as base:
        speak(base, viewer)


def speak(base: "KnowledgeBase", viewer: "Viewer | None" = None) -> None:
    """Until the input ends, of what the viewer sees; None: of what everybody sees."""
    from bot.assistants import evidence
    from bot.visibility import NOBODY, VIEWER, Views

    VIEWER.set(viewer or NOBODY)
    evidence(Views(base).now).run()
