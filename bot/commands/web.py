"""`wenju serve` and `wenju key`: the page and the API, and who may use them."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.console import ingest_bar, note, out
from bot.render.visible import visible
from bot.session import knowledge_base, settings, warn_of_collections

if TYPE_CHECKING:
    from bot.web.keys import Keys
    from retrieval.service import KnowledgeBase

_COLLECTION_HELP = "A folder: the key is for documents below it alone, restricted or not. May be given several times."
key = typer.Typer(help="Keys of the page and the API.", no_args_is_help=True, rich_markup_mode=None)
_ROLE_HELP = "reader asks and reads, feeder also sends files, administrator also removes them."


def serve() -> None:
    """Serve the page and the API, until Ctrl-C or SIGTERM: http://127.0.0.1:8765/ unless settings say otherwise. They
    are told of in docs/settings.md, and keys in docs/web.md."""
    from retrieval.errors import WenjuError

    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise WenjuError(
            "What serves the page is not installed. Install it with `pip install 'wenju[web]'`, or in Wenju's own "
            "folder with `make install`."
        )
    from bot.web.logs import set_up_logs
    from bot.web.runtime import WebRuntime
    from bot.web.server import refuse_without_keys
    from bot.web.server import serve as serve_runtime

    set_up_logs()
    refuse_without_keys(settings().web, _keys())  # before anything is loaded
    with knowledge_base() as own, _samples(own) as samples:
        warn_of_collections(own)
        runtime = WebRuntime(own, samples)
        base = runtime.base
        if not base.is_empty:
            base.check()
        base.embedder()
        serve_runtime(runtime, lambda address: note(f"Wenju answers at {address} until Ctrl-C."))


@contextmanager
def _samples(own: "KnowledgeBase") -> "Iterator[KnowledgeBase | None]":
    """The sample documents, while nothing else is indexed."""
    from contextlib import closing

    from retrieval.samples import open_samples, refresh

    if not own.is_empty:
        yield None
        return
    note("Nothing is indexed yet: the page answers from the sample documents until something is.")
    with closing(open_samples(own.settings, note)) as samples:
        with ingest_bar("Indexing samples") as progress:
            refresh(samples, progress)
        yield samples


@key.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is: letters, digits, ., _ and -.")],
    role: Annotated[Literal["reader", "feeder", "administrator"], typer.Option(help=_ROLE_HELP)] = "reader",
    collection: Annotated[list[Path] | None, typer.Option(help=_COLLECTION_HELP)] = None,
) -> None:
    """Make a key and print it. It is kept as a hash, so nobody can print it again."""
    from retrieval.service import absolute

    made = _keys().add(name, role, [absolute(folder) for folder in collection or ()])
    out().print(made, markup=False)
    note(f"This is the key of {name} ({role}). It is shown this once: keep it where only {name} reads it.")


@key.command("list")
def list_keys() -> None:
    """List the keys by name, with their roles and when they were made."""
    known = _keys().all()
    for stored in known:
        sees = f"  {', '.join(stored.collections)}" if stored.collections is not None else ""
        out().print(visible(f"{stored.role:<13}  {stored.created}  {stored.name}{sees}"), markup=False)
    if not known:
        note("There are no keys. Make one with: wenju key add NAME")


@key.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The name that `wenju key list` shows.")]) -> None:
    """Take a key away; a server that runs refuses it from then on."""
    gone = _keys().remove(name)
    out().print(visible(f"Removed the key of {gone.name} ({gone.role})."), markup=False)


def _keys() -> "Keys":
    from bot.web.keys import Keys

    return Keys(settings().home)
