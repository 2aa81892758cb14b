"""The stand-in for Telegram refuses what Telegram refuses: the other tests are as good as it."""

import json

import pytest

from tests.telegram import strict
from tests.telegram.strict import RefusedError


def test_formatting_is_read() -> None:
    text = '<b>一😀</b>&lt;<a href="https://e.org/?a=1&amp;b=2">x</a><blockquote expandable>q<b>r</b></blockquote>'
    formatted = strict.formatted(text, "HTML")
    assert formatted.text == "一😀<xqr"
    assert formatted.of("b") == ["一😀", "r"] and formatted.of("blockquote expandable") == ["qr"]
    assert formatted.links() == ["https://e.org/?a=1&b=2"]


@pytest.mark.parametrize(
    "text",
    [
        *("<b>open", "<b><i>x</b></i>", "</b>", "a < b", "a > b", "a & b", "<unknown>x</unknown>", "<b", "&nbsp;x"),
        *("", "   ", "\u200b", "<b> </b>", "x" * 4097, "😀" * 2049, "a\x00b", "\ud800"),
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
    ],
)
def test_what_telegram_does_not_take(text: str) -> None:
    with pytest.raises(RefusedError):
        strict.formatted(text, "HTML")


def test_length_is_counted_after_the_entities() -> None:
    assert strict.formatted("<b>" + "&lt;" * 4096 + "</b>", "HTML")
    assert strict.formatted("😀" * 2048, None)


@pytest.mark.parametrize(
    "button",
    [
        {"text": "x"},
        {"text": "", "callback_data": "a"},
        {"text": "x", "callback_data": "好" * 22},
        {"text": "x", "callback_data": ""},
        {"text": "x", "copy_text": {"text": "😀" * 129}},
        {"text": "x", "url": "http://localhost/"},
        {"text": "x", "url": "https://example.org/新"},
        {"text": "x", "url": "javascript:x"},
        {"text": "x", "callback_data": "a", "url": "https://example.org"},
    ],
)
def test_buttons_that_telegram_does_not_take(button: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        strict.keyboard(json.dumps({"inline_keyboard": [[button]]}))
    with pytest.raises(RefusedError):
        strict.keyboard(json.dumps({"inline_keyboard": [[]]}))
    assert strict.keyboard(json.dumps({"inline_keyboard": [[{"text": "x", "callback_data": "好" * 21}]]}))


def test_reactions_that_telegram_does_not_take() -> None:
    emoji = [{"type": "emoji", "emoji": emoji} for emoji in ("👍", "🚫")]
    for wrong in ([], emoji, emoji[1:], [{"type": "paid"}]):
        with pytest.raises(RefusedError):
            strict.reaction(json.dumps(wrong))
    assert strict.reaction(json.dumps(emoji[:1])) == "👍"
