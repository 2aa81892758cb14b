"""What tests of the readers ask of them."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import data
from retrieval.documents import parse
from retrieval.errors import DocumentError
from retrieval.types import Document, quote

SAMPLES = Path(data.__file__).parent / "corpus"
GRID = "左云县配备专职网格员51名，兼职网格员7名，每个网格不超过三百户居民，遇到矛盾先由网格员上门调解。"
CANTEEN = "养老食堂设在村委会旁边，每天中午开饭，老人每餐付三元，其余由村集体和志愿者协会共同承担。"


def read(name: str, content: str | bytes) -> Document:
    """The document that `parse` makes of the content of a file of that name."""
    return parse(Path(name), content if isinstance(content, bytes) else content.encode("utf-8"))


def texts(document: Document) -> list[str]:
    return [quote(document.text, paragraph.spans) for paragraph in document.paragraphs]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(p.level, quote(document.text, p.spans)) for p in document.paragraphs if p.level]


def refusal(name: str, content: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(name, content)
    assert caught.value.path == Path(name)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def damaged_copies(whole: bytes, copies: int) -> Iterator[bytes]:
    """Copies of the file with some bytes overwritten, the same ones in each run."""
    chance = random.Random(20250703)
    for _ in range(copies):
        copy = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            copy[chance.randrange(len(copy))] = chance.randrange(256)
        yield bytes(copy)


def read_or_refused(name: str, content: bytes) -> None:
    try:
        document = read(name, content)
    except DocumentError as error:
        assert error.reason
    else:
        assert document.text
