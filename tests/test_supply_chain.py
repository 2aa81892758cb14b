"""What is installed with Wenju: all of it pinned, its licences known."""

import re
from importlib import metadata

import pytest

from tests.support.licences import EXTRAS, NOTICE, ROOT, canonical, licence, needed, version

PINS = {
    canonical(name): pinned
    for name, pinned in re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
}
BUILDING = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
"""What builds the package, and what that needs: installed for that time only, elsewhere."""
BROWSER = {"greenlet"}
"""What playwright needs, which is known only where `make test-browser` was run."""
INSTALLED = {canonical(distribution.metadata["Name"]) for distribution in metadata.distributions()}
BESIDE = {"wenju", "pip"}
"""Installed, and not from an index: ourselves, and what comes with every environment."""


def test_constraints_pin_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    packages = [line for line in lines if not line.startswith("#")]
    assert len(packages) == len(PINS)
    assert packages == sorted(packages, key=str.lower)


def test_every_package_that_is_needed_is_pinned_to_the_version_that_is_tested() -> None:
    wanted = needed("wenju", ["dev", "browser"]) | BUILDING | BROWSER
    assert wanted - PINS.keys() == set(), "not pinned"
    assert PINS.keys() - wanted == set(), "pinned, and nothing needs it"
    here = PINS.keys() & INSTALLED
    assert {name: version(name) for name in here} == {name: PINS[name] for name in here}


def test_nothing_else_is_installed() -> None:
    extras = re.findall(r"^([\w.-]+)==", (ROOT / "benchmarks" / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    if INSTALLED & set(map(canonical, extras)):
        pytest.skip("what the benchmarks compare with is installed too")
    assert INSTALLED - PINS.keys() <= BESIDE


def test_the_notice_lists_what_is_needed_to_run_with_its_licence() -> None:
    rows = re.findall(r"^\| \[(.+?)\]\(.+?\) \| (.+?) \| (.+?) \|$", NOTICE.read_text("utf-8"), re.MULTILINE)
    listed = {canonical(name): (number, told) for name, number, told in rows}
    assert listed.keys() == needed("wenju", EXTRAS), "run: python -m tests.support.licences"
    assert len(rows) == len(listed)
    for name, (number, told) in listed.items():
        assert number == PINS[name], f"{name}: run: python -m tests.support.licences"
        assert name not in INSTALLED or told == licence(name), name


CHOICE = {"tld": "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later"}
"""GPL is one of several that may be chosen."""
LIBRARY = {"python-telegram-bot"}
"""LGPL, used as it is published: an installation may put another version in its place."""


def test_no_licence_asks_more_than_a_notice() -> None:
    for name in needed("wenju", EXTRAS) & INSTALLED:
        told = licence(name)
        assert told, f"{name} names no licence"
        assert "AGPL" not in told and "Affero" not in told
        if re.search(r"GPL|General Public", told):
            assert CHOICE.get(name) == told or (name in LIBRARY and "LGPL" in told), f"{name}: {told}"
        assert not re.search(r"non-?commercial|proprietary|research only", told, re.IGNORECASE)
