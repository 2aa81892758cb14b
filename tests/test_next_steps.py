"""What is told of an error: to a program without any option of the command line, to a person there with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from config.errors import SettingsError
from retrieval.embedding.base import ModelIdentity
from retrieval.errors import ConfirmationRequired, WenjuError
from retrieval.evaluation.compare import read_floors, read_result
from retrieval.evaluation.datasets import load
from retrieval.index.following import FollowedBackup, follow, followed, refuse_to_write
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.query.message.checked import checked_question
from retrieval.query.scope import Scope

MADE = ModelAndRecipe(ModelIdentity("m", 3, "f"), "a")


def following(folder: Path) -> None:
    follow(folder, FollowedBackup("/backups"))
    refuse_to_write(folder)


def garbled(folder: Path) -> None:
    follow(folder, FollowedBackup("/backups"))
    (path,) = folder.iterdir()
    path.write_text("{", "utf-8")
    followed(folder)


def written(folder: Path, text: str) -> Path:
    path = folder / "earlier.json"
    path.write_text(text, "utf-8")
    return path


ITEMS = '{"hit@1": 1, "hit@3": 1, "hit@5": 1, "hit@10": 1, "mrr": 1, "items": 1}'
TOLD: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "question": (
        lambda _: checked_question(" "),
        "The question is empty. Ask something, for example: 左云县有多少网格员",
        "The question is empty. Ask something, for example: wenju ask 左云县有多少网格员",
    ),
    "dates": (
        lambda _: Scope.of("2026", "2025"),
        "There is no day between 2026-01-01 and 2025-12-31.",
        "There is no day between 2026-01-01 (--since) and 2025-12-31 (--until).",
    ),
    "settings": (
        lambda _: MADE.check(MADE.model, "b"),
        "The index was cut by the recipe “a”, the settings say “b”. Rebuild the index, or put the setting back.",
        "The index was cut by the recipe “a”, the settings say “b”. Run `wenju index --rebuild`, or put the setting "
        "back.",
    ),
    "following": (
        following,
        "The index in {folder} follows the backups in /backups: index and remove on the machine that makes them. "
        "Following may be ended: what is here can then be added to.",
        "The index in {folder} follows the backups in /backups: index and remove on the machine that makes them. "
        "`wenju replica --leave` ends that, and what is here can be added to.",
    ),
    "garbled": (
        garbled,
        "{file} is garbled, so that it is not known what this index follows. Delete the file; then follow again, or "
        "index here.",
        "{file} is garbled, so that it is not known what this index follows. Delete the file; then follow again "
        "(`wenju replica FOLDER --yes`), or index here.",
    ),
    "not a result": (
        lambda folder: read_result(written(folder, "{}")),
        "{file} is not a result of an evaluation. Name one to compare with.",
        "{file} is not a result of `wenju eval --json`. Name one to compare with.",
    ),
    "no JSON": (
        lambda folder: read_result(written(folder, "[]")),
        "{file} is not one JSON object. Name an earlier result as JSON.",
        "{file} is not one JSON object. Name what `wenju eval --json` printed.",
    ),
    "floors": (
        lambda folder: read_floors(written(folder, "[]")),
        '{file} is not one JSON object. Give an object such as {{"hit@1": 0.75}}.',
        '{file} is not one JSON object. Give an object such as {{"hit@1": 0.75}}.',
    ),
    "not SQuAD": (
        lambda folder: load([written(folder, '{"question": "谁？"}\n')], by="article"),
        "What answers are counted by is said of SQuAD files, and {file} is none. Leave it out, or evaluate that file "
        "alone.",
        "--by is for SQuAD files, and {file} is none. Leave it out, or evaluate that file alone.",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told(name: str, tmp_path: Path) -> None:
    go_wrong, to_programs, at_the_command_line = TOLD[name]
    with pytest.raises(WenjuError) as caught:
        go_wrong(tmp_path)
    file = next(tmp_path.iterdir(), tmp_path)
    assert str(caught.value) == to_programs.format(folder=tmp_path, file=file)
    assert in_terminal(caught.value) == at_the_command_line.format(folder=tmp_path, file=file)


def test_an_error_without_another_step_is_told_as_it_is() -> None:
    assert in_terminal(WenjuError("The disk is full {0}.")) == "The disk is full {0}."
    assert in_terminal(SettingsError("No home.")) == "No home."


def test_the_fact_may_hold_anything() -> None:
    error = ConfirmationRequired("{x} and {fact} are there already.", "replace_backup", other="another file")
    assert in_terminal(error) == "{x} and {fact} are there already. Name another file, or add --force to replace it."
