"""`wenju synonyms`: the office's own file of words that mean the same."""

import typer

from bot.console import note, out
from bot.render.visible import visible
from bot.session import knowledge_base

synonyms = typer.Typer(help="Words of your own that mean the same.", no_args_is_help=True, rich_markup_mode=None)


@synonyms.callback()
def _group() -> None:
    """So that `check` is a command of a group, however many there are."""


@synonyms.command("check")
def check() -> None:
    """Check synonyms.toml in the home folder, or the file that the setting search.synonyms names, and tell what it
    has. Exit code 2 when it is faulty, with one line that says where."""
    with knowledge_base() as base:
        file = base.synonyms
        found = file.read()
    if not file.path.exists():
        note(f'There is no {file.path}. Write one: sets = [["低保", "最低生活保障"]]')
        return
    words = sum(map(len, found.sets))
    out().print(visible(f"ok   {file.path}: {len(found.sets)} sets, {words} words"), markup=False)
