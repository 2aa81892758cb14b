"""What the documents did not answer, as administrators see it in the chat."""

from tests.telegram.conftest import GROUP, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person


def test_administrators_see_them_in_the_chat(start_bot: StartBot, fake: FakeTelegram) -> None:
    start_bot()
    admin, person = Person(fake, 7), Person(fake, 42)
    assert admin.ask("/unanswered", seconds=60).text == "没有还没回答的问题。"
    for question in ("火星上的房租是多少", "请问，火星上的房租多少？"):
        assert person.ask(question, seconds=60).text.startswith("🚫")
    listed = admin.ask("/unanswered", seconds=60).text
    assert listed.startswith("还没有回答的问题：1 个，共问过 2 次：\n2× ") and "火星上的房租多少" in listed
    assert "火星" not in admin.within(GROUP).ask("/unanswered", seconds=60).text
    assert "只有管理员" in person.ask("/unanswered", seconds=60).text
    person.ask("/forget", seconds=60)
    assert admin.ask("/unanswered", seconds=60).text == "没有还没回答的问题。"
