"""The export of a reader in the cache: made once, made anew where it was damaged, run without torch."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.compiled import BrokenExportError
from retrieval.reading.compiled import ExportedReader
from retrieval.reading.engine import damaged_reader_files
from retrieval.reading.reference import CrossEncoderReader
from tests.reading.make import named, opened
from tests.support.models import SENTENCES, make_reader
from tests.support.running import this_tree

QUESTION = "左云县有多少网格员"


def only_export(cache: Path) -> Path:
    (directory,) = (path for path in (cache / "compiled").iterdir() if path.is_dir())
    return directory


def _same_size(path: Path) -> None:
    path.write_bytes(b"?" * path.stat().st_size)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("model.xml", _same_size),
        ("model.bin", _cut_short),
        ("tokenizer.json", Path.unlink),
        ("pieces.model", _same_size),
        ("exported.json", _cut_short),
        ("checksums.json", Path.unlink),
    ],
)
def test_a_damaged_export_is_made_anew(
    name: str, harm: Callable[[Path], None], small_reader: Path, filled: Path
) -> None:
    settings = named(small_reader, filled)
    before = opened(settings)[0].read(QUESTION, SENTENCES)
    harm(only_export(filled) / name)
    reader, messages = opened(settings)
    assert "Compiling the reader" in messages[-1]
    assert np.allclose(reader.read(QUESTION, SENTENCES), before, atol=1e-3)
    assert damaged_reader_files(settings) == []
    assert opened(settings)[1] == []


def test_an_export_that_was_altered_is_made_anew(small_reader: Path, filled: Path) -> None:
    path = only_export(filled) / "exported.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"max_tokens": 64', '"max_tokens": 63'), "utf-8")
    messages = opened(named(small_reader, filled))[1]
    assert "damaged" in messages[0]
    assert path.read_text("utf-8") == text


def test_changed_weights_are_found_by_checksum(small_reader: Path, filled: Path) -> None:
    settings = named(small_reader, filled)
    assert damaged_reader_files(settings) == []
    path = only_export(filled) / "model.bin"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert damaged_reader_files(settings) == [path]


@pytest.mark.parametrize("text", ["", "not json", "[]", "null", "{}", '{"template": {}}', '{"template": 1}'])
def test_a_description_of_another_shape_is_broken(text: str, tmp_path: Path) -> None:
    (tmp_path / "exported.json").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenExportError, match="cannot be read"):
        ExportedReader.read(tmp_path)


def test_what_was_exported_says_what_it_is(filled: Path) -> None:
    found = ExportedReader.read(only_export(filled))
    assert (found.max_tokens, found.pad_id) == (64, 0)
    assert set(found.inputs) == {"input_ids", "attention_mask"}
    assert (found.template.before, found.template.between, found.template.after) == ((2,), (3, 3), (3,))
    assert found.precision in ("auto", "f32")


def test_another_reader_of_that_name_is_exported_apart(filled: Path, tmp_path: Path) -> None:
    other = make_reader(tmp_path / "small", types=True)
    reader, messages = opened(named(other, filled, precision="f32"))
    assert len(messages) == 1
    assert len([path for path in (filled / "compiled").iterdir() if path.is_dir()]) == 2
    expected = opened(named(other, filled, engine="torch"))[0].read(QUESTION, SENTENCES)
    assert np.allclose(reader.read(QUESTION, SENTENCES), expected, atol=0.05)


def test_a_cache_that_cannot_be_written_is_no_reason_to_be_silent(small_reader: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file stands where the folder should be", encoding="utf-8")
    reader, messages = opened(named(small_reader, blocked))
    assert isinstance(reader, CrossEncoderReader)
    assert "cannot be written" in messages[-1]
    assert "WENJU_CACHE_DIR" in messages[-1]


READING = """
import sys
from pathlib import Path
from config.settings import load_settings
from retrieval.reading.engine import open_reader
reader = open_reader(load_settings(reader=sys.argv[1], cache_dir=Path(sys.argv[2])), print)
reader.read("网格员", ["有51名", "食堂"])
print("loaded:", sorted({"torch", "transformers", "sentence_transformers"} & sys.modules.keys()))
"""


def test_reading_loads_no_torch(small_reader: Path, filled: Path) -> None:
    command = [sys.executable, "-c", READING, str(small_reader), str(filled)]
    ran = subprocess.run(command, env=this_tree(), capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "loaded: []\n"
