"""What a step of training draws: questions, and of each the sentences that answer and some that do not."""

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.reader.variants import date_form, reworded
from retrieval.reading.inputs import apart

_WITHOUT, _SWAPPED = 0.2, 0.1
_REWORDED, _OTHER_DATES, _APART = 0.3, 0.15, 0.3
"""How often the question is put in other words, dates are written in another form, and both are read apart from what
is known beside the sentence."""
_TRAPS, _RIGHT, _WRONG = 4, 2, 5
_NEAR = 6
"""Wrong sentences that evidence ranks first; seven in ten of those drawn are of them."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = (
    *(("上半年", "下半年"), ("上半年", "全年"), ("第一", "第三"), ("第二", "第四")),
    *(("去年", "前年"), ("一期", "三期"), ("二期", "三期")),
)

Row = dict[str, Any]
Pairs = list[tuple[str, float]]
Drawn = tuple[str, Pairs, Sequence[str]]
"""A question, its pairs, and the answers that a pair labelled 1 holds."""


def drawn_groups(pools: Sequence[tuple[list[Row], float]], count: int, rng: random.Random) -> Iterator[Drawn]:
    """`count` questions, each with its pairs; one of which nothing is left is drawn anew."""
    while count:
        (rows, _share) = rng.choices(pools, [share for _, share in pools])[0]
        drawn = _group(rng.choice(rows), rng)
        if drawn[1]:
            count -= 1
            yield drawn


def _group(row: Row, rng: random.Random) -> Drawn:
    asked, number = rng.choice([row["question"], *row.get("asked", ())]), range(len(row["texts"]))
    right = [i for i in number if row["right"][i]]
    wrong = [i for i in number if not row["right"][i] and not (row["holds"][i] and rng.random() < 0.7)]
    drawn = rng.random()
    if right and drawn < _WITHOUT:
        wrong, right = [i for i in number if not row["right"][i] and not row["holds"][i]], []
    elif right and drawn < _WITHOUT + _SWAPPED and (swap := _swap(asked, rng)):
        asked = asked.replace(*swap)
        wrong, right = [i for i in (*right, *wrong) if swap[1] not in row["texts"][i]], []
    # Apart from titles a trap of another place may be told from the right sentence by nothing.
    is_apart = rng.random() < _APART and row["why"] != "other_place"
    if is_apart:
        wrong = [i for i in wrong if not row["traps"][i] and not row["holds"][i]]
    traps = [i for i in wrong if row["traps"][i] or row["right"][i]][:_TRAPS]
    rest = [i for i in wrong if i not in traps]
    near, far = rest[:_NEAR], rest[_NEAR:]
    rng.shuffle(near)
    rng.shuffle(far)
    room = max(0, _WRONG - len(traps))
    cut = max(1, int(room * 0.7))
    negatives = [*traps, *[*near[:cut], *far, *near[cut:]][:room]]
    form = date_form(rng) if rng.random() < _OTHER_DATES else str
    if rng.random() < _REWORDED:
        asked = reworded(asked, rng)
    shown = [(i, 1.0) for i in right[:_RIGHT]] + [(i, 0.0) for i in negatives]
    if is_apart and shown:
        asked, _ = apart(asked, row["texts"][shown[0][0]])
    texts = {i: form(apart("", row["texts"][i])[1] if is_apart else row["texts"][i]) for i, _ in shown}
    return asked, [(texts[i], label) for i, label in shown], [form(answer) for answer in row["answers"]]


def _swap(asked: str, rng: random.Random) -> tuple[str, str] | None:
    """The time or part that the question names, and another; None where it names none. Places are not swapped: a
    reader taught so doubts every place that stands in the title alone, and the place is checked by form
    (answering/checks/place)."""
    ways = [(year, str(int(year) + rng.choice([-3, -2, -1, 1, 2]))) for year in _YEAR.findall(asked)]
    ways += [way for way in _PARTS if way[0] in asked]
    return rng.choice(ways) if ways else None
