"""Trains the bundled reader: a cross-encoder that starts from the layers of the bundled embedding model.

usage: python -m benchmarks.reader.train [--out build/reader/run] [--layers 12] [--steps 3100] [--start DIR] …

A step takes some questions, of each the sentences that answer (two at most) and some that do not, the traps and what
evidence ranks high first (draws.py). The loss is a softmax over the group and a null of log odds 0 (one of the
sentences shown, or none), and half of the binary cross-entropy of each pair. A question loses its answer in 20 of 100
draws (the sentences that hold it are left out), and has its year or part of the year swapped in 10 of 100; then none
of the sentences answers. Questions are put in other words, dates written in other forms (variants.py), and in 30 of
100 draws both are read apart from what is known beside the sentence. A second task is to find the answer in its
sentence (spans.py). Word embeddings and the lowest layers are frozen. The same seed gives the same steps; a run that
was interrupted goes on from its last checkpoint.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from benchmarks.reader.draws import Drawn, Row, drawn_groups
from benchmarks.reader.spans import Targets, span_losses, targets_of
from benchmarks.reader.towns import WORK
from benchmarks.reader.variants import paraphrases
from config.settings import load_settings
from retrieval.embedding.bundled import bundled_model
from retrieval.reading.inputs import QUESTION_LENGTH

TOKENS = 128
_CHUNK = 24
"""Pairs that go through the model at once, those of like length together."""
_HEAD, _HEAD_RATE = ("bert.pooler", "classifier", "span"), 10.0
"""The head is new, and learns so much faster than the layers: else its log odds stay within 4 of 0."""
_SPANS = 0.5
"""The weight of the second task."""
_SHARES = (0.2, 0.67, 0.13)
"""How often a question is drawn from all towns, from those that are asked in other words, too, and from the public
sets."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=WORK / "run")
    parser.add_argument("--start", type=Path, help="a CrossEncoder directory to go on from")
    parser.add_argument("--layers", type=int, default=12, help="the lowest layers are taken")
    parser.add_argument("--frozen", type=int, default=4, help="of the layers, the lowest that are left as they are")
    parser.add_argument("--steps", type=int, default=3100)
    parser.add_argument("--questions", type=int, default=8, help="questions a step")
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=int, default=200, help="steps between checkpoints")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    torch.set_num_threads(_cores())
    torch.manual_seed(args.seed)
    source = bundled_model(load_settings().cache_dir, say)
    towns, public, asked = _load(WORK / "towns.jsonl"), _load(WORK / "public.jsonl"), paraphrases()
    paraphrased = [{**row, "asked": asked[row["id"]]} for row in towns if row["id"] in asked]
    pools = [(rows, share) for rows, share in zip((towns, paraphrased, public), _SHARES, strict=True) if rows]
    if not pools:
        sys.exit("There is nothing to train on. Run: python -m benchmarks.reader.mine")
    model = _model(source, args)
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    parameters = [parameter for _, parameter in named]
    head = [parameter for name, parameter in named if name.startswith(_HEAD)]
    layers = [parameter for name, parameter in named if not name.startswith(_HEAD)]
    optimizer = torch.optim.AdamW(
        [
            {"params": head, "weight_decay": 0.0, "times": _HEAD_RATE},
            {"params": layers, "weight_decay": 0.01, "times": 1.0},
        ],
        lr=args.rate,
        betas=(0.9, 0.98),
    )
    args.out.mkdir(parents=True, exist_ok=True)
    first, curve = _resume(args.out, model, optimizer)
    tokenizer, warm = pair_tokenizer(source), max(20, int(args.steps * 0.06))
    model.train()
    began, losses = time.time(), []
    for step in range(first, args.steps):
        for group in optimizer.param_groups:
            left = (args.steps - step) / (args.steps - warm)
            group["lr"] = group["times"] * args.rate * min(1.0, (step + 1) / warm, max(0.03, left))
        torch.manual_seed(args.seed * 7919 + step)
        drawn = list(drawn_groups(pools, args.questions, random.Random(args.seed * 1_000_003 + step)))
        loss = _loss(model, tokenizer, drawn)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if (step + 1) % 25 == 0:
            curve.append([step + 1, round(float(np.mean(losses[-25:])), 4)])
            say(f"step {step + 1:5}  loss {curve[-1][1]:.3f}  {time.time() - began:6.0f} s")
        if (step + 1) % args.checkpoint == 0 or step + 1 == args.steps:
            _keep(args.out, model, optimizer, step + 1, curve)
    torch.save(model.span.state_dict(), args.out / "span.pt")
    del model.span
    model.save_pretrained(args.out / "model")
    (args.out / "curve.json").write_text(json.dumps(curve), "utf-8")
    say(f"The reader lies in {args.out / 'model'}.")


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- the model -------------------------------------------------------------------------------------------------------


