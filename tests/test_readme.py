"""The README names every command, option and setting; what it claims to accept is accepted."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.main import get_command

from bot.cli import app
from config.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _settings(model: type[BaseModel], prefix: str = "") -> list[str]:
    names: list[str] = []
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names.extend(_settings(field.annotation, f"{prefix}{name}."))
        else:
            names.append(prefix + name)
    return names


@pytest.mark.parametrize("name", _settings(Settings))
def test_every_setting_is_described_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{re.escape(name)}` \| (.+?) \|", README, re.MULTILINE)
    assert row, f"the README's table lacks {name}"
    value: object = Settings()
    for part in name.split("."):
        value = getattr(value, part)
    if isinstance(value, bool):
        assert row[1] == str(value).lower()
    elif isinstance(value, int | float):
        assert row[1] == f"{value:g}"


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_and_option_is_described(command: str) -> None:
    assert f"wenju {command}" in README
    for below in getattr(get_command(app).commands[command], "commands", ()):  # type: ignore[attr-defined]
        assert f"wenju {command} {below}" in README
    for parameter in get_command(app).commands[command].params:  # type: ignore[attr-defined]
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert option in README, f"the README lacks {option} of wenju {command}"


def test_the_two_commands_stand_on_top() -> None:
    assert README.index("make ask") < README.index("make test") < 1200


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README)) | set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE))
    assert named <= targets
    assert {"ask", "install", "test", "lint", "clean"} <= targets


def test_files_that_the_readme_links_exist() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists()
