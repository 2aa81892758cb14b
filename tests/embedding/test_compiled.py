"""The compiled engine: the vectors of sentence-transformers without it, and torch where that cannot be."""

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import load_settings
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.compiled import CompiledEmbedder
from retrieval.embedding.engine import damaged_model_files, identify, open_embedder
from retrieval.embedding.export import export_directory
from retrieval.embedding.reference import SentenceTransformerEmbedder
from retrieval.errors import ModelError, WenjuError
from tests.embedding.exports import named, opened
from tests.support.models import SENTENCES, make_model, make_static_model
from tests.support.running import ROOT, this_tree

CLOSE = 0.999
HOW_TO_INSTALL = r"[^\n]*\. Install it with `pip install 'wenju\[torch\]'`[^\n]*`make install-torch`\.$"
ODD = ["", " ", "\n", "a", "据", "😀", "\u200b", "\0", "〇" * 40, "x" * 3000]


def cosines(left: Vectors, right: Vectors) -> Vectors:
    assert left.shape == right.shape
    for vectors in (left, right):
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    product: Vectors = (left * right).sum(axis=1)
    return product


def texts_of_all_lengths(longest: int) -> list[str]:
    """Beginnings of one sentence and the next, repeated, of 1 to so many characters, in an order that mixes them."""
    lengths = sorted({*range(1, 40), *range(40, longest, 37), longest})
    texts = [(sentence * longest)[:length] for length, sentence in zip(lengths, cycle(SENTENCES), strict=False)]
    random.Random(5).shuffle(texts)
    return texts


def one_by_one(embed: Callable[[list[str]], Vectors], texts: list[str]) -> Vectors:
    """Nothing is padded: torch computes the padding, too, and a model with padding on the left gives another vector
    for each width of a batch."""
    return np.concatenate([embed([text]) for text in texts])


# -- the same vectors ----------------------------------------------------------------------------------------------


def test_vectors_are_those_of_sentence_transformers(real_embedder: Embedder) -> None:
    """The bundled model, four languages, 1 to over 512 tokens, odd texts, lengths mixed."""
    reference = open_embedder(load_settings(engine="torch", threads=1), print)
    assert isinstance(real_embedder, CompiledEmbedder)
    assert isinstance(reference, SentenceTransformerEmbedder)
    texts = ODD + texts_of_all_lengths(330) + [SENTENCES[0] * 40, SENTENCES[1] * 60]
    assert cosines(real_embedder.embed_passages(texts), one_by_one(reference.embed_passages, texts)).min() > CLOSE
    questions = texts[:20]
    expected = one_by_one(reference.embed_questions, questions)
    assert cosines(real_embedder.embed_questions(questions), expected).min() > CLOSE
    precise = open_embedder(load_settings(precision="f32", threads=1), print)
    assert cosines(precise.embed_questions(questions), expected).min() > 0.9999


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"pooling": "cls"},
        {"pooling": "max", "positions": 16},
        {"lower": True, "prompts": {"query": "The canteen: ", "passage": "食堂 "}},
        {"padding_side": "left", "positions": 128},
    ],
)
def test_any_model_that_exports_is_served(kind: dict[str, Any], tmp_path: Path, cache: Path) -> None:
    model = make_model(tmp_path / "model", **kind)
    compiled, messages = opened(named(model, cache))
    assert isinstance(compiled, CompiledEmbedder)
    assert len(messages) == 1
    reference, _ = opened(named(model, cache, engine="torch"))
    assert compiled.identity == reference.identity
    texts = ODD + texts_of_all_lengths(150)
    for embed in ("embed_questions", "embed_passages"):
        expected = one_by_one(getattr(reference, embed), texts)
        assert cosines(getattr(compiled, embed)(texts), expected).min() > CLOSE
        assert getattr(compiled, embed)([]).shape == (0, 32)


def test_threads_may_share_it(small_model: Path, filled: Path) -> None:
    embedder, _ = opened(named(small_model, filled, precision="f32"))
    texts = texts_of_all_lengths(60)
    alone = {"embed_questions": embedder.embed_questions(texts), "embed_passages": embedder.embed_passages(texts)}
    with ThreadPoolExecutor(8) as pool:
        names = ["embed_questions", "embed_passages"] * 16
        found = list(pool.map(lambda name: getattr(embedder, name)(texts), names))
    for name, vectors in zip(names, found, strict=True):
        assert cosines(vectors, alone[name]).min() > 0.99999


