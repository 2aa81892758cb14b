"""In which language the bot speaks, and what it says of itself in each."""

import pytest

from tests.telegram.conftest import USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


def test_a_language_that_was_chosen_is_kept_in_all_sentences(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot = start_paper()
    anna = Person(fake, USER)
    asked = anna.ask("/language")
    assert asked.labels() == ["中文", "English"]
    anna.press(asked, "English")
    assert asked.text.startswith("Good, English") and not asked.labels()
    assert fake.menus[f"chat{USER}:zh"][0]["description"] == "Ask a question"
    bot.terminate()
    bot.start()
    refused = anna.ask("大同县有多少网格员")
    assert "none of the 4 documents" in refused.text and "文档" not in refused.text
    assert "➕ More passages" in anna.ask("左云县有多少网格员").labels()
    fake.trouble("setMessageReaction", "400")
    assert anna.ask("谢谢").text == "You are welcome."
    assert "next question" in anna.ask("/new").text
    assert "以后用中文" in anna.ask("/language 中文").text
    assert "没有提到" in anna.ask("Datong wardens 12345 大同县").text
    anna.ask("/language en")
    anna.ask("/forget")
    assert "您好" in anna.ask("/start").text, "it is forgotten with all else"


def test_numbers_alone_are_answered_in_the_users_language(person: Person) -> None:
    """By their letters they would be English."""
    told = person.ask("12345").text
    assert "文档" in told and "document" not in told


def test_in_a_group_everybody_chooses_for_themselves(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 9501, chat_id=group), Person(telegram, 9502, chat_id=group)
    asked = anna.ask("/language")
    assert (bela.press(asked, "English") or "").startswith("Good, English") and asked.labels()
    assert "next question" in bela.ask("/new").text and "从头开始" in anna.ask("/new").text


def test_the_profile_in_both_languages(telegram: FakeTelegram) -> None:
    telegram.wait(lambda: "short_description:" in telegram.profile)
    assert set(telegram.profile) == {f"{what}:{code}" for what in ("description", "short_description")
                                     for code in ("", "zh")}  # fmt: skip
    assert "原文" in telegram.profile["description:zh"] and "documents" in telegram.profile["short_description:"]
