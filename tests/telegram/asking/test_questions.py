"""Where a question stands: under a picture, in what is quoted, in a message of somebody else; and several at once."""

from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person

QUESTION = "左云县有多少网格员"
PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
SOMEBODY = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}


def test_a_caption_under_a_photo_is_a_question(telegram: FakeTelegram, person: Person, group: int) -> None:
    assert "51名" in person.reply_to(person.send(photo=PHOTO, caption=QUESTION)).text
    anna = Person(telegram, 9601, chat_id=group)
    silent = anna.send(photo=PHOTO, caption=QUESTION)
    for caption in (f"@WenjuTestBot {QUESTION}", f"/ask {QUESTION}"):
        assert "51名" in anna.reply_to(anna.send(photo=PHOTO, caption=caption)).text
    assert not telegram.replies(group, silent)


def test_an_edited_caption_is_a_question_below_a_picture_and_none_below_a_file(person: Person) -> None:
    document = {"file_id": "x", "file_unique_id": "x", "file_name": "x.txt"}
    refused = person.reply_to(file := person.send(document=document))
    answer = person.reply_to(picture := person.send(photo=PHOTO, caption="青禾县有多少专职网格员"))
    person.edit(file, document=document, caption=QUESTION)
    person.edit(picture, photo=PHOTO, caption=QUESTION)
    person.fake.wait(lambda: answer.edits)
    assert "51名" in answer.text and person.received() == [refused, answer]


def test_the_bot_named_alone_in_reply_asks_what_was_written_or_quoted(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 9602, chat_id=group), Person(telegram, 9603, chat_id=group)
    written = anna.message(text=QUESTION)
    assert "51名" in bela.ask("@WenjuTestBot", reply_to=written).text
    pictured = anna.message(photo=PHOTO, caption=QUESTION)
    assert "51名" in bela.ask("@WenjuTestBot", reply_to=pictured).text
    longer = anna.message(text=f"各位好，今天开会讨论。{QUESTION}？请大家准备材料。")
    quote = {"text": QUESTION, "position": 11, "is_manual": True}
    told = bela.reply_to(bela.send(text="@WenjuTestBot", reply_to=longer, quote=quote))
    assert "51名" in told.text and not telegram.replies(group, longer["message_id"])
    answer = told
    assert "问题" in bela.ask("@WenjuTestBot", reply_to=answer).text, "what the bot wrote is no question"


def test_a_follow_up_goes_on_from_what_it_quotes(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 9604, chat_id=group), Person(telegram, 9605, chat_id=group)
    written = anna.message(text="谁知道青禾县有多少专职网格员？我这里没有。")
    quote = {"text": "青禾县有多少专职网格员", "position": 3, "is_manual": True}
    told = bela.reply_to(bela.send(text="@WenjuTestBot 云溪县呢", reply_to=written, quote=quote))
    assert "226名" in told.text


def test_what_was_forwarded_is_asked_with_a_tap(person: Person) -> None:
    offered = person.reply_to(person.send(text=f"{QUESTION}？青禾县呢？", forward_origin=SOMEBODY))
    assert person.press(offered, "就问这句") is None
    first, second = person.received()[-2:]
    assert "51名" in first.text and "青禾县" in second.text.split("\n")[0]
    assert "问：" in first.text and first.reply_to == offered.message_id and "👍" in first.labels()
    gone = person.reply_to(person.send(text=QUESTION, forward_origin=SOMEBODY))
    person.fake.written.clear()
    assert "失效" in (person.press(gone, "就问这句") or ""), "what was forwarded was deleted"


def test_two_questions_in_one_message_are_both_answered(person: Person, telegram: FakeTelegram) -> None:
    number = person.say(f"{QUESTION}？青禾县有多少专职网格员？谢谢")
    first, second = telegram.wait(lambda: len(found := telegram.replies(person.id, number)) == 2 and found)
    assert "51名" in first.text.split("\n")[0] and "172名" in second.text.split("\n")[0]
    assert f"问：{QUESTION}？" in first.text
    person.edit(number, f"{QUESTION}？云溪县有多少专职网格员？")
    telegram.wait(lambda: second.edits)
    assert "226名" in second.text and first.edits == 0 and len(person.received()) == 2


def test_the_answer_to_a_question_that_was_edited_out_is_withdrawn(person: Person, telegram: FakeTelegram) -> None:
    other = "青禾县有多少专职网格员？"
    number = person.say(f"{QUESTION}？{other}")
    first, second = telegram.wait(lambda: len(found := telegram.replies(person.id, number)) == 2 and found)
    person.edit(number, f"{QUESTION}？")
    telegram.wait(lambda: second.edits)
    assert second.text.startswith("已撤回") and not second.labels() and first.edits == 0
    person.edit(number, f"{QUESTION}？{other}")
    again = person.next_message(2)
    assert "172名" in again.text, "it is asked anew"
    person.edit(number, other)
    telegram.wait(lambda: first.edits)
    assert first.text.startswith("已撤回") and again.edits == 0


def test_what_no_document_answers_takes_no_other_question_s_place(person: Person, telegram: FakeTelegram) -> None:
    number = person.say(f"讲个笑话好吗？{QUESTION}？")
    joke, first = telegram.wait(lambda: len(found := telegram.replies(person.id, number)) == 2 and found)
    assert "51名" in first.text and not joke.labels()
    person.edit(number, "讲个笑话好吗？青禾县有多少专职网格员？")
    telegram.wait(lambda: first.edits)
    assert "172名" in first.text.split("\n")[0] and joke.edits == 0


def test_a_greeting_before_a_question_is_no_second_one(person: Person) -> None:
    assert "51名" in person.ask(f"在吗？{QUESTION}？").text
    assert len(person.received()) == 1
