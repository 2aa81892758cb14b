"""Bytes to text: the encodings of Chinese documents, and what is refused."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.documents.decode import UndecodableError, decode

TEXT = "左云县配备专职网格员51名，兼职网格员7名。\n每月补贴由镇政府发放。"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode("utf-8"),
        TEXT.replace("\n", "\r").encode("utf-8"),
        codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"),
        "\ufeff".encode("gb18030") + TEXT.encode("gb18030"),
    ],
    ids=["utf-8", "bom", "gb18030", "gbk", "utf-16-le", "utf-16-be", "crlf", "cr", "utf-16 crlf", "gb18030 bom"],
)
def test_one_text_in_many_encodings(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize("text", ["", "plain ASCII", "𠮷野家 has four-byte characters", "tab\tand\fform feed"])
def test_other_texts(text: str) -> None:
    assert decode(text.encode("utf-8")) == text
    assert decode(text.encode("gb18030")) == text


def test_mixed_line_ends_become_one_sort() -> None:
    assert decode(b"a\r\nb\rc\nd\r\n\r\ne") == "a\nb\nc\nd\n\ne"


def test_only_the_first_bom_is_dropped() -> None:
    assert decode("\ufeffa\ufeffb".encode()) == "a\ufeffb"


def test_rare_characters_of_gb18030() -> None:
    # Four bytes for one character, and the euro sign, which gbk writes otherwise than gb18030.
    assert decode("㐀€㸃网格".encode("gb18030")) == "㐀€㸃网格"


@pytest.mark.parametrize("cut", [1, 2])
def test_damaged_utf8_says_where(cut: int) -> None:
    whole = TEXT.encode("utf-8")
    with pytest.raises(UndecodableError, match="damaged at byte 54;"):
        decode(whole[:54] + whole[54 + cut :])  # the character 名 loses its first bytes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, "binary|neither"),
        (b"MZ\x90\x00" + b"\x00" * 200, "binary|neither"),
        ("网格员".encode("utf-16-le") + "abc def".encode("utf-16-le"), "binary|neither"),
        (b"\x00" * 50, "binary"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "UTF-16 but is damaged"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "UTF-16 but is damaged"),
        ("El niño comió ayer en el café de la plaza".encode("latin-1"), "neither UTF-8 nor GB18030"),
        (b"ok\xff\xfe\xff", "neither UTF-8 nor GB18030"),
    ],
    ids=["png", "exe", "utf-16 without bom", "nul", "utf-16 cut", "utf-16 surrogate", "latin-1", "junk"],
)
def test_what_is_not_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError, match=reason):
        decode(data)


@pytest.mark.parametrize("text", ["网格员" * 500 + "\x07", "a\x0bb\x07c", "第一页\x1b第二页"])
def test_stray_control_characters_make_no_binary(text: str) -> None:
    assert decode(text.encode()) == text


def test_a_single_zero_byte_makes_a_binary() -> None:
    with pytest.raises(UndecodableError, match="binary"):
        decode(("网格员" * 5000 + "\0").encode())


def test_big5_is_not_taken_for_gb18030() -> None:
    data = "網格員共有五十一名，每月補貼兩百元，由鎮政府發放。".encode("big5")
    try:
        text = decode(data)
    except UndecodableError:
        return
    assert text == data.decode("big5")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
@settings(max_examples=100)
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode("utf-8")) == text.removeprefix("\ufeff")


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_text_or_refused_with_a_reason(data: bytes) -> None:
    try:
        text = decode(data)
    except UndecodableError as error:
        assert str(error)
    else:
        assert "\r" not in text
        text.encode("utf-8")  # raises where half a surrogate pair came through
