"""The pages for people: their links resolve, and they name every command, option and setting as it is."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from config.settings import AnswerSettings
from tests.support.settings_page import made, names

ROOT = Path(__file__).resolve().parents[1]
ABOVE = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in ABOVE), *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
COMMANDS = (ROOT / "docs" / "command-line.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z]+:")


def prose(text: str) -> str:
    """A page without what stands in fences, where a # begins no heading and brackets no link."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    """Those of a page's headings, as GitHub makes them: lower case, hyphens for spaces, no punctuation; what comes
    again is numbered."""
    found: Counter[str] = Counter()
    names = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(text), re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


def links(text: str) -> list[str]:
    """What a page links to beside it: no address of the web."""
    return [target for target in _LINK.findall(prose(text)) if not _ELSEWHERE.match(target)]


def test_headings_and_links_are_found_as_github_finds_them() -> None:
    text = "# A `b` — 问据, c_d!\n[x](y.md#z) [w](https://e.org) ![i](p.svg)\n```\n# no\n[n](m)\n```\n## E\n## E\n"
    assert anchors(text) == {"a-b--问据-c_d", "e", "e-1"}
    assert links(text) == ["y.md#z", "p.svg"]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_resolve(page: Path) -> None:
    for target in links(page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_relative_to(ROOT) and file.exists(), target
        assert not anchor or anchor in anchors(file.read_text("utf-8")), target


def test_every_page_is_reached_from_the_readme() -> None:
    named = {(ROOT / target.partition("#")[0]).resolve() for target in links((ROOT / "README.md").read_text("utf-8"))}
    assert set(PAGES) - {ROOT / "README.md"} <= named


def test_the_settings_are_described_as_they_are() -> None:
    assert made(SETTINGS) == SETTINGS, "run: python -m tests.support.settings_page"


@pytest.mark.parametrize("name", names())
def test_every_setting_is_described(name: str) -> None:
    """Else the test above might compare nothing."""
    assert re.search(rf"^\| `{re.escape(name)}` \| [^|]+ \| [^|]+ \| [^|]{{10,}} \|$", SETTINGS, re.MULTILINE)


def test_the_thresholds_without_a_reader_are_described() -> None:
    for name, value in zip(("answered", "related"), AnswerSettings().thresholds(read=False), strict=True):
        assert re.search(rf"^\| `answer\.{name}` \|.* {value:g} without a reader \|$", SETTINGS, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_and_option_is_described(command: str) -> None:
    assert f"wenju {command}" in COMMANDS
    for below in getattr(get_command(app).commands[command], "commands", ()):  # type: ignore[attr-defined]
        assert f"wenju {command} {below}" in COMMANDS
    for parameter in get_command(app).commands[command].params:  # type: ignore[attr-defined]
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert option in COMMANDS, f"docs/command-line.md lacks {option} of wenju {command}"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = page.read_text("utf-8")
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets


def test_the_files_for_a_cluster_name_three_nodes_that_answer_and_one_version() -> None:
    files = [ROOT / "docs" / "milvus" / name for name in ("compose.yaml", "values.yaml")]
    compose, values = (yaml.safe_load(file.read_text("utf-8")) for file in files)
    services = compose["services"]
    assert services["querynode"]["deploy"]["replicas"] == values["queryNode"]["replicas"] == 3
    assert services["streamingnode"]["deploy"]["replicas"] == values["streamingNode"]["replicas"] == 3
    tag = values["image"]["all"]["tag"]
    images = {own["image"] for own in services.values() if own["image"].startswith("milvusdb/")}
    assert images == {f"milvusdb/milvus:{tag}"}
