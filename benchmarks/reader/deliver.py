"""Puts a trained reader into the project: its layers and head, quantised, and what made it.

usage: python -m benchmarks.reader.deliver [build/reader/run/model] [OTHER …]

Of several, one trained on from another, the mean of their weights is delivered, with the curve of the first.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reader.real_news import FOLDER as ARTICLES
from benchmarks.reader.towns import NEWS, SHARED, WORK, town_folders
from benchmarks.reader.train import TOKENS
from retrieval.reading import weights
from retrieval.reading.bundled import DESCRIPTION, FOLDER, WEIGHTS
from retrieval.reading.inputs import RECIPE

_EMBEDDINGS = "bert.embeddings."
_MOST = 25 * 10**6


def main() -> None:
    models = [Path(given) for given in sys.argv[1:]] or [WORK / "run" / "model"]
    all_tensors = [_tensors(model) for model in models]
    tensors = {name: np.mean([own[name] for own in all_tensors], axis=0) for name in all_tensors[0]}
    FOLDER.mkdir(parents=True, exist_ok=True)
    weights.save(tensors, FOLDER / WEIGHTS)
    data = (FOLDER / WEIGHTS).read_bytes()
    if len(data) > _MOST:
        sys.exit(f"{len(data):,} bytes: more than the {_MOST:,} that the project keeps.")
    curve = models[0].parent / "curve.json"
    description = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "inputs": RECIPE,
        "layers": sum(name.endswith("attention.self.query.weight") for name in tensors),
        "tokens": TOKENS,
        "trained_on": _checksums(),
        "loss": json.loads(curve.read_text("utf-8")) if curve.exists() else [],
    }
    (FOLDER / DESCRIPTION).write_text(_lines(description), "utf-8")
    sys.stdout.write(f"{FOLDER / WEIGHTS}: {len(data):,} bytes, {description['layers']} layers\n")


def _tensors(model: Path) -> dict[str, NDArray[np.float32]]:
    """All but the embeddings, which are the embedding model's."""
    from safetensors.numpy import load_file

    found = load_file(model / "model.safetensors")
    return {name: tensor.astype(np.float32) for name, tensor in found.items() if not name.startswith(_EMBEDDINGS)}


def _checksums() -> dict[str, str]:
    """SHA-256 of each file of questions that it was trained on."""
    files = {
        folder.name: ARTICLES / f"{folder.name}.jsonl" if folder.parent == NEWS else folder / "questions.jsonl"
        for folder in town_folders("train")
    }
    files |= {name: SHARED / "datasets" / name for name in ("cmrc2018_dev.json", "drcd_dev.json")}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items() if file.exists()}


def _lines(description: dict[str, Any]) -> str:
    curve = description.pop("loss")
    whole = json.dumps(description, indent=1)[:-2]
    return f'{whole},\n "loss": {json.dumps(curve)}\n}}\n'


if __name__ == "__main__":
    main()
