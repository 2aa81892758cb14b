"""What `make bench` asks over: the paragraphs that questions are about among other documents, ready for all sides."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.common.documents import ROOT, write_documents
from benchmarks.common.near_real import FOLDER, NearReal, mix
from config.settings import Settings, load_settings
from retrieval import documents
from retrieval.embedding.base import Vectors
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.service import KnowledgeBase
from retrieval.types import quote

_QUESTIONS = ROOT.parent / "shared" / "datasets" / "cmrc2018_dev.json"
_SAMPLES = ROOT / "data"
_PART = 500
"""Documents added between two looks at how many passages there are."""
_PASSAGES = 3
"""Those of an article are mostly more."""
_STEP = 512


def prepare(
    folder: Path, settings: Settings, count: int, real: int, questions: int, say: Callable[[str], None]
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The paragraphs that the questions are about among news, at most `real` passages in all, and from there on among
    near-real documents, until there are `count`; indexed by Wenju. What the others need lies in files beside. Gives
    the passages by document, and (question, document that answers)."""
    wanted = asked(questions)
    home = folder / "home"
    base = KnowledgeBase(settings.model_copy(update={"home": home}), say)
    if not (folder / "passages.json").exists():
        _write_texts(folder / "paragraphs", wanted)
        base.add([folder / "paragraphs"])
        written = 0
        while (missing := min(count, real) - (have := int(base.stats()["passages"]))) > 0:
            size = min(_PART, -(-missing // _PASSAGES))
            part = folder / f"news-{written}"
            write_documents(part, size, first=written)
            written += size
            base.add([part])
            say(f"  {have:,} passages")
        if have < count:
            mix(base, home, count, say)
        index = EmbeddedIndex(GenerationFolders(home / "index").current())
        stored = [(record, index.passages_of(record.document_id)) for record in base.documents()]
        passages = {record.name: [passage.text for passage in own] for record, own in stored}
        known = {record.name for record, _ in stored if FOLDER in record.path.parents}
        index.close()
        np.save(folder / "vectors.npy", _vectors(base, passages, known))
        (folder / "passages.json").write_text(json.dumps(passages, ensure_ascii=False), encoding="utf-8")
    base.close()
    passages = json.loads((folder / "passages.json").read_text("utf-8"))
    return passages, [(question, name) for question, name, _ in wanted]


def _vectors(base: KnowledgeBase, passages: Mapping[str, Sequence[str]], near_real: Collection[str]) -> Vectors:
    """Of the texts alone: the others do not know what stands beside a passage. Those of near-real documents are near
    those of the rest."""
    embedder = base.embedder()
    texts = [text for name, own in passages.items() if name not in near_real for text in own]
    vectors = np.concatenate([embedder.embed_passages(texts[i : i + _STEP]) for i in range(0, len(texts), _STEP)])
    mixed = NearReal(vectors, embedder.identity)
    place, rows = 0, []
    for name, own in passages.items():
        if name in near_real:
            rows.append(mixed.embed_passages(own))
        else:
            rows.append(vectors[place : place + len(own)])
            place += len(own)
    return np.concatenate(rows)


def asked(count: int) -> list[tuple[str, str, str]]:
    """(question, name of the document that answers, its text): CMRC 2018 where it is at hand, else the samples."""
    if not _QUESTIONS.exists():
        lines = map(json.loads, (_SAMPLES / "questions.jsonl").read_text("utf-8").splitlines())
        found = [(row["question"], row["doc"]) for row in lines if row.get("answers")]
        return [(q, doc, (_SAMPLES / "corpus" / doc).read_text("utf-8")) for q, doc in found][:count]
    squad = json.loads(_QUESTIONS.read_text("utf-8"))
    paragraphs = [paragraph for article in squad["data"] for paragraph in article["paragraphs"]]
    asked = [
        (pair["question"], f"cmrc-{number:04}.txt", paragraph["context"])
        for number, paragraph in enumerate(paragraphs)
        for pair in paragraph["qas"]
    ]
    return asked[:: max(1, len(asked) // count)][:count]


def _write_texts(folder: Path, asked: Sequence[tuple[str, str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for _, name, text in asked:
        (folder / name).write_text(text, encoding="utf-8")


def cut(folder: Path) -> dict[str, list[str]]:
    """The texts of the passages of each document of the folder, as Wenju cuts them."""
    cutting = load_settings().passages
    cut = {}
    for path in sorted(folder.iterdir()):
        document = documents.parse(path, path.read_bytes())
        sentences = sentences_of(document, cutting.size)
        own = passages_of(document, "", sentences, cutting)
        cut[path.name] = [quote(document.text, passage.spans) for passage in own]
    return cut
