"""Documents of which each knows a fact that no other knows, in an older and a newer edition."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from config.settings import Settings, load_settings

_FIRST = "梅兰竹菊松柏桃李杏梨"
_SECOND = "岭湾坡沟塬峪滩洼屯堡"
MOST = len(_FIRST) * len(_SECOND)
Editions = Mapping[int, int]
"""Which edition of each document: 0 the older, 1 the newer."""


@cache
def settings_of(home: Path) -> Settings:
    """Passages so small that a document has some of them, and no reader: which answer is best is not asked here, and
    every process would load one."""
    settings = load_settings(home=home / "home").model_copy(update={"reader": "none"})
    return settings.model_copy(update={"passages": settings.passages.model_copy(update={"size": 60, "overlap": 20})})


def village(number: int) -> str:
    return f"{_FIRST[number % 10]}{_SECOND[number // 10]}村"


def question(number: int) -> str:
    return f"{village(number)}有多少网格员"


def fact(number: int, edition: int) -> str:
    return f"{village(number)}现有网格员{1000 + 10 * number + edition}名。"


def text(number: int, edition: int) -> str:
    """Three passages or more; the newer edition has one more, so that they are not of a size."""
    more = [
        f"{village(number)}的志愿者第{i}组参加培训，再到村民家里走访一遍。" for i in range(1 + number % 3 + edition)
    ]
    parts = [f"{village(number)}通知", fact(number, edition), f"{village(number)}的食堂每天中午开门，周末也不休息。"]
    return "\n\n".join([*parts, *more, f"{village(number)}的选举在第{edition + 1}季度举行，请互相转告。"])


def path(home: Path, number: int) -> Path:
    """Half of the documents lie in one folder and half in another."""
    return home / "documents" / ("even", "odd")[number % 2] / f"{number:02}.txt"


def number_of(path: Path) -> int:
    return int(path.stem)


def write(home: Path, editions: Editions) -> None:
    for number, edition in editions.items():
        file = path(home, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(number, edition), "utf-8")


def unlink(home: Path, numbers: Iterable[int]) -> None:
    for number in numbers:
        path(home, number).unlink()