def test_precision_and_threads_are_settings(small_model: Path, filled: Path) -> None:
    assert opened(named(small_model, filled, precision="f32", threads=1))[0].engine == "OpenVINO, f32, 1 threads"
    assert opened(named(small_model, filled, engine="torch", threads=1))[0].engine == "torch, float32, 1 threads"


# -- nothing else is loaded, nobody is called ------------------------------------------------------------------------

ASKING = """
import sys
barred = []
sys.addaudithook(lambda event, arguments: barred.append(f"{event} {arguments[1:]}")
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto") else None)
from bot.cli import main
sys.argv[0] = "wenju"
try:
    main()
finally:
    heavy = {"torch", "transformers", "sentence_transformers"} & sys.modules.keys()
    print("loaded:", ", ".join(sorted(heavy)) or "nothing", file=sys.stderr)
    print("called:", "; ".join(barred) or "nobody", file=sys.stderr)
    print("telemetry:", sys.modules.get("openvino_telemetry"), file=sys.stderr)
"""


def wenju(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASKING, *arguments],
        env=this_tree(WENJU_HOME=str(home), **environment),
        cwd=home.parent, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_asking_loads_no_torch_and_exporting_calls_nobody(small_model: Path, tmp_path: Path, cache: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text(SENTENCES[0], encoding="utf-8")
    places = {"WENJU_MODEL": str(small_model), "WENJU_CACHE_DIR": str(cache), "WENJU_READER": "none"}
    places["WENJU_THREADS"] = "1"
    first = wenju(tmp_path / "home", "index", str(document), **places)
    assert first.returncode == 0, first.stderr
    assert "Compiling the model" in first.stderr
    assert "loaded: sentence_transformers, torch, transformers" in first.stderr  # to export it
    second = wenju(tmp_path / "home", "ask", "左云县有多少网格员", **places)
    assert second.returncode in (0, 1), second.stderr
    assert "Compiling the model" not in second.stderr
    assert "loaded: nothing" in second.stderr
    for ran in (first, second):
        assert "called: nobody" in ran.stderr
        assert "telemetry: None" in ran.stderr


# -- what can go wrong with the cache --------------------------------------------------------------------------------


def test_the_export_is_made_once_and_again_for_another_model(small_model: Path, tmp_path: Path, cache: Path) -> None:
    settings = named(small_model, cache)
    assert len(opened(settings)[1]) == 1
    assert opened(settings)[1] == []
    assert damaged_model_files(settings) == []
    other = make_model(tmp_path / "small", pooling="cls")  # another model of that name
    embedder, messages = opened(named(other, cache))
    assert len(messages) == 1
    reference, _ = opened(named(other, cache, engine="torch"))
    assert cosines(embedder.embed_passages(SENTENCES), reference.embed_passages(SENTENCES)).min() > CLOSE


def test_a_model_that_suffers_from_bf16_is_run_in_f32(tmp_path: Path, cache: Path) -> None:
    """Random weights of this size lose much in bf16 at [CLS], little in the mean. Processors without bf16 use f32."""
    precise, _ = opened(named(make_model(tmp_path / "cls", pooling="cls"), cache))
    assert precise.engine.startswith("OpenVINO, f32")


# -- torch where it can serve --------------------------------------------------------------------------------------


def test_a_model_that_cannot_be_exported_runs_on_torch_and_says_so(tmp_path: Path, cache: Path) -> None:
    model = make_static_model(tmp_path / "static")
    embedder, messages = opened(named(model, cache))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert "runs on torch" in messages[-1]
    assert embedder.embed_passages(SENTENCES).shape == (4, 16)
    again, messages = opened(named(model, cache))
    assert isinstance(again, SentenceTransformerEmbedder)
    assert len(messages) == 1  # it is not tried again, but said again
    assert "runs on torch" in messages[0]
    with pytest.raises(ModelError, match="engine = auto"):
        opened(named(model, cache, engine="openvino"))


def test_without_openvino_torch_serves_and_it_is_not_held_against_the_model(
    small_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = named(small_model, cache)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "openvino", None)
        embedder, messages = opened(settings)
        assert isinstance(embedder, SentenceTransformerEmbedder)
        assert "it cannot be loaded" in messages[-1]
        with pytest.raises(ModelError, match="it cannot be loaded"):
            opened(named(small_model, cache, engine="openvino"))
    assert isinstance(opened(settings)[0], CompiledEmbedder)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "The model small needs torch, which is not installed"),
        ({"engine": "torch"}, "The model small with engine = torch needs torch, which is not installed"),
        ({"engine": "torch", "model": "bundled"}, "The model bundled with engine = torch needs torch"),
        ({"model": "somebody/some-model"}, "The model somebody/some-model needs torch"),
    ],
)
def test_without_torch_it_is_told_how_to_install_it(
    settings: dict[str, Any], told: str, small_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "torch", None)
        with pytest.raises(ModelError, match=HOW_TO_INSTALL) as raised:
            opened(load_settings(**{"model": str(small_model), "cache_dir": cache, **settings}))
    assert str(raised.value).startswith(told)
    assert isinstance(opened(named(small_model, cache))[0], CompiledEmbedder)  # it is not held against the model


