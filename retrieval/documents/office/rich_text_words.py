"""Words of RTF 1.9.1: the character sets of fonts, characters by name, and where the text behind a word belongs."""

from typing import Literal

CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""By the character set of a font."""
CODE_PAGE_NAMES = {
    936: "gb18030", 10000: "mac_roman", 10001: "shift_jis", 10002: "big5", 10003: "euc_kr", 10006: "mac_greek",
    10007: "mac_cyrillic", 10008: "gb18030", 10029: "mac_latin2", 10081: "mac_turkish", 20936: "gb18030",
    28591: "latin_1", 51936: "gb18030", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
"""What Python calls a code page that it does not call cp and its number."""
NO_CODE_PAGES = (0, 1200)
"""That of the machine, and UTF-16, of which the file cannot be: the page that holds stays."""
CHARACTERS = {
    "tab": " ", "line": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"\n": "\n", b"\r": "\n", b"\t": " "}
NOWHERE = frozenset({
    "pict", "colortbl", "object", "objdata", "fldinst", "themedata", "datastore", "filetbl", "revtbl", "xe", "tc",
    "annotation", "atnid", "atnauthor", "nonshppict", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "template", "private", "bkmkstart", "bkmkend", "sn", "sv", "generator", "listtable", "listoverridetable",
})  # fmt: skip
Target = Literal["body", "beside", "edge", "fonts", "styles", "info", "title", "nowhere"]
TARGETS: dict[str, Target] = {
    "fonttbl": "fonts", "stylesheet": "styles", "info": "info", "footnote": "beside", "shptxt": "beside",
    "dptxbxtext": "beside", "header": "edge", "headerl": "edge", "headerr": "edge", "headerf": "edge",
    "footer": "edge", "footerl": "edge", "footerr": "edge", "footerf": "edge",
}  # fmt: skip
