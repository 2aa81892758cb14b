"""The graphs that are built without torch compute what torch does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from retrieval.embedding.compiled import openvino
from retrieval.embedding.graph import Architecture, embedding_graph, reading_graph
from tests.support.models import make_reader

SMALL = Architecture(layers=2, heads=4, layer_norm_eps=1e-12)
"""Of the models that tests make."""
MASK = np.array([[1] * 64, [1] * 9 + [0] * 55, [1, 1] + [0] * 62], np.int64)
IDS = np.random.default_rng(3).integers(4, 40, MASK.shape)


def compiled(graph: Any) -> Any:
    return openvino().Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


def of_torch(model: Any) -> Any:
    import torch

    with torch.no_grad():
        return model.eval()(input_ids=torch.from_numpy(IDS), attention_mask=torch.from_numpy(MASK))


def kinds_of_nodes(model: Any) -> set[str]:
    return {node.get_rt_info()["layerType"].astype(str) for node in model.get_runtime_model().get_ordered_ops()}


@pytest.fixture(scope="module")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reader(tmp_path_factory.mktemp("readers") / "small")


@pytest.fixture(scope="module")
def embedding(small_model: Path) -> Any:
    return embedding_graph(load_file(small_model / "model.safetensors"), SMALL)


def test_a_vector_is_the_mean_of_the_tokens_that_bert_gives(embedding: Any, small_model: Path) -> None:
    from transformers import BertModel

    states = of_torch(BertModel.from_pretrained(small_model)).last_hidden_state.numpy()
    means = (states * MASK[:, :, None]).sum(1) / MASK.sum(1, keepdims=True)
    found = compiled(embedding)({"input_ids": IDS, "attention_mask": MASK})[0]
    assert cosines(found, means).min() > 0.9999
    assert np.abs(found - means).max() < 1e-4


def test_a_logit_is_that_of_bert(small_reader: Path) -> None:
    """Of the last layer only the first token is computed."""
    from transformers import BertForSequenceClassification

    expected = of_torch(BertForSequenceClassification.from_pretrained(small_reader)).logits.numpy()
    found = compiled(reading_graph(load_file(small_reader / "model.safetensors"), SMALL))(
        {"input_ids": IDS, "attention_mask": MASK}
    )[0]
    assert found.shape == expected.shape == (3, 1)
    assert np.ptp(expected) > 0.1  # else nothing is told
    assert np.abs(found - expected).max() < 1e-3


def test_attention_runs_in_one_piece(embedding: Any) -> None:
    """OpenVINO knows what was put together: written out, attention takes more time and memory."""
    assert "Softmax" not in kinds_of_nodes(compiled(embedding))


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    found: NDArray[np.float32] = (left * right).sum(1) / lengths
    return found