def test_without_openvino_and_torch_both_are_told(
    small_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "openvino", None)
    messages: list[str] = []
    with pytest.raises(ModelError, match=rf"it cannot be loaded: .*Without OpenVINO it needs torch{HOW_TO_INSTALL}"):
        open_embedder(named(small_model, cache), messages.append)
    assert messages == []


def test_what_was_exported_needs_no_torch(small_model: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert isinstance(opened(named(small_model, filled))[0], CompiledEmbedder)


def test_a_cache_that_cannot_be_written_is_no_reason_to_be_silent(small_model: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file stands where the folder should be", encoding="utf-8")
    embedder, messages = opened(named(small_model, blocked))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert "cannot be written" in messages[-1]
    assert "WENJU_CACHE_DIR" in messages[-1]


def test_a_full_disk_is_not_held_against_the_model(small_model: Path, cache: Path) -> None:
    settings = named(small_model, cache)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        embedder, messages = opened(settings)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert "cannot be written" in messages[-1]
    assert "runs on torch" in messages[-1]
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert not export_directory(cache, identify(settings)).exists()
    assert isinstance(opened(settings)[0], CompiledEmbedder)


def test_torch_by_name_makes_no_export(small_model: Path, cache: Path) -> None:
    assert isinstance(opened(named(small_model, cache, engine="torch"))[0], SentenceTransformerEmbedder)
    assert not (cache / "compiled").exists()


def test_a_model_of_nobody(cache: Path) -> None:
    with pytest.raises(ModelError, match="~nobody-of-that-name"):
        identify(load_settings(model="~nobody-of-that-name/model", cache_dir=cache))


@pytest.mark.parametrize("lost", ["model.safetensors", "tokenizer.json", "config.json", "modules.json"])
def test_a_half_copied_model_is_told_in_one_line(lost: str, small_model: Path, tmp_path: Path, cache: Path) -> None:
    half = shutil.copytree(small_model, tmp_path / "half")
    (half / lost).unlink()
    try:
        embedder, _ = opened(named(half, cache))
    except WenjuError as error:
        assert str(half) in str(error)
        assert "\n" not in str(error)
    else:  # sentence-transformers can do without some files; then it is whole
        assert embedder.embed_passages(SENTENCES).shape == (4, 32)


def test_what_was_exported_says_what_it_is(small_model: Path, filled: Path) -> None:
    settings = named(small_model, filled)
    exported = json.loads((export_directory(filled, identify(settings)) / "exported.json").read_text("utf-8"))
    assert (exported["question_prompt"], exported["passage_prompt"]) == ("The ", "高")
    assert (exported["dimension"], exported["max_tokens"], exported["pad_id"]) == (32, 64, 0)


def test_the_first_questions_may_come_from_many_threads_at_once() -> None:
    """A thread's first look at a tensor fills a table of OpenVINO's: without care they wait for each other for ever
    (three times in four here, with threads that take turns as often as possible)."""
    script = (
        "import os, sys, threading\n"
        "from config.settings import load_settings\n"
        "from retrieval.embedding.engine import open_embedder\n"
        "embedder, together = open_embedder(load_settings(), print), threading.Barrier(16)\n"
        "sys.setswitchinterval(1e-6)\n"
        "def ask():\n"
        "    together.wait()\n"
        "    embedder.embed_questions(['网格员'])\n"
        "threads = [threading.Thread(target=ask, daemon=True) for _ in range(16)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join(20)\n"
        "os._exit(sum(thread.is_alive() for thread in threads))\n"
    )
    outcome = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False, timeout=400)
    assert outcome.returncode == 0, outcome.stderr.decode()
