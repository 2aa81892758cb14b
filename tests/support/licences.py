"""`python -m tests.support.licences`: the table in NOTICE.md of what Wenju needs to run, with versions and licences,
as the installed packages tell them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
NOTICE = ROOT / "NOTICE.md"
EXTRAS = ("torch", "web", "mcp", "ocr", "milvus", "objectstore")
"""All that people may choose to install."""
HEADING = "| package | version | licence |\n|---|---|---|\n"
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_MACHINES = (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64"))
ENVIRONMENTS = [
    {
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform,
        "platform_system": system, "platform_machine": machine,
    }
    for python in _PYTHONS
    for platform, system, machine in _MACHINES
]  # fmt: skip
"""Where Wenju is said to run: what is needed in one of these is needed."""
_LONGEST = 80
"""Characters of a licence's name; longer ones are its text."""


def canonical(name: str) -> str:
    """The name by which package indexes know it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, extras: Iterable[str] = ()) -> set[str]:
    """Canonical names of all that the installed package needs, itself aside, directly or not; what is not installed
    here is needed, and what that needs is not known."""
    found: set[tuple[str, str]] = set()
    waiting = [(canonical(name), extra) for extra in ("", *extras)]
    while waiting:
        package, extra = waiting.pop()
        if (package, extra) in found:
            continue
        found.add((package, extra))
        for requirement in _requirements(package):
            marker = requirement.marker
            if marker is None or any(
                marker.evaluate({**environment, "extra": extra}) for environment in ENVIRONMENTS
            ):
                waiting += [(canonical(requirement.name), wanted) for wanted in ("", *requirement.extras)]
    return {package for package, _ in found} - {canonical(name)}


def _requirements(package: str) -> list[Requirement]:
    with suppress(metadata.PackageNotFoundError):
        return [Requirement(text) for text in metadata.requires(package) or []]
    return []


def licence(package: str) -> str:
    """What the package says: an SPDX expression where it gives one, else its classifiers, else a short text."""
    told = metadata.metadata(package)
    if "License-Expression" in told:
        return told["License-Expression"]
    classifiers = [
        classifier.split(" :: ")[-1]
        for classifier in told.get_all("Classifier") or []
        if classifier.startswith("License :: ")
    ]
    free = [classifier for classifier in classifiers if classifier != "OSI Approved"]
    text = next(iter(told.get_all("License") or [""])).split("\n")[0].split(" :: ")[-1]
    return ", ".join(free) or (text if len(text) <= _LONGEST else "")


def version(package: str) -> str:
    """Without what a build adds to it (2.13.0+cpu)."""
    return metadata.version(package).split("+")[0]


def table() -> str:
    """One line a package, in order of name."""
    return HEADING + "".join(_lines(sorted(needed("wenju", EXTRAS))))


def _lines(packages: Iterable[str]) -> Iterator[str]:
    for package in packages:
        name = metadata.metadata(package)["Name"]
        yield f"| [{name}](https://pypi.org/project/{package}/) | {version(package)} | {licence(package)} |\n"


def main() -> None:
    """Put the table in the place of the old one."""
    before = NOTICE.read_text("utf-8").split(HEADING)[0]
    NOTICE.write_text(before + table(), "utf-8")


if __name__ == "__main__":
    main()
