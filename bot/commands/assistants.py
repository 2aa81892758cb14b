"""`wenju mcp`: the documents as tools of an assistant."""

from importlib.util import find_spec

from bot.session import asking


def mcp() -> None:
    """Serve the Model Context Protocol on standard input and output, until the input ends: an assistant that starts
    this command can ask, search, read and list the documents, and change nothing."""
    from retrieval.errors import WenjuError

    if find_spec("mcp") is None:
        raise WenjuError("What speaks the protocol is not installed. Install it with `pip install 'wenju[mcp]'`.")
    from bot.assistants import evidence

    with asking() as base:
        evidence(base).run()
