"""Where in the marked sentence the answer stands: a second task of the training, as in SQuAD 2.0 (Rajpurkar et al.,
2018) and BERT (Devlin et al., 2019, section 4.3).

From the last layer a start and an end are predicted for each token of the marked sentence and for the first token of
the pair, which stands for "nothing here answers". What is delivered has no such head: the task teaches the layers to
look for the answer itself.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch


class Targets(NamedTuple):
    """Of the tokens of one pair: which may be predicted, and which of them are right as start and as end."""

    allowed: list[int]
    starts: list[int]
    ends: list[int]


def targets_of(encoding: Any, text: str, answers: Sequence[str]) -> Targets:
    """`encoding` is what a `tokenizers.Tokenizer` makes of question and `text`; without answers the first token is
    right. Where the sentence does not hold an answer literally, everything is right, and nothing is learned."""
    opened, closed = text.find("【") + 1, text.rfind("】")
    marked = [
        (number, *encoding.offsets[number])
        for number, sequence in enumerate(encoding.sequence_ids)
        if sequence == 1 and encoding.offsets[number][0] < closed and encoding.offsets[number][1] > opened
    ]
    allowed = [0, *(number for number, _, _ in marked)]
    if not answers:
        return Targets(allowed, [0], [0])
    starts, ends = [], []
    for answer in answers:
        at = text.find(answer, opened)
        while answer and 0 <= at < closed:
            inside = [number for number, start, end in marked if start < at + len(answer) and end > at]
            if inside:
                starts.append(inside[0])
                ends.append(inside[-1])
            at = text.find(answer, at + 1)
    return Targets(allowed, starts or allowed, ends or allowed)


def span_losses(logits: torch.Tensor, targets: Sequence[Targets]) -> torch.Tensor:
    """Shape (pairs,): of `logits` (pairs, tokens, 2), how unlikely the right starts and ends are on average."""
    masks = torch.full((3, len(targets), logits.shape[1]), float("-inf"))
    for row, target in enumerate(targets):
        for mask, tokens in zip(masks, target, strict=True):
            mask[row, tokens] = 0.0
    allowed, starts, ends = masks
    both = [
        torch.logsumexp(logits[:, :, side] + allowed, 1) - torch.logsumexp(logits[:, :, side] + right, 1)
        for side, right in enumerate((starts, ends))
    ]
    return (both[0] + both[1]) / 2
