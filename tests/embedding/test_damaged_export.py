"""Exports that were damaged, altered or never finished: found, told, and made anew."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.cache_directory import is_whole
from retrieval.embedding.compiled import BrokenExportError, CompiledEmbedder
from retrieval.embedding.engine import damaged_model_files, identify
from retrieval.embedding.export import export_directory
from retrieval.errors import ModelError
from tests.embedding.exports import named, opened
from tests.support.models import SENTENCES
from tests.support.running import this_tree


def _same_size(path: Path) -> None:
    path.write_bytes(b"?" * path.stat().st_size)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize("name", ["model.xml", "tokenizer.json", "pieces.model", "exported.json", "checksums.json"])
@pytest.mark.parametrize("harm", [_same_size, _cut_short, Path.unlink])
def test_a_damaged_export_is_not_used(
    name: str, harm: Callable[[Path], None], small_model: Path, filled: Path
) -> None:
    """That it is made anew then, the next test shows of each file."""
    identity = identify(named(small_model, filled))
    directory = export_directory(filled, identity)
    assert is_whole(directory)
    harm(directory / name)
    if is_whole(directory):  # it has its size, so it is opened
        with pytest.raises(BrokenExportError):
            CompiledEmbedder(directory, identity, 1, "auto")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("model.xml", _same_size),
        ("tokenizer.json", _cut_short),
        ("pieces.model", Path.unlink),
        ("exported.json", _same_size),
        ("checksums.json", _cut_short),
    ],
)
def test_a_damaged_export_is_made_anew(
    name: str, harm: Callable[[Path], None], small_model: Path, filled: Path
) -> None:
    settings = named(small_model, filled)
    before = opened(settings)[0].embed_passages(SENTENCES)
    directory = export_directory(filled, identify(settings))
    harm(directory / name)
    embedder, messages = opened(settings)
    assert "Compiling the model" in messages[-1]
    assert np.allclose(embedder.embed_passages(SENTENCES), before, atol=1e-3)
    assert damaged_model_files(settings) == []
    assert opened(settings)[1] == []


def test_an_export_that_was_altered_is_made_anew(small_model: Path, filled: Path) -> None:
    settings = named(small_model, filled)
    path = export_directory(filled, identify(settings)) / "exported.json"
    path.write_text(path.read_text("utf-8").replace('"dimension": 32', '"dimension": 33'), "utf-8")
    embedder, messages = opened(settings)
    assert "damaged" in messages[0]
    assert embedder.identity.dimension == 32


def test_an_export_is_for_all_users_to_read(small_model: Path, cache: Path) -> None:
    settings = named(small_model, cache)
    opened(settings)
    assert export_directory(cache, identify(settings)).stat().st_mode & 0o777 == 0o755


def test_changed_weights_are_found_by_checksum(small_model: Path, filled: Path) -> None:
    settings = named(small_model, filled)
    embedder, _ = opened(settings)
    weights = export_directory(filled, identify(settings)) / "model.bin"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    assert damaged_model_files(settings) == [weights]
    with pytest.raises(ModelError, match="damaged; run this again"):  # before a wrong vector is stored
        embedder.embed_passages(SENTENCES)
    again, messages = opened(settings)
    assert len(messages) == 1
    assert again.embed_passages(SENTENCES).shape == (4, 32)


def test_a_killed_export_is_made_again(small_model: Path, cache: Path) -> None:
    settings = named(small_model, cache)
    target = export_directory(cache, identify(settings))
    script = (
        "import sys; from pathlib import Path; from config.settings import load_settings\n"
        "from retrieval.embedding.engine import open_embedder\n"
        "open_embedder(load_settings(model=sys.argv[1], cache_dir=Path(sys.argv[2]), threads=1), print)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(small_model), str(cache)], env=this_tree())
    deadline = time.monotonic() + 60
    while not list(cache.glob(f"compiled/.{target.name}-*/tokenizer.json")):
        assert child.poll() is None, "the export ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.001)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert not target.exists()
    embedder, messages = opened(settings)
    assert isinstance(embedder, CompiledEmbedder)
    assert len(messages) == 1
    assert sorted(path.name for path in target.parent.iterdir()) == [target.name, f"{target.name}.lock"]
