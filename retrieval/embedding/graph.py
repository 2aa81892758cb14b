"""BERT as a graph that OpenVINO runs, built straight from its tensors: what tracing it with torch comes to, without.

Tensors are named as transformers names those of `BertModel`. Inputs are `input_ids` and `attention_mask`, int64 of
shape (batch, tokens); all tokens are of the first type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.compiled import openvino

Tensors = Mapping[str, NDArray[np.float32]]
INPUTS = ("input_ids", "attention_mask")


@dataclass(frozen=True, slots=True)
class Architecture:
    """What the tensors do not tell of themselves."""

    layers: int
    heads: int
    layer_norm_eps: float


def embedding_graph(tensors: Tensors, architecture: Architecture) -> Any:
    """A text's vector: the mean of its tokens, of any length (whoever runs the graph makes it 1)."""
    bert = Bert(tensors, architecture)
    states, ops = bert.states(), bert.ops
    mask = ops.unsqueeze(ops.convert(bert.mask, "f32"), 2)
    total = ops.reduce_sum(ops.multiply(states, mask), 1)
    return bert.model(ops.divide(total, ops.reduce_sum(mask, 1)))


def reading_graph(tensors: Tensors, architecture: Architecture, kind: "type[Bert] | None" = None) -> Any:
    """A pair's logit, of shape (batch, 1), by pooler and classifier on its first token. `BertModel` is below `bert.`
    in the tensors; `kind` is one that computes its products in another way."""
    inner = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
    bert = (kind or Bert)(inner, architecture)
    first = bert.ops.squeeze(bert.states(of_first_token=True), 1)
    return bert.model(bert.linear(bert.ops.tanh(bert.linear(first, "pooler.dense")), "classifier"))


class Bert:
    """The layers, put together from the nodes of OpenVINO."""

    def __init__(self, tensors: Tensors, architecture: Architecture) -> None:
        self.ops = openvino().opset13
        self.tensors = tensors
        self._architecture = architecture
        self._ids, self.mask = (self.ops.parameter([-1, -1], np.int64, name) for name in INPUTS)

    def model(self, output: Any) -> Any:
        model = openvino().Model([output], [self._ids, self.mask])
        for port, name in zip(model.inputs, INPUTS, strict=True):
            port.get_tensor().set_names({name})
        return model

    def states(self, of_first_token: bool = False) -> Any:
        """Of all tokens, shape (batch, tokens, hidden), or after the last layer of the first alone."""
        states = self._embedded()
        seen = self.ops.unsqueeze(self.ops.convert(self.mask, "boolean"), [1, 2])  # (batch, 1, 1, tokens)
        for layer in range(self._architecture.layers):
            asking = states
            if of_first_token and layer == self._architecture.layers - 1:
                asking = self.ops.gather(states, [0], 1)
            states = self._layer(f"encoder.layer.{layer}.", asking, states, seen)
        return states

    def _embedded(self) -> Any:
        tokens = self.ops.gather(self.ops.shape_of(self._ids), 1, 0)
        words = self.ops.gather(self.constant("embeddings.word_embeddings.weight"), self._ids, 0)
        places = self.ops.gather(
            self.constant("embeddings.position_embeddings.weight"), self.ops.range(0, tokens, 1, "i64"), 0
        )
        kind = self.ops.gather(self.constant("embeddings.token_type_embeddings.weight"), 0, 0)
        return self._norm(self.ops.add(words, self.ops.add(places, kind)), "embeddings.LayerNorm")

    def _layer(self, prefix: str, asking: Any, states: Any, seen: Any) -> Any:
        """The states of the tokens `asking`, which look at all `states` that are `seen`."""
        query, key, value = (
            self._heads(self.linear(tokens, f"{prefix}attention.self.{name}"))
            for tokens, name in ((asking, "query"), (states, "key"), (states, "value"))
        )
        looked = self.ops.scaled_dot_product_attention(query, key, value, seen)
        joined = self.ops.reshape(self.ops.transpose(looked, [0, 2, 1, 3]), [0, 0, -1], special_zero=True)
        attended = self._norm(
            self.ops.add(self.linear(joined, f"{prefix}attention.output.dense"), asking),
            f"{prefix}attention.output.LayerNorm",
        )
        wide = self.ops.gelu(self.linear(attended, f"{prefix}intermediate.dense"), "erf")
        return self._norm(
            self.ops.add(self.linear(wide, f"{prefix}output.dense"), attended), f"{prefix}output.LayerNorm"
        )

    def _heads(self, states: Any) -> Any:
        """(batch, heads, tokens, hidden / heads)"""
        apart = self.ops.reshape(states, [0, 0, self._architecture.heads, -1], special_zero=True)
        return self.ops.transpose(apart, [0, 2, 1, 3])

    def linear(self, states: Any, name: str) -> Any:
        """The states times the weights of that name, and their bias."""
        product = self.ops.matmul(states, self.constant(f"{name}.weight"), False, True)
        return self.ops.add(product, self.constant(f"{name}.bias"))

    def _norm(self, states: Any, name: str) -> Any:
        even = self.ops.mvn(states, [-1], True, self._architecture.layer_norm_eps, "inside_sqrt")
        return self.ops.add(self.ops.multiply(even, self.constant(f"{name}.weight")), self.constant(f"{name}.bias"))

    def constant(self, name: str) -> Any:
        # Handed over as an array, it would be looked through value by value first: seconds for each.
        return self.ops.constant(self.tensors[name], shared_memory=True)
