"""EPUB, chapter by chapter, and letters (EML), part by part."""

import base64
import quopri
import time
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from retrieval.left_out import LeftOut
from tests.documents import make
from tests.documents.make import epub
from tests.documents.reading import damaged_copies, headings, read, read_or_refused, refusal, texts

ENCRYPTED = (
    '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>'
    '<enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
)


class TestBooks:
    def test_chapters_in_the_order_in_which_they_are_read(self) -> None:
        document = read("a.epub", epub("<h1>第二章</h1><p>乙。</p>", "<h1>第一章</h1><p>甲。</p>", spine=[1, 0]))
        assert texts(document) == ["第一章", "甲。", "第二章", "乙。"]
        assert headings(document) == [(1, "第一章"), (1, "第二章")]
        assert (document.title, document.date) == ("书", "2025-07-03")

    def test_a_short_chapter_is_read_whole_with_its_tables(self) -> None:
        body = "<div>石<b>桥</b>村<br/>二队<ul><li>一</li><li>二</li></ul>尾</div>"
        body += "<script>x</script><p hidden=''>不见</p>"
        body += "<table><tr><th>村名</th><th>人口</th></tr><tr><td>石桥村</td><td>942</td></tr></table>"
        document = read("a.epub", epub(body))
        assert texts(document) == ["石桥村", "二队", "一", "二", "尾", "村名：石桥村 | 人口：942"]
        assert document.paragraphs[-1].whole

    def test_lists_keep_their_numbers(self) -> None:
        inner = "<ol type='a'><li>甲</li><li value='4'><p>乙</p><p>丙</p></li></ol>"
        document = read(
            "a.epub", epub(f"<ol start='2'><li>准备</li><li>提交{inner}</li><li></li><li>领证</li></ol><p>完。</p>")
        )
        assert texts(document) == ["2. 准备", "3. 提交", "a. 甲", "d. 乙", "丙", "5. 领证", "完。"]

    @pytest.mark.parametrize(
        "items",
        [
            ["第一条 为管理养鸽，制定本办法。", "第一百二十条 养鸽登记费每年20元。"],
            ["一、报名", "十二、缴费"], ["（一）报名", "(二) 缴费"], ["1. 报名", "2、缴费"], ["①报名", "②缴费"],
        ],
    )  # fmt: skip
    def test_items_that_bring_their_own_number_get_no_other(self, items: list[str]) -> None:
        marked = "".join(f"<li><p>{item}</p></li>" for item in items)
        assert texts(read("a.epub", epub(f"<ol>{marked}</ol>"))) == items
        figures = "<ol><li>3.5万元</li><li>第一书记</li><li>20元</li></ol>"
        assert texts(read("a.epub", epub(figures))) == ["1. 3.5万元", "2. 第一书记", "3. 20元"]

    def test_lists_without_marks_have_no_numbers(self) -> None:
        for style in ("list-style:none", "margin:0; List-Style-Type : none"):
            assert texts(read("a.epub", epub(f"<ol style='{style}'><li>甲</li></ol>"))) == ["甲"]
            assert texts(read("a.epub", epub(f"<ol><li style='{style}'>甲</li><li>乙</li></ol>"))) == ["甲", "2. 乙"]

    def test_the_number_of_an_empty_item_is_nobody_elses(self) -> None:
        assert texts(read("a.epub", epub("<ol><li></li></ol><p>正文在此</p>"))) == ["正文在此"]
        document = read("a.epub", epub("<ol><li><img/></li></ol><h2>标题</h2><ol><li><ul><li/></ul>甲</li></ol>"))
        assert headings(document) == [(2, "标题")]
        assert texts(document) == ["标题", "1. 甲"]

    def test_lists_that_count_from_nought_or_downwards(self) -> None:
        items = "<li>甲</li><li>乙</li><li hidden=''>不见</li>"
        assert texts(read("a.epub", epub(f"<ol start='0' type='a'>{items}</ol>"))) == ["0. 甲", "a. 乙"]
        assert texts(read("a.epub", epub(f"<ol reversed=''>{items}</ol>"))) == ["2. 甲", "1. 乙"]
        body = f"<ol reversed='' start='9'>{items}<li value='x'>丙</li></ol>"
        assert texts(read("a.epub", epub(body))) == ["9. 甲", "8. 乙", "7. 丙"]

    def test_lists_of_contents_are_no_text_and_other_links_are(self) -> None:
        links = "".join(f"<li>{i}. <a href='text/{i}.xhtml#a'>第{i}章</a></li>" for i in range(3))
        outside = links.replace("text/", "https://example.org/")
        document = read(
            "a.epub", epub(f"<ul>{links}</ul><p>正文。</p>", f"<ul>{outside}</ul><ul>{links}<li>附录</li></ul>")
        )
        assert texts(document) == [
            "正文。",
            *(f"{i}. 第{i}章" for i in range(3)),
            *(f"{i}. 第{i}章" for i in range(3)),
            "附录",
        ]

    def test_an_encrypted_font_is_no_protection_and_an_encrypted_chapter_is(self) -> None:
        font = {"META-INF/encryption.xml": ENCRYPTED.format("OEBPS/font.otf")}
        assert texts(read("a.epub", epub("<p>甲。</p>", others=font))) == ["甲。"]
        chapter = {"META-INF/encryption.xml": ENCRYPTED.format("OEBPS/text/0.xhtml")}
        assert refusal("a.epub", epub("<p>甲。</p>", others=chapter)).startswith("is protected against copying (DRM)")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"PK\x03\x04broken", "is not an EPUB file that can be opened (broken or cut short)"),
            (make.archive({"mimetype": "application/epub+zip"}), "is not an EPUB file that can be opened "),
            (epub("<p>甲。</p>", others={"OEBPS/book.opf": "<package>"}), "is not an EPUB file that can be opened "),
            (epub(""), "holds no text"),
            (make.archive({"a.xhtml": bytes(210 * 2**20)}), "unpacks to 210 MB; at most 200 MB are read"),
        ],
        ids=["broken", "no container", "no XML", "empty", "bomb"],
    )  # fmt: skip
    def test_refused(self, content: bytes, reason: str) -> None:
        assert refusal("a.epub", content).startswith(reason)


