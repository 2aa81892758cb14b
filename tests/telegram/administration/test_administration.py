"""What administrators do in the chat: add, replace and remove documents, and let people in."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from tests.documents import make
from tests.telegram.conftest import ADMIN, GROUP, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot

NOTICE = "清河县网格办通知\n\n清河县共有网格员{}名，全部实名登记。\n"


def notice(count: int) -> bytes:
    return NOTICE.format(count).encode()


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


def test_a_file_is_read_indexed_and_reported(admin: Person, person: Person) -> None:
    sent = admin.send_file("清河通知.txt", notice(321))
    assert admin.reply_to(sent).text == "✅ 《清河通知.txt》已收录：1 个段落，现在就能查。"
    assert "321名" in person.ask("清河县有多少网格员").text
    again = admin.send_file("清河通知.txt", notice(321))
    assert "没有变" in admin.reply_to(again).text
    copied = admin.send_file("副本.txt", notice(321))
    assert "《清河通知.txt》完全一样" in admin.reply_to(copied).text
    changed = admin.send_file("清河通知.txt", notice(654))
    assert "已更新" in admin.reply_to(changed).text
    answer = person.ask("清河县有多少网格员")
    assert "654名" in answer.text and "321名" not in answer.text
    broken = admin.send_file("清河通知.txt", b"\x00\x01\x02" * 100)
    assert "旧版本保持不变" in admin.reply_to(broken).text
    assert "654名" in person.ask("清河县有多少网格员").text


@pytest.mark.parametrize("suffix", ["text", "MARKDOWN"])
def test_whatever_the_command_line_reads_is_taken(admin: Person, suffix: str) -> None:
    sent = admin.send_file(f"青石乡.{suffix}", f"青石乡有水井{len(suffix)}口。".encode())
    assert "已收录" in admin.reply_to(sent).text


def test_what_of_a_file_is_not_read_is_told(admin: Person) -> None:
    pdf = make.pdf([["Wells in Baisha: 12."], [], ["Wells in Heisha: 7."], []])
    told = admin.reply_to(admin.send_file("wells.pdf", pdf)).text
    assert told.split("\n")[1:] == ["⚠️ 没有文字的页（可能是扫描件，请先做文字识别）：第 2、4 页。"]


def test_a_workbook_is_read_and_its_hidden_sheets_are_told(admin: Person, person: Person) -> None:
    def shown(sheet: Any) -> None:
        sheet.title = "白沙乡"
        for line in (["村名", "水井"], ["黑沙村", 47], ["红沙村", 12]):
            sheet.append(line)

    def hidden(sheet: Any) -> None:
        sheet.title, sheet.sheet_state = "底稿 <b>", "hidden"
        sheet.append(["密码", 1234])

    sent = admin.send_file("白沙乡水井.xlsx", make.xlsx(shown, hidden, lambda _: None))
    added, *left_out = admin.reply_to(sent).text.split("\n")
    assert "《白沙乡水井.xlsx》已收录" in added
    assert left_out == ["⚠️ 隐藏的工作表没有收录：底稿 <b>。", "没有内容的工作表：Sheet。"]
    assert "47" in person.ask("白沙乡黑沙村有多少水井").text
    formulas = admin.send_file("公式.xlsx", make.xlsx(lambda sheet: sheet.append(["=1+1"])))
    assert "公式还没有算出结果" in admin.reply_to(formulas).text


def test_the_original_of_a_sent_file_comes_back(admin: Person, person: Person) -> None:
    admin.reply_to(admin.send_file("../../白水.txt", "白水县简介\n\n白水县有供销社47家。\n".encode()))
    answer = person.ask("白水县有多少供销社")
    person.press(answer, "📄 原文")
    sent = person.received()[-1]
    assert sent.file_name == "白水.txt" and "47家".encode() in sent.file


def test_questions_are_answered_while_a_file_is_read(admin: Person, person: Person) -> None:
    long = "".join(f"第{n}条 红石县第{n}村有果园{n + 3}亩，由村委会统一管理，每年十月验收。\n" for n in range(600))
    sent = admin.send_file("红石县果园.txt", long.encode())
    answered = 0
    while not admin.settled(sent):
        person.ask("左云县有多少网格员", seconds=10)
        answered += 1
    assert answered >= 3
    assert "已收录" in admin.reply_to(sent).text


def test_files_of_strangers_do_not_hold_up_those_of_administrators(
    telegram: FakeTelegram, admin: Person, person: Person
) -> None:
    telegram.trouble("sendMessage", "slow", times=1, seconds=6)
    refused = person.send_file("我的.txt", notice(1))
    telegram.wait(lambda: not telegram.troubles)
    assert "已收录" in admin.reply_to(admin.send_file("快.txt", notice(777)), 6).text
    assert not person.settled(refused)
    assert "只有管理员" in person.reply_to(refused).text


def test_removing_asks_first_and_is_for_whom_it_asked(telegram: FakeTelegram, admin: Person, person: Person) -> None:
    admin.reply_to(admin.send_file("临时.txt", "苍梧县临时通告\n\n苍梧县渡口停航12天。\n".encode()))
    assert "12天" in person.ask("苍梧县渡口停航多少天").text
    shown = person.received()[-1]
    asked = admin.ask("/remove 临时.txt")
    assert "要移除" in asked.text
    stranger = Person(telegram, person.id, chat_id=ADMIN)
    assert "管理员" in (stranger.press(asked, "移除") or "")
    admin.press(asked, "保留")
    assert "保留" in asked.text and not asked.labels()
    asked = admin.ask("/remove 临时.txt")
    admin.press(asked, "移除")
    assert "已移除" in asked.text and "删除" in asked.text
    assert "12天" not in person.ask("苍梧县渡口停航多少天").text
    assert "移除或更新" in (person.press(shown, "上下文 1") or "")
    assert "移除或更新" in (person.press(shown, "📄 原文") or "")


def test_remove_with_nothing_or_the_unknown(admin: Person) -> None:
    assert "/remove" in admin.ask("/remove").text
    assert "没有叫" in admin.ask("/remove 没有这个.txt").text


def test_a_document_of_the_command_line_stays_where_it_is(
    fake: FakeTelegram, start_paper: StartBot, paper_home: Path
) -> None:
    start_paper()
    admin = Person(fake, ADMIN)
    asked = admin.ask("/remove 左云县网格员队伍.md")
    admin.press(asked, "移除")
    assert asked.text == "《左云县网格员队伍.md》已移除。"
    assert (paper_home.with_name("documents") / "左云县网格员队伍.md").exists()


@pytest.mark.parametrize(
    "command", ["/remove x", "/stats", "/feedback", "/unanswered", "/answer 1", "/allow 5", "/deny 5"]
)
def test_commands_of_administrators_are_theirs_alone(person: Person, command: str) -> None:
    assert person.ask(command).text == "只有管理员可以用这个命令。"


def test_files_are_taken_from_administrators_alone(person: Person) -> None:
    sent = person.send_file("我的.txt", notice(1))
    assert "只有管理员" in person.reply_to(sent).text


def test_a_file_in_a_group_is_added_when_it_says_so(telegram: FakeTelegram, group: int) -> None:
    chief, member = Person(telegram, ADMIN, chat_id=group), Person(telegram, USER, chat_id=group)
    silent = chief.send_file("闲聊.txt", notice(11))
    sent = chief.send_file("群里的.txt", "云台乡公告\n\n云台乡有水井33口。\n".encode(), caption="/add")
    assert "已收录" in chief.reply_to(sent).text
    assert "只有管理员" in member.reply_to(member.send_file("别的.txt", notice(12), caption="/add")).text
    document = {"file_id": "later", "file_unique_id": "later", "file_name": "后来的.txt", "file_size": 40}
    telegram.files["later"] = "松岭乡公告\n\n松岭乡有水井35口。\n".encode()
    posted = member.message(document=document)
    assert "已收录" in chief.ask("/add", reply_to=posted).text
    assert not telegram.replies(group, silent)


def test_stats_and_the_list_of_documents(admin: Person, person: Person) -> None:
    person.ask("左云县有多少网格员")
    assert "个段落" in admin.ask("/sources").text
    stats = admin.ask("/stats").text
    assert "文档" in stats and "提问" in stats


# -- access ------------------------------------------------------------------------------------------------------


def test_an_allow_list_lets_in_whom_it_names(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__ACCESS="allowlist", TELEGRAM__ALLOWED="42")
    admin, named, other = Person(fake, ADMIN), Person(fake, 42), Person(fake, 43)
    assert "51名" in named.ask("左云县有多少网格员").text
    assert "您的编号是 43" in other.ask("左云县有多少网格员").text
    assert other.type_inline("左云县有多少网格员") == []
    assert "43 可以提问了" in admin.ask("/allow 43").text
    assert "51名" in other.ask("左云县有多少网格员").text
    assert "43 不能再提问" in admin.ask("/deny 43").text
    assert "您的编号" in other.ask("左云县有多少网格员").text
    assert "管理员" in admin.ask(f"/deny {ADMIN}").text
    in_group = other.within(GROUP)
    assert f"/allow {GROUP}" in in_group.ask("/ask 左云县有多少网格员").text
    admin.ask(f"/allow {GROUP}")
    assert "51名" in Person(fake, 44, chat_id=GROUP).ask("/ask 左云县有多少网格员").text
    assert "编号" in admin.ask("/allow abc").text and "编号" in admin.ask("/deny").text
    assert "不是邀请码方式" in admin.ask("/allow").text


def test_a_code_lets_in_one_person_once(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__ACCESS="code")
    admin, first, second = Person(fake, ADMIN), Person(fake, 42), Person(fake, 43)
    assert "邀请码" in first.ask("左云县有多少网格员").text
    made = admin.ask("/allow").text
    code = made.split("：")[1].split("\n")[0]
    assert f"start=join_{code}" in made
    assert "不对" in first.ask("wrong-code").text
    assert "欢迎" in first.ask(code).text
    assert "51名" in first.ask("左云县有多少网格员").text
    assert "不对" in second.ask(f"/start join_{code}").text
    other = admin.ask("/allow").text.split("join_")[1].strip()
    assert "欢迎" in second.ask(f"/start join_{other}").text
    admin.ask("/deny 43")
    third = admin.ask("/allow").text.split("join_")[1].strip()
    assert "不对" in second.ask(f"/start join_{third}").text, "who was shut out does not come back with a code"
    group = Person(fake, ADMIN, chat_id=GROUP)
    assert "私聊" in group.ask("/allow").text
    nobody = Person(fake, 1087968824, chat_id=GROUP).send(text=f"/start join_{third}", sender_chat=group.chat)
    assert "还没有开通" in group.reply_to(nobody).text, "a code is for one person, not for a group"


# -- feedback and forgetting -------------------------------------------------------------------------------------


def test_feedback_is_exported_as_questions_to_approve_and_forgotten_when_asked(
    fake: FakeTelegram, start_bot: StartBot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def wenju(*arguments: str) -> str:
        assert run([*arguments]) == 0
        return capsys.readouterr().out

    start_bot()
    monkeypatch.setenv("WENJU_HOME", str(home))
    anna, bela = Person(fake, 42), Person(fake, 43)
    good = anna.ask("左云县专职网格员有多少名")
    anna.press(good, "👍")
    bad = bela.ask("青禾县有多少专职网格员")
    bela.press(bad, "👎")
    bela.press(bad, "已经过时")
    refused = bela.ask("大同县有多少网格员")
    bela.press(refused, "👍")
    exported = wenju("feedback", "export")
    rows = [json.loads(line) for line in exported.splitlines()]
    assert [row["feedback"]["rating"] for row in rows] == ["up", "down", "up"]
    assert rows[0]["answers"] == [good.body.of("b")[0]] and rows[0]["doc"] == "左云县网格员队伍.md"
    assert rows[1]["answers"] == [] and rows[1]["feedback"]["reason"] == "outdated"
    assert rows[1]["feedback"]["shown"][0]["text"] and 0 <= rows[1]["feedback"]["confidence"] <= 1
    assert rows[2]["why"] == "other_topic"
    approved = tmp_path / "approved.jsonl"
    approved.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in (rows[0], rows[2])), "utf-8")
    figures = json.loads(wenju("eval", str(approved), "--json"))
    assert figures["hit@1"] == 1.0 and figures["refused"] == 1.0

    assert "已删除" in bela.ask("/forget").text
    left = [json.loads(line) for line in wenju("feedback", "export").splitlines()]
    assert [row["question"] for row in left] == ["左云县专职网格员有多少名"]
    assert "失效" in (bela.press(bad, "上下文 1") or "")
    assert "理解为" not in bela.ask("云溪县呢").text
    bela.ask("/forget")
    kept = b"".join(path.read_bytes() for path in home.glob("bot.db*"))
    assert "左云县专职网格员有多少名".encode() in kept and "青禾县有多少专职网格员".encode() not in kept
