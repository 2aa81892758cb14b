"""The doctor's checks never raise: what is wrong with a part is told in its line."""

import sys
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from retrieval.maintenance.doctor import Check, examine, python


def checks(settings: Settings) -> dict[str, Check]:
    """Without a reader, which takes long to open."""
    return {check.name: check for check in examine(settings.model_copy(update={"reader": "none"}), print)}


@pytest.mark.parametrize("home", ["file", "file/below", "x" * 300])
def test_a_home_that_can_be_no_folder(tmp_path: Path, home: str) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    found = checks(load_settings(home=tmp_path / home))
    for part in ("disk", "index"):
        assert not found[part].ok
        assert "WENJU_HOME" in found[part].detail or "permissions" in found[part].detail


def test_a_garbled_name_of_the_index_in_use(settings: Settings) -> None:
    root = settings.home / "index"
    root.mkdir(parents=True)
    (root / "CURRENT").write_text("gen-zwei", "utf-8")
    index = checks(settings)["index"]
    assert not index.ok
    assert "CURRENT" in index.detail


def test_python_is_held_against_what_wenju_needs() -> None:
    assert python((3, 11, 0)).ok
    assert python((4, 0, 1)).ok
    old = python((3, 10, 14, "final", 0))
    assert not old.ok
    assert "3.10.14" in old.detail
    assert "needs 3.11" in old.detail


def test_whether_torch_is_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks(settings)["torch"].detail.startswith("2.")
    monkeypatch.setitem(sys.modules, "torch", None)
    found = checks(settings)
    assert found["torch"].ok  # the bundled models do without
    assert "make install-torch" in found["torch"].detail
    other = checks(settings.model_copy(update={"model": "somebody/some-model"}))
    assert not other["model"].ok
    assert "needs torch" in other["model"].detail
