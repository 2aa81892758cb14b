"""Things told apart by a number: 3路 is not 8路, 二期 not 一期, 第二小学 not 第一小学, 2号楼 not 12号楼."""

from retrieval.answering.checks.setting import Setting
from retrieval.text.numbered import Numbered, numbered_in


def is_of_number(asked: Numbered, setting: Setting) -> bool:
    """Whether the sentence is about the very things that are asked: of each kind the number that was named last."""
    return all(_is_of(kind, {n for k, n in asked if k == kind}, setting) for kind in {kind for kind, _ in asked})


def _is_of(kind: str, wanted: set[int], setting: Setting) -> bool:
    for text in (*setting.near_to_far, setting.document):
        told = {number for other, number in numbered_in(text) if other == kind}
        if told:
            return bool(told & wanted)
    return False
