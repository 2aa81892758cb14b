"""Questions near one that was not answered, as buttons below the answer."""

from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.test_near import ASKED, HOME, PUT


def test_in_the_chat_they_are_buttons(fake: FakeTelegram, start_bot: StartBot) -> None:
    start_bot()
    admin, person = Person(fake, ADMIN), Person(fake, USER)
    assert "已收录" in admin.reply_to(admin.send_file("敬老院.txt", HOME.encode()), 60).text
    missed = person.ask(ASKED, seconds=60)
    near = [label for label in missed.labels() if label.endswith("？")]
    assert near and {*near} <= PUT and missed.text.endswith("文档里有答案：")
    person.press(missed, "👎")
    assert {*near, "没有回答"} <= {*missed.labels()}, "the reasons stand beside them"
    person.press(missed, near[0])
    answer = person.received()[-1]
    assert f"问：{near[0]}" in answer.text and answer.body.of("b")
    assert not [label for label in answer.labels() if label.endswith("？")]
