"""The bundled model: the same vectors as the package's own engine, and a cache that is whole or not there."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import config
from config.settings import load_settings
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.bundled import DIMENSION, bundled_directory, bundled_model
from retrieval.embedding.cache_directory import damaged_files, is_whole
from retrieval.embedding.engine import identify, open_embedder
from retrieval.errors import ModelError, StorageError

REFERENCE: list[dict[str, Any]] = json.loads((Path(__file__).parent / "reference_vectors.json").read_text("utf-8"))[
    "vectors"
]
CLOSE = 0.998
"""The two engines share the weights and differ in rounding only; a wrong tensor, prompt or pooling is far below."""

Embed = Callable[[list[str]], Vectors]


def _cosines(left: Vectors, right: Vectors) -> Vectors:
    unit = [vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for vectors in (left, right)]
    cosines: Vectors = (unit[0] * unit[1]).sum(axis=1)
    return cosines


def _reference(kind: str) -> Vectors:
    return np.array([entry[kind] for entry in REFERENCE], np.float32)


@pytest.mark.parametrize("kind", ["question", "passage"])
def test_vectors_are_those_of_the_package(kind: str, real_embedder: Embedder) -> None:
    embed = real_embedder.embed_questions if kind == "question" else real_embedder.embed_passages
    vectors = embed([entry["sentence"] for entry in REFERENCE])
    cosines = _cosines(vectors, _reference(kind))
    assert {
        entry["sentence"]: cosine for entry, cosine in zip(REFERENCE, cosines, strict=True) if cosine < CLOSE
    } == {}


def test_questions_and_passages_have_prompts_of_their_own(real_embedder: Embedder) -> None:
    """The reference tells the two apart: a swapped or forgotten prompt would not pass the test above."""
    assert _cosines(_reference("question"), _reference("passage")).max() < 0.99
    sentences = [entry["sentence"] for entry in REFERENCE]
    questions, passages = real_embedder.embed_questions(sentences), real_embedder.embed_passages(sentences)
    assert _cosines(questions, passages).max() < 0.99


def test_dimension_type_and_length(real_embedder: Embedder) -> None:
    assert real_embedder.identity == identify(load_settings())
    assert real_embedder.identity.dimension == DIMENSION == len(REFERENCE[0]["question"])
    for embed in (real_embedder.embed_questions, real_embedder.embed_passages):
        vectors = embed(["食堂", "网格员" * 400, "", "😀"])
        assert vectors.shape == (4, DIMENSION)
        assert vectors.dtype == np.dtype(np.float32)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert embed([]).shape == (0, DIMENSION)


def test_a_vector_does_not_depend_on_its_neighbours(real_embedder: Embedder) -> None:
    alone = real_embedder.embed_passages(["食堂每天中午开饭。"])
    among = real_embedder.embed_passages(["网格员" * 100, "食堂每天中午开饭。", "x"])[1:2]
    assert _cosines(alone, among).min() > 0.9999


@dataclass(frozen=True)
class Built:
    """What was seen while the model was made in a cache in which another process had been killed at that."""

    directory: Path
    leftovers_before: list[str]
    whole_before: bool
    messages: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    cache = tmp_path_factory.mktemp("cache")
    target = bundled_directory(cache)
    _kill_while_building(cache, target)
    leftovers = sorted(path.name for path in _unfinished(target))
    whole = target.exists() or is_whole(target)
    messages: list[str] = []
    directory = bundled_model(cache, messages.append)
    yield Built(directory, leftovers, whole, messages)
    shutil.rmtree(cache)


def _unfinished(target: Path) -> list[Path]:
    return list(target.parent.glob(f".{target.name}-*"))


def _kill_while_building(cache: Path, target: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from retrieval.embedding.bundled import bundled_model;"
        "bundled_model(Path(sys.argv[1]), print)"
    )
    root = Path(config.__file__).parents[1]
    builder = subprocess.Popen([sys.executable, "-c", code, str(cache)], cwd=root, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not any(path.joinpath("model.safetensors").exists() for path in _unfinished(target)):
            assert builder.poll() is None, "the builder ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
    finally:
        builder.kill()
        builder.wait()
    assert builder.returncode == -signal.SIGKILL


def test_a_killed_run_leaves_nothing_that_passes_for_the_model(built: Built) -> None:
    assert len(built.leftovers_before) == 1
    assert not built.whole_before


def test_the_next_run_makes_it_whole_and_clears_the_rest_away(built: Built) -> None:
    assert is_whole(built.directory)
    assert damaged_files(built.directory) == []
    assert _unfinished(built.directory) == []
    assert len(built.messages) == 2
    assert str(built.directory) in built.messages[0]


def test_a_whole_model_is_not_made_again(built: Built) -> None:
    before = (built.directory / "model.safetensors").stat()
    messages: list[str] = []
    assert bundled_model(built.directory.parents[1], messages.append) == built.directory
    assert messages == []
    assert (built.directory / "model.safetensors").stat() == before


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json", "1_Pooling/config.json"])
def test_a_changed_byte_is_found(name: str, built: Built) -> None:
    path = built.directory / name
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        original = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([original[0] ^ 1]))
    try:
        assert damaged_files(built.directory) == [name]
    finally:
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(original)
    assert damaged_files(built.directory) == []


@pytest.mark.parametrize("name", ["tokenizer.json", "modules.json", "checksums.json"])
@pytest.mark.parametrize("harm", ["gone", "cut short"])
def test_a_model_that_lost_a_file_is_not_whole(name: str, harm: str, built: Built) -> None:
    path = built.directory / name
    original = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(original[:-10])
    try:
        assert not is_whole(built.directory)
    finally:
        path.write_bytes(original)
    assert is_whole(built.directory)


@pytest.mark.parametrize("checksums", ["{}", "[]", "null", "not json", '{"config.json": {"size": 1, "sha256": ""}}'])
def test_a_folder_of_that_name_is_not_taken_for_the_model(checksums: str, tmp_path: Path) -> None:
    directory = bundled_directory(tmp_path)
    assert not is_whole(directory)
    directory.mkdir(parents=True)
    (directory / "config.json").write_text("{}", encoding="utf-8")
    assert not is_whole(directory)
    (directory / "checksums.json").write_text(checksums, encoding="utf-8")
    assert not is_whole(directory)


def test_checksums_of_another_shape_are_no_checksums(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "checksums.json").write_text('{"config.json": 2}', encoding="utf-8")
    assert not is_whole(tmp_path)


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match="WENJU_CACHE_DIR"):
        bundled_model(tmp_path / "cache", lambda _: None)


def test_a_model_directory_that_is_not_there(tmp_path: Path) -> None:
    for name in (str(tmp_path / "nothing"), "./nothing", "~/nothing-of-that-name"):
        settings = load_settings(model=name)
        with pytest.raises(ModelError, match="nothing"):
            identify(settings)
        with pytest.raises(ModelError, match="nothing"):
            open_embedder(settings, print)


def test_a_directory_without_a_model(tmp_path: Path) -> None:
    folder = tmp_path / "empty model"
    folder.mkdir()
    with pytest.raises(ModelError, match="empty model"):
        open_embedder(load_settings(model=str(folder)), print)
    (folder / "modules.json").write_text("[]", encoding="utf-8")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="empty model"):
        open_embedder(load_settings(model=str(folder)), print)


def test_the_identity_of_a_directory_follows_its_contents(tmp_path: Path) -> None:
    def fingerprint() -> str:
        return identify(load_settings(model=str(tmp_path / "model"))).fingerprint

    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}", encoding="utf-8")
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(bytes(5 * 2**20))
    first = fingerprint()
    assert fingerprint() == first
    weights.write_bytes(bytes(5 * 2**20 - 1) + b"\1")  # as large as before, another end
    second = fingerprint()
    assert second != first
    (tmp_path / "model" / ".cache").write_text("not part of the model", encoding="utf-8")
    assert fingerprint() == second