def pair_tokenizer(source: Path) -> Any:
    from tokenizers import Tokenizer, processors

    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(TOKENS)
    return tokenizer


def _model(source: Path, args: argparse.Namespace) -> Any:
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig.from_pretrained(source)
    config.num_labels = 1
    fresh: dict[str, Any] = {} if args.start else {"config": config}
    # Attention written out: the fused kernel's backward pass takes three times as long on a processor.
    model = BertForSequenceClassification.from_pretrained(args.start or source, attn_implementation="eager", **fresh)
    layers = model.bert.encoder.layer
    if args.layers < len(layers):
        model.bert.encoder.layer = nn.ModuleList(list(layers)[: args.layers])
        model.config.num_hidden_layers = args.layers
    model.span = nn.Linear(model.config.hidden_size, 2)
    if args.start and (kept := args.start.parent / "span.pt").exists():
        model.span.load_state_dict(torch.load(kept, weights_only=True))
    for part in (model.bert.embeddings, *list(model.bert.encoder.layer)[: args.frozen]):
        part.requires_grad_(False)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # inside of the layers it costs a fifth of the time, and one pass over the data needs none
    model.bert.embeddings.dropout.p = model.dropout.p = 0.1
    return model


def _read(model: Any, encoded: Sequence[Any], targets: Sequence[Targets]) -> tuple[torch.Tensor, torch.Tensor]:
    """Log odds and span losses of the pairs, each of shape (pairs,)."""
    order = sorted(range(len(encoded)), key=lambda row: len(encoded[row].ids))
    logits: list[torch.Tensor] = [torch.zeros(())] * len(encoded)
    losses = list(logits)
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        width = len(encoded[rows[-1]].ids)
        ids = torch.ones((len(rows), width), dtype=torch.long)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(encoded[row].ids)] = torch.tensor(encoded[row].ids)
            mask[i, : len(encoded[row].ids)] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states, pooled = model.bert(input_ids=ids, attention_mask=mask)[:2]
            odds = model.classifier(model.dropout(pooled))[:, 0].float()
            spans = model.span(states).float()
        for row, own, loss in zip(rows, odds, span_losses(spans, [targets[row] for row in rows]), strict=True):
            logits[row], losses[row] = own, loss
    return torch.stack(logits), torch.stack(losses)


def _loss(model: Any, tokenizer: Any, drawn: Sequence[Drawn]) -> torch.Tensor:
    shown = [(asked[:QUESTION_LENGTH], text) for asked, pairs, _ in drawn for text, _ in pairs]
    encoded = tokenizer.encode_batch(shown)
    sought = [answers if label else () for _, pairs, answers in drawn for _, label in pairs]
    targets = [targets_of(*pair) for pair in zip(encoded, [text for _, text in shown], sought, strict=True)]
    logits, spans = _read(model, encoded, targets)
    total, start = torch.zeros(()), 0
    for _, pairs, _ in drawn:
        own, found = logits[start : start + len(pairs)], spans[start : start + len(pairs)]
        start += len(pairs)
        right = torch.tensor([label for _, label in pairs])
        answered = own[right > 0] if bool((right > 0).any()) else torch.zeros(1)
        among = torch.logsumexp(torch.cat([torch.zeros(1), own]), 0) - torch.logsumexp(answered, 0)
        both = [found[right == side].mean() for side in (0.0, 1.0) if bool((right == side).any())]
        total = total + among + 0.5 * binary_cross_entropy_with_logits(own, right)
        total = total + _SPANS * torch.stack(both).mean()
    return total / len(drawn)


# -- what is trained on ----------------------------------------------------------------------------------------------


def _load(path: Path) -> list[Row]:
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if rows and "answers" not in rows[0]:
        sys.exit(f"{path} is of an older mining, without answers. Run: python -m benchmarks.reader.mine")
    rows = [row for row in rows if row["town"] != "held" and row["texts"] and (row["why"] or any(row["right"]))]
    say(f"{path.name}: {len(rows)} questions")
    return rows


# -- checkpoints -----------------------------------------------------------------------------------------------------


def _keep(folder: Path, model: Any, optimizer: Any, step: int, curve: list[list[float]]) -> None:
    state = {name: value for name, value in model.state_dict().items() if not name.startswith("bert.embeddings")}
    half = folder / "checkpoint.half"
    torch.save({"model": state, "optimizer": optimizer.state_dict(), "step": step, "curve": curve}, half)
    half.replace(folder / "checkpoint.pt")


def _resume(folder: Path, model: Any, optimizer: Any) -> tuple[int, list[list[float]]]:
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0, []
    kept = torch.load(path, weights_only=True)
    model.load_state_dict(kept["model"], strict=False)
    optimizer.load_state_dict(kept["optimizer"])
    say(f"Going on from step {kept['step']}.")
    return int(kept["step"]), list(kept["curve"])


if __name__ == "__main__":
    main()
