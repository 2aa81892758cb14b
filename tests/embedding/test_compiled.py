"""The compiled engine: the vectors of sentence-transformers without it, and torch where that cannot be."""

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import Settings, load_settings
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.cache_directory import is_whole
from retrieval.embedding.compiled import BrokenExportError, CompiledEmbedder
from retrieval.embedding.engine import damaged_model_files, identify, open_embedder
from retrieval.embedding.export import export_directory
from retrieval.embedding.reference import SentenceTransformerEmbedder
from retrieval.errors import ModelError, WenjuError
from tests.support.models import SENTENCES, make_model, make_static_model
from tests.support.running import ROOT, this_tree

CLOSE = 0.999
ODD = ["", " ", "\n", "a", "据", "😀", "\u200b", "\0", "〇" * 40, "x" * 3000]

Messages = list[str]


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


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def exported(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the small model; to be copied, since to export it takes seconds."""
    cache = tmp_path_factory.mktemp("exported") / "cache"
    opened(named(small_model, cache))
    return cache


@pytest.fixture
def filled(exported: Path, cache: Path) -> Path:
    """A cache that holds the small model."""
    return shutil.copytree(exported, cache)


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "The ", "document": "高"}
    return make_model(tmp_path_factory.mktemp("models") / "small", prompts=prompts, unigram=True)


def named(model: Path, cache: Path, **settings: Any) -> Settings:
    """On one thread: small models take no more, and other tests run beside these."""
    return load_settings(**{"model": str(model), "cache_dir": cache, "threads": 1, **settings})


def opened(settings: Settings) -> tuple[Embedder, Messages]:
    messages: Messages = []
    return open_embedder(settings, messages.append), messages


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
