"""Small models and readers of sentence-transformers with random weights: real ones, made in a second."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram, WordLevel

SENTENCES = (
    "左云县配备专职网格员51名，兼职网格员7名。",
    "The canteen opens at noon, every day but Sunday.",
    "高齢者食堂は毎日正午に開きます。",
    "Народная дружина собирается по субботам.",
)
_SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}


def make_model(
    directory: Path,
    *,
    pooling: str = "mean",
    positions: int = 64,
    prompts: Mapping[str, str] | None = None,
    lower: bool = False,
    padding_side: str = "right",
    unigram: bool = False,
) -> Path:
    """A BERT of two layers, 32 dimensions, with the given pooling; its tokens are the characters of `SENTENCES`."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    tokenizer = _characters(list(_SPECIAL.values()), unigram)
    if lower:
        tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    inner = directory.with_name(f"{directory.name}-inner")
    _save(BertModel, tokenizer, inner, positions, padding_side)
    modules = [Transformer(str(inner)), Pooling(32, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, prompts=dict(prompts or {}), device="cpu").save(str(directory))
    return directory


def make_static_model(directory: Path) -> Path:
    """One that looks tokens up and averages them, with inputs of its own kind: no graph of ours takes them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    embedding = StaticEmbedding(_characters(["[UNK]"]), embedding_dim=16)
    SentenceTransformer(modules=[embedding], device="cpu").save(str(directory))
    return directory


def make_reader(
    directory: Path, *, labels: int = 1, positions: int = 64, types: bool = False, unigram: bool = True
) -> Path:
    """A CrossEncoder of the same size with so many outputs; with `types` the second text of a pair has tokens of the
    second type."""
    from transformers import BertForSequenceClassification

    tokenizer = _characters(list(_SPECIAL.values()), unigram)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1" if types else "[CLS] $A [SEP] [SEP] $B [SEP]",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    # Weights of half the spread: the head doubles what the rounding of an export makes of them.
    settings: dict[str, Any] = {"num_labels": labels, "initializer_range": 0.3}
    _save(BertForSequenceClassification, tokenizer, directory, positions, types=types, **settings)
    return directory


def make_generating_reader(directory: Path) -> Path:
    """A CrossEncoder that is asked for its next word, yes or no: no graph of ours gives its figure."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = _characters([*_SPECIAL.values(), "yes", "no"])
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=1, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(directory)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=64, **_SPECIAL
    ).save_pretrained(directory)
    return directory


def _save(
    kind: Any,
    tokenizer: Tokenizer,
    directory: Path,
    positions: int,
    padding_side: str = "right",
    types: bool = False,
    **settings: Any,
) -> None:
    """A BERT of that kind with random weights, always the same, and its tokenizer; with `types` that gives them."""
    import torch
    from transformers import BertConfig, PreTrainedTokenizerFast

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=positions, **{"initializer_range": 0.6, **settings},
    )  # fmt: skip
    kind(config).save_pretrained(directory)
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if types else [])]
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=positions, padding_side=padding_side, model_input_names=names,
        **_SPECIAL,
    ).save_pretrained(directory)  # fmt: skip


def _characters(special: list[str], unigram: bool = False) -> Tokenizer:
    tokens = [*special, *sorted(set("".join(SENTENCES)))]
    if unigram:
        tokenizer = Tokenizer(
            Unigram([(token, -1.0) for token in tokens], tokens.index("[UNK]"), byte_fallback=False)
        )
    else:
        tokenizer = Tokenizer(WordLevel({token: number for number, token in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return tokenizer
