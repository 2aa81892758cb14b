"""Nothing is lost when the bot is stopped or killed, or Telegram cannot be reached: what had arrived is answered, and
answered once."""

import time

from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person

QUESTION = "左云县有多少网格员"
OUTAGE = "Telegram cannot be reached: "


def test_sigterm_ends_it_within_seconds_and_old_buttons_work_after(fake: FakeTelegram, start_bot: StartBot) -> None:
    bot, anna = start_bot(), Person(fake, USER)
    answer = anna.ask("青禾县有多少专职网格员")
    code, seconds = bot.terminate()
    assert code == 0 and seconds < 12
    bot.start()
    anna.press(answer, "上下文 1")
    assert "青禾县" in anna.received()[-1].text
    assert "226名" in anna.ask("云溪县呢").text, "the thread goes on"


def test_sigterm_with_questions_in_line_answers_them_after_the_next_start(
    fake: FakeTelegram, start_paper: StartBot
) -> None:
    bot, people = start_paper(), [Person(fake, 100 + n) for n in range(5)]
    fake.trouble("sendMessage", "slow", times=1000, seconds=1.0)
    asked = [(person, person.say(QUESTION)) for _ in range(3) for person in people]
    fake.wait(lambda: not fake.updates or len(fake.of("sendMessage")) >= 3)
    code, seconds = bot.terminate()
    assert code == 0 and seconds < 12
    fake.troubles.clear()
    bot.start()
    for person, number in asked:
        person.reply_to(number, 30)
    assert all(len(person.received()) == 3 for person in people), "each once"


def test_kill_9_loses_no_question_that_had_arrived(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot, people = start_paper(), [Person(fake, 200 + n) for n in range(8)]
    fake.trouble("sendMessage", "slow", times=8, seconds=60)
    asked = [(person, person.say(f"{QUESTION}？{n}")) for n, person in enumerate(people)]
    fake.wait(lambda: len(fake.of("sendMessage")) == 8)
    fake.wait(lambda: not [update for update in fake.updates if update["update_id"] > fake.confirmed])
    bot.kill()
    fake.troubles.clear()
    bot.start()
    for person, number in asked:
        assert "51名" in person.reply_to(number).text
    time.sleep(0.5)
    assert all(len(person.received()) == 1 for person in people)


def test_kill_9_while_a_file_is_read_and_it_is_read_after_all(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot, admin = start_paper(), Person(fake, ADMIN)
    long = "".join(f"第{n}条 红石县第{n}村有果园{n + 3}亩，由村委会统一管理，每年十月验收。\n" for n in range(150))
    sent = admin.send_file("红石县果园.txt", long.encode())
    fake.wait(
        lambda: list((bot.home / "uploads").glob("红石县果园.txt")) if (bot.home / "uploads").exists() else None
    )
    bot.kill()
    bot.start()
    assert "已收录" in admin.reply_to(sent, 60).text or "没有变" in admin.received()[-1].text
    assert "果园" in Person(fake, USER).ask("红石县第5村有多少亩果园").text


def test_the_same_update_twice_is_answered_once(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot, anna = start_paper(), Person(fake, USER)
    number = anna.say(QUESTION)
    update = fake.updates[-1]
    anna.reply_to(number)
    fake.updates.append(update)
    fake.wait(lambda: update not in fake.updates)
    bot.terminate()
    fake.updates.append(update)
    bot.start()
    anna.ask("/new")
    assert len(fake.replies(anna.chat_id, number)) == 1


def test_late_questions_get_one_note_a_chat(fake: FakeTelegram, start_paper: StartBot) -> None:
    anna, bela = Person(fake, 42), Person(fake, 43)
    for _ in range(5):
        anna.say(QUESTION, age=3600)
    bela.say(QUESTION, age=3600)
    start_paper()
    fresh = anna.ask(QUESTION)
    assert "51名" in fresh.text
    assert "离线" in anna.received()[0].text and len(anna.received()) == 2
    assert "离线" in bela.next_message(0).text and len(bela.received()) == 1


def test_it_starts_while_telegram_cannot_be_reached_and_outlives_its_absence(
    fake: FakeTelegram, start_paper: StartBot
) -> None:
    fake.stop()
    bot, anna = start_paper(wait=False), Person(fake, USER)
    fake.wait(lambda: bot.log.count("getMe failed") >= 2, 60)
    assert bot.process.poll() is None
    fake.start()
    assert "51名" in anna.ask(QUESTION, seconds=60).text
    missed = bot.log.count(OUTAGE)
    fake.stop()
    fake.wait(lambda: bot.log.count(OUTAGE) > missed)
    fake.start()
    assert "36名" in anna.ask("平山县有多少网格员", seconds=60).text
    missed = bot.log.count(OUTAGE)
    fake.stop()
    fake.wait(lambda: bot.log.count(OUTAGE) > missed + 1)  # from the second on its pauses are longer
    code, seconds = bot.terminate()
    fake.start()
    assert code == 0 and seconds < 12, "also while the library waits for the network"
