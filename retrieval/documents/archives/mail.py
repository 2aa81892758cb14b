"""EML: a letter as mail programs save it (RFC 5322, MIME): who wrote it, to whom, when, and what it says."""

import datetime
import email
import email.policy
import re
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from retrieval.documents.decode import UndecodableError, decode
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.layout import paragraphs_of_lines
from retrieval.documents.structure.titles import clean_title
from retrieval.documents.web.markup import markup_blocks
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document, quote

_PART_LIMIT = 1_000
_DEPTH_LIMIT = 20
_LABELS = {"from": "发件人", "to": "收件人", "cc": "抄送", "date": "发送时间"}
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_SHOWN = re.compile(r"\bcid:([^\s\"'<>)]+)", re.IGNORECASE)
_NOT_QUOTED = re.compile(rb"=(?![0-9a-f]{2}|[ \t]*(?:\n|\Z))", re.IGNORECASE)
"""Text that is no quoted-printable, whatever its head says."""
_AS_WRITTEN = email.policy.default.clone(refold_source="none")
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030"}


def read_eml(path: Path, data: bytes) -> Document:
    try:
        return _read(path, data)
    except (DocumentError, MemoryError, RecursionError, UndecodableError):
        raise
    except Exception as error:  # what the library stumbles over
        raise DocumentError(path, "is not an e-mail that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, data: bytes) -> Document:
    message = _parsed(data)
    if message is None:
        raise DocumentError(path, "is not an e-mail that can be opened (it has no sender, subject or date)", "broken")
    blocks, attachments = _letter(path, message)
    sent = _sent(message)
    left_out = (LeftOut("attachments", tuple(attachments)),) if attachments else ()
    date = sent.date().isoformat() if sent else None
    title = clean_title(_header(message, "subject")) or clean_title(path.stem)
    return assemble(path, blocks, title=title, date=date, left_out=left_out)


def _parsed(data: bytes) -> EmailMessage | None:
    message = email.message_from_bytes(data.lstrip(), _class=EmailMessage, policy=email.policy.default)
    return message if any(name in message for name in ("from", "subject", "date", "received")) else None


def _letter(path: Path, message: EmailMessage, depth: int = 0) -> tuple[list[Block], list[str]]:
    """The head and the text of a letter that is handed on in `depth` others, and the names of its attachments."""
    subject, sent = _header(message, "subject"), _sent(message)
    blocks = [Block(subject, min(depth, 5) + 1)] if subject else []
    told = {**{name: _header(message, name) for name in _LABELS}, "date": f"{sent:%Y-%m-%d %H:%M}" if sent else ""}
    blocks += [Block(f"{label}：{told[name]}") for name, label in _LABELS.items() if told[name]]
    texts, attachments = _parts(path, message, depth)
    return blocks + texts, attachments


def _parts(path: Path, message: EmailMessage, depth: int) -> tuple[list[Block], list[str]]:
    """The text, and the names of the attachments. Of a text that is there in several forms the plain one is read,
    unless the other has tables."""
    blocks: list[Block] = []
    attachments: list[str] = []
    leaves = _leaves(path, message)
    shown = _shown(message) if any("content-id" in leaf for leaf in leaves) else set()
    for count, part in enumerate(leaves):
        if count >= _PART_LIMIT:
            raise DocumentError(path, f"has more than {_PART_LIMIT:,} parts; that is no letter", "limits")
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart":
            kind = "text/plain"  # a letter that is wrong about its parts, or has none
        is_attached = part.get_content_disposition() == "attachment"
        if kind in _SIGNATURES or (part.get_content_maintype() == "image" and _id(part) in shown):
            continue
        letter = _handed_on(part) if kind == "message/rfc822" and not is_attached else None
        if letter is not None:
            if depth == _DEPTH_LIMIT:
                raise DocumentError(path, f"has letters within letters, more than {_DEPTH_LIMIT} deep", "limits")
            texts, names = _letter(path, letter, depth + 1)
            blocks += texts
            attachments += names
        elif is_attached or kind not in ("text/plain", "text/html"):
            attachments.append(_name(part))
        else:
            blocks += _text(part, kind)
    return blocks, attachments


def _handed_on(part: MIMEPart) -> EmailMessage | None:
    """The letter that the part holds, also where a program has encoded it, which RFC 2046 forbids and the library
    does not expect. None where it holds none."""
    if not part.is_multipart():
        return None
    letter = cast(EmailMessage, part.get_payload(0))
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    if encoding not in ("base64", "quoted-printable") or (encoding == "base64" and letter.keys()):
        return letter
    raw = letter.as_bytes(policy=_AS_WRITTEN)
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in letter.defects):
        raw = raw.replace(b"\n\n", b"\n", 1)  # a line of the head that was broken by the encoding
    if encoding == "quoted-printable" and _NOT_QUOTED.search(raw):
        return letter
    part.set_payload(raw.decode("ascii", "surrogateescape"))
    return _parsed(cast(bytes, part.get_payload(decode=True)))


