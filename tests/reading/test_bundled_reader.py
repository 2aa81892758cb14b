"""The bundled reader: a genuine CrossEncoder in the cache, put together once, whole or not there."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from config.settings import load_settings
from retrieval.embedding.bundled import bundled_directory, bundled_model
from retrieval.embedding.cache_directory import damaged_files, is_whole
from retrieval.errors import ModelError, StorageError
from retrieval.reading import bundled, inputs, weights
from retrieval.reading.bundled import FOLDER, bundled_reader, described, reader_directory


@dataclass(frozen=True)
class Built:
    """What was seen while the reader was put together in a cache that had the embedding model and half a reader."""

    cache: Path
    directory: Path
    whole_before: bool
    messages: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    cache = tmp_path_factory.mktemp("cache")
    target = reader_directory(cache)
    usual = bundled_model(load_settings().cache_dir, print)
    target.mkdir(parents=True)
    bundled_directory(cache).symlink_to(usual)
    (target / "config.json").write_text("{}", encoding="utf-8")
    (unfinished := target.with_name(f".{target.name}-killed")).mkdir()
    (unfinished / "model.safetensors").write_bytes(b"half of it")
    whole = is_whole(target)
    messages: list[str] = []
    yield Built(cache, bundled_reader(cache, messages.append), whole, messages)
    shutil.rmtree(cache)


def test_a_half_written_reader_is_made_anew_and_leftovers_go(built: Built) -> None:
    assert not built.whole_before
    assert is_whole(built.directory)
    assert damaged_files(built.directory) == []
    assert not list(built.directory.parent.glob(f".{built.directory.name}-*"))
    assert len(built.messages) == 1
    assert str(built.directory) in built.messages[0]


def test_a_whole_reader_is_not_made_again(built: Built) -> None:
    before = (built.directory / "model.safetensors").stat()
    messages: list[str] = []
    assert bundled_reader(built.cache, messages.append) == built.directory
    assert messages == []
    assert (built.directory / "model.safetensors").stat() == before


def test_it_is_a_genuine_cross_encoder(built: Built) -> None:
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    model = CrossEncoder(str(built.directory), device="cpu", local_files_only=True)
    assert model.num_labels == 1
    assert model.max_seq_length == described()["tokens"]
    assert isinstance(model.model, BertForSequenceClassification)
    assert model.model.config.num_hidden_layers == described()["layers"]
    found = model.predict([("左云县有多少网格员", text) for text in ("", "【有51名。】", "食堂" * 2000)])
    assert found.shape == (3,)
    assert np.isfinite(found).all()


def test_every_weight_is_there_and_none_is_left_over(built: Built) -> None:
    from transformers import BertForSequenceClassification

    loaded: Any = BertForSequenceClassification.from_pretrained(built.directory, output_loading_info=True)
    _, loading = loaded
    assert not loading["missing_keys"]
    assert not loading["unexpected_keys"]
    assert not loading["mismatched_keys"]


def test_layers_are_its_own_and_word_embeddings_those_of_the_embedding_model(built: Built) -> None:
    own = weights.load((FOLDER / bundled.WEIGHTS).read_bytes())
    word = "embeddings.word_embeddings.weight"
    with (
        safe_open(built.directory / "model.safetensors", "np") as made,
        safe_open(bundled_directory(built.cache) / "model.safetensors", "np") as source,
    ):
        names = set(made.keys())
        for name, tensor in own.items():
            assert np.array_equal(made.get_tensor(name), tensor), name
        assert not any("embeddings" in name for name in own)
        assert np.allclose(made.get_tensor(f"bert.{word}"), source.get_tensor(word), atol=1e-3)
        assert names - own.keys() == {f"bert.{name}" for name in source.keys() if "embeddings." in name}  # noqa: SIM118


# -- what is missing or altered --------------------------------------------------------------------------------------


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray((FOLDER / bundled.WEIGHTS).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / bundled.WEIGHTS).write_bytes(data)
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    with pytest.raises(ModelError, match=r"is damaged\. Install Wenju again, or set reader = none\.$") as raised:
        bundled_reader(tmp_path / "cache", print)
    assert str(tmp_path / bundled.WEIGHTS) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not reader_directory(tmp_path / "cache").exists()


def test_missing_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    with pytest.raises(ModelError, match=r"cannot be read .*Install Wenju again, or set reader = none\.$"):
        bundled_reader(tmp_path / "cache", print)


@pytest.mark.parametrize("description", [None, "", "not json", "[]", "null", "{}", '{"inputs": "of another recipe"}'])
def test_a_description_that_does_not_fit_is_told(description: str | None, tmp_path: Path) -> None:
    if description is not None:
        (tmp_path / bundled.DESCRIPTION).write_text(description, encoding="utf-8")
    with pytest.raises(ModelError, match=r"Install Wenju again, or set reader = none\.$") as raised:
        described(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match=r"The reader cannot be written .*WENJU_CACHE_DIR"):
        bundled_reader(tmp_path / "cache", print)


def test_the_description_is_of_these_weights() -> None:
    """What ships is what was described: no other test would tell before a user does."""
    import hashlib

    data = (FOLDER / bundled.WEIGHTS).read_bytes()
    assert hashlib.sha256(data).hexdigest() == described()["sha256"]
    layers = {name.split(".")[3] for name in weights.load(data) if ".layer." in name}
    assert len(layers) == described()["layers"]
    assert json.loads((FOLDER / bundled.DESCRIPTION).read_text("utf-8"))["inputs"] == inputs.RECIPE