def letter(text: str = "左云县有网格员51名。", html: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"Subject": "关于网格员的函", "From": "张三 <a@example.org>", **headers}.items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def handed_on(inner: bytes, encoding: str) -> bytes:
    """A letter that brings another one, written as RFC 2046 forbids and some programs do."""
    head = b"Subject: s\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n--xx\r\n"
    kind = f"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head + kind.encode() + inner + b"\r\n--xx--\r\n"


def nested(depth: int) -> bytes:
    """A letter whose text is in several forms, one of which is again in several forms, and so on."""
    part = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + "字。".encode() + b"</p>\r\n"
    for i in range(depth):
        line = b"--b%d\r\n" % i
        head = b"Content-Type: multipart/alternative; boundary=b%d\r\n\r\n" % i
        part = head + line + b"Content-Type: text/plain\r\n\r\n\r\n" + line + part + b"--b%d--\r\n" % i
    return b"Subject: x\r\n" + part


class TestLetters:
    def test_who_wrote_to_whom_when_and_what(self) -> None:
        message = letter(
            "左云县有网格员51名，\n全部在岗。\n\n此致\n", To="b@example.org", Date="Thu, 01 Jan 2026 10:00:00 +0800"
        )
        document = read("a.eml", message.as_bytes())
        assert texts(document) == [
            "关于网格员的函", "发件人：张三 <a@example.org>", "收件人：b@example.org", "发送时间：2026-01-01 10:00",
            "左云县有网格员51名，全部在岗。", "此致",
        ]  # fmt: skip
        assert (document.title, document.date) == ("关于网格员的函", "2026-01-01")

    def test_of_two_forms_the_plain_one_is_read_unless_the_other_has_tables(self) -> None:
        assert texts(read("a.eml", letter("字。", "<p>网页。</p>").as_bytes()))[-1] == "字。"
        table = "<table><tr><th>村名</th><th>人口</th></tr><tr><td>石桥村</td><td>942</td></tr></table>"
        assert texts(read("a.eml", letter("字。", table).as_bytes()))[-1] == "村名：石桥村 | 人口：942"
        assert texts(read("a.eml", letter(" ", "<div>网页。</div>").as_bytes()))[-1] == "网页。"

    def test_an_appointment_beside_the_text_does_not_hide_it(self) -> None:
        message = EmailMessage()
        message["Subject"] = "关于开会的函"
        message.set_content("<p>周五开会。</p>", subtype="html")
        message.add_alternative("BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar")
        assert texts(read("a.eml", message.as_bytes())) == ["关于开会的函", "周五开会。"]
        table = "<table><tr><th>村名</th><th>人口</th></tr><tr><td>石桥村</td><td>942</td></tr></table>"
        message = letter("字。", table)
        message.add_alternative("BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar")
        assert texts(read("a.eml", message.as_bytes()))[-1] == "村名：石桥村 | 人口：942"

    def test_forms_within_forms_cost_no_more_than_they_are(self) -> None:
        begin = time.process_time()
        assert texts(read("a.eml", nested(19)))[-1] == "字。"
        assert time.process_time() - begin < 2  # doubled at each depth, it would be minutes
        assert refusal("a.eml", nested(40)) == "has parts within parts, more than 20 deep; that is no letter"

    @pytest.mark.parametrize("declared", ["gb2312", "gbk", "utf-8", "x-unknown", "us-ascii"])
    def test_what_is_declared_may_be_less_than_what_is_written(self, declared: str) -> None:
        head = (
            f"Subject: x\r\nContent-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        text = "镕城区有网格员五十一名，全部在岗，每天走访，遇到矛盾先上门调解。"
        document = read("a.eml", head.encode() + text.encode("gb18030"))
        assert texts(document)[-1] == text

    def test_raw_bytes_in_a_subject(self) -> None:
        document = read("a.eml", "Subject: 关于左云县的函\r\n\r\n正文。".encode("gb18030"))
        assert document.title == "关于左云县的函"

    def test_attachments_are_told_and_not_read(self) -> None:
        message = letter()
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="附件一.pdf")
        message.add_attachment("秘密", filename="b.txt")
        message.add_attachment(letter("转发的信", Subject="里面"))
        document = read("a.eml", message.as_bytes())
        assert document.left_out == (LeftOut("attachments", ("附件一.pdf", "b.txt", "message/rfc822")),)
        assert "秘密" not in document.text
        assert "转发的信" not in document.text

    def test_a_letter_that_is_handed_on_is_read_behind_the_one_that_brings_it(self) -> None:
        inner = letter("里面的信。", Subject="里面")
        inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="附件二.pdf")
        message = letter("请看。")
        message.add_attachment(inner, disposition="inline")
        document = read("a.eml", message.as_bytes())
        assert headings(document) == [(1, "关于网格员的函"), (2, "里面")]
        assert texts(document)[-1] == "里面的信。"
        assert document.left_out == (LeftOut("attachments", ("附件二.pdf",)),)
        for _ in range(25):
            outer = letter("请看。")
            outer.add_attachment(message, disposition="inline")
            message = outer
        assert refusal("a.eml", message.as_bytes()) == "has letters within letters, more than 20 deep"

    @pytest.mark.parametrize(
        ("encoding", "encoded"),
        [
            ("base64", base64.encodebytes), ("Quoted-Printable", quopri.encodestring),
            ("base64", bytes), ("quoted-printable", bytes),
        ],
    )  # fmt: skip
    def test_a_letter_that_is_handed_on_encoded_is_read(
        self, encoding: str, encoded: Callable[[bytes], bytes]
    ) -> None:
        inner = letter("里面的信。", "<p>网页=AB。</p>", Subject="关于石桥村登记养鸽一事的复函" * 3).as_bytes()
        document = read("a.eml", handed_on(encoded(inner), encoding))
        assert headings(document) == [(1, "s"), (2, "关于石桥村登记养鸽一事的复函" * 3)]
        assert texts(document)[2:] == ["发件人：张三 <a@example.org>", "里面的信。"]
        assert document.left_out == ()

    def test_a_letter_without_a_head_that_is_handed_on_is_read(self) -> None:
        document = read("a.eml", handed_on("\r\n里面的信。".encode(), "8bit"))
        assert texts(document) == ["s", "里面的信。"]

    def test_letters_within_letters_have_an_end_also_where_they_are_encoded(self) -> None:
        inner = letter().as_bytes()
        for _ in range(22):
            inner = handed_on(base64.encodebytes(inner), "base64")
        assert refusal("a.eml", inner) == "has letters within letters, more than 20 deep"

    @pytest.mark.parametrize("encoded", ["5q2j5paH", "5q2j5pa", "%%%"])
    def test_a_letter_that_cannot_be_decoded_is_told(self, encoded: str) -> None:
        document = read("a.eml", handed_on(encoded.encode(), "base64"))
        assert texts(document) == ["s"]
        assert document.left_out == (LeftOut("attachments", ("message/rfc822",)),)

    def test_the_text_of_a_letter_that_is_wrong_about_its_parts(self) -> None:
        for declared in ("multipart/mixed", "multipart/mixed; boundary=x"):
            head = f"Subject: s\nContent-Type: {declared}\n\n"
            assert texts(read("a.eml", f"{head}左云县有网格员51名。\n")) == ["s", "左云县有网格员51名。"]

    def test_a_letter_without_a_subject_goes_by_its_file(self) -> None:
        assert read("来信.eml", "From: a@example.org\n\n正文。").title == "来信"

    def test_a_part_without_a_name_is_told_by_its_kind(self) -> None:
        message = letter()
        message.add_attachment(b"GIF89a", maintype="image", subtype="gif", disposition="inline")
        assert read("a.eml", message.as_bytes()).left_out == (LeftOut("attachments", ("image/gif",)),)

    @pytest.mark.parametrize("plain", ["字。", " "])
    def test_pictures_within_the_text_and_signatures_are_no_attachments(self, plain: str) -> None:
        message = letter(plain, "<p>字。<img src='cid:logo%401'></p>")
        for name, where in (("logo@1", "inline"), ("logo@1", "attachment"), ("other@1", "inline")):
            message.add_attachment(
                b"GIF89a", maintype="image", subtype="gif", cid=f"<{name}>", filename=f"{name}.gif", disposition=where
            )
        for kind in ("pgp-signature", "pkcs7-signature", "x-pkcs7-signature"):
            message.add_attachment(b"x", maintype="application", subtype=kind, filename="smime.p7s")
        document = read("a.eml", message.as_bytes())
        assert texts(document)[-1] == "字。"
        assert document.left_out == (LeftOut("attachments", ("other@1.gif",)),)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"hello", "is not an e-mail that can be opened (it has no sender, subject or date)"),
            (b"Received: x\r\n\r\n", "holds no text"),
        ],
    )  # fmt: skip
    def test_refused(self, content: bytes, reason: str) -> None:
        assert refusal("a.eml", content) == reason

    def test_parts_without_end(self) -> None:
        parts = b"".join(b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n" for _ in range(1100))
        whole = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + parts + b"--x--\r\n"
        assert refusal("a.eml", whole) == "has more than 1,000 parts; that is no letter"
        deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(3000))
        read_or_refused("a.eml", b"Subject: x\r\n" + deep)

    def test_damaged_letters(self) -> None:
        message = letter("字。", "<p>网页。</p>", Date="Thu, 01 Jan 2026 10:00:00 +0800")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="附件一.pdf")
        for copy in damaged_copies(message.as_bytes(), 300):
            read_or_refused("a.eml", copy)
