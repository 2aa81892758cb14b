"""What was counted over rows → the line above them, and the rows that were not quoted yet."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal

from bot.catalogue import catalogue
from retrieval.service import language_of
from retrieval.tally import PlaceSum, Tally, TallyRow
from retrieval.types import Answer

Say = Callable[..., str]
"""The texts of one language, as `bot.telegram.messages.phrases` has them."""


def words_of(answer: Answer, language: str | None = None) -> Say:
    """In the language, or else in that of the question."""
    texts = catalogue(language or language_of(answer.question))
    return lambda key, **values: texts[key].format(**values)


def tally_line(answer: Answer, tally: Tally, say: Say, title: str) -> str:
    """How many there are, or what comes of them, and how many of them are shown below; `title` as it is shown."""
    shown = len(answer.quotes)
    listed = tally.count if tally.kind not in ("maximum", "minimum") else len(tally.rows)
    return (
        say(
            f"tally_{tally.kind}",
            title=title,
            count=f"{tally.count:,}",
            column=tally.column or "",
            value=f"{Decimal(tally.value):,}" if tally.value else "",
            unit=tally.unit or "",
            places=say("comma").join(_place(place, tally.unit or "", say) for place in tally.places),
            blank=say("tally_blank", blank=f"{tally.blank:,}") if tally.blank else "",
            first=say("tally_first", shown=shown) if shown < listed else "",
        )
        .replace(" )", ")")
        .replace("  ", " ")
    )


def _place(summed: PlaceSum, unit: str, say: Say) -> str:
    value = f"{Decimal(summed.value):,}"
    return say("tally_place", place=summed.place, value=value, unit=unit, count=f"{summed.count:,}")


def rest_of(answer: Answer) -> Sequence[TallyRow]:
    """The rows that the answer does not quote."""
    if answer.tally is None or answer.answer is None:
        return ()
    quoted = Counter(answer.answer.split("\n"))
    rest = []
    for row in answer.tally.rows:
        if quoted[row.text]:
            quoted[row.text] -= 1
        else:
            rest.append(row)
    return rest


def is_cut(tally: Tally) -> bool:
    """Whether there are more rows than travel with the answer."""
    return tally.kind not in ("maximum", "minimum") and tally.count > len(tally.rows)