def _shown(message: EmailMessage) -> set[str]:
    """The ids of the pictures that a page in the letter shows."""
    pages = (part for part in message.walk() if part.get_content_type() == "text/html")
    return {unquote(name) for page in pages for name in _SHOWN.findall(_content(cast(MIMEPart, page)))}


def _id(part: MIMEPart) -> str:
    return str(part.get("content-id") or "").strip().strip("<>")


def _leaves(path: Path, part: MIMEPart, depth: int = 0) -> list[MIMEPart]:
    if depth > _DEPTH_LIMIT:
        raise DocumentError(
            path, f"has parts within parts, more than {_DEPTH_LIMIT} deep; that is no letter", "limits"
        )
    forms = list(part.iter_parts()) if part.get_content_maintype() == "multipart" else []
    if forms and part.get_content_type() == "multipart/alternative":
        return _chosen(path, forms, depth + 1)
    return [leaf for form in forms for leaf in _leaves(path, form, depth + 1)] if forms else [part]


def _chosen(path: Path, forms: list[MIMEPart], depth: int) -> list[MIMEPart]:
    """What is read of several forms. The leaves of the other form are asked for once: else each depth would double
    the work."""
    plain = next((form for form in forms if form.get_content_type() == "text/plain" and _content(form).strip()), None)
    others = [form for form in reversed(forms) if form is not plain]
    html = next((form for form in others if _is_page(form)), others[0] if others else None)
    if html is None:
        return [plain or forms[0]]
    leaves = _leaves(path, html, depth)
    has_tables = any("<table" in _content(leaf).lower() for leaf in leaves if leaf.get_content_type() == "text/html")
    return leaves if plain is None or has_tables else [plain]


def _is_page(part: MIMEPart) -> bool:
    """Whether it may hold the text as a web page; an appointment (text/calendar), say, stands beside it."""
    return part.get_content_type() == "text/html" or part.get_content_maintype() == "multipart"


def _text(part: MIMEPart, kind: str) -> list[Block]:
    text = _content(part)
    if kind == "text/html":
        return markup_blocks(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return [
        Block(" ".join(quote(lines, paragraph.spans).split()), paragraph.level)
        for paragraph in paragraphs_of_lines(lines)
    ]


def _content(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    name = str(part.get_content_charset() or "").lower()
    try:
        return data.decode(_CHINESE.get(name, name)) if name and name != "us-ascii" else decode(data)
    except (LookupError, ValueError):
        try:
            return decode(data)  # the letter is wrong about itself
        except UndecodableError:
            return data.decode("ascii", "replace")


def _header(message: EmailMessage, name: str) -> str:
    """On one line. The raw bytes of old programs are read as the text of a file is."""
    raw = next((str(value) for known, value in message.raw_items() if known.lower() == name), "")
    if any("\udc80" <= character <= "\udcff" for character in raw):
        return " ".join(decode(raw.encode("utf-8", "surrogateescape")).split())
    return " ".join(str(message.get(name) or "").split())


def _name(part: MIMEPart) -> str:
    return " ".join((part.get_filename() or part.get_content_type()).split())


def _sent(message: EmailMessage) -> datetime.datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
