"""Words that tell things of one sort apart: 笔试 and 面试, 首班 and 末班, 人民医院 and 中医院."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from retrieval.text.fold import fold

_HAN = r"\u4e00-\u9fff"
_BUILT = "馆|院|校区|厂|楼|站|桥|机场|码头|址"
_NEW = rf"新(?![增建修设开任型入华闻兴时农年生区村])(?=[{_HAN}]{{0,3}}?(?:{_BUILT}))"
_OLD = rf"(?<![敬养古])[老旧](?![年人师龄百板乡兵旧])(?=[{_HAN}]{{0,3}}?(?:{_BUILT}))"
_HOSPITALS = ("人民医院", "中医医?院", "妇幼保健[院站]|妇幼医院|妇保院", "卫生院")
_OF_SENTENCES: Final[Mapping[str, Sequence[str]]] = {
    "examination": ("笔试", "面试"),
    "bus": ("[首头]班", "末班"),
    "side": ("城东", "城西", "城南", "城北"),
    "age": (_NEW, _OLD),
    "hospital": _HOSPITALS,
    "care": ("门诊(?![楼部大])", "住院(?![楼部大])"),
    "limit": ("起付", "封顶|最高支付限额"),
    "post": ("专职", "兼职"),
    "term": ("试用期", "转正"),
    "customer": ("(?<!非)居民(?!委)", "非居民"),
    "sex": ("男(?:[子性士]|生(?!活)|职工)", "女(?:[子性士]|生(?!活)|职工)"),
    "meal": ("早[餐饭]", "午[餐饭]|中餐", "晚[餐饭]"),
    "season": ("春[季天]", "夏[季天装]", "秋[季天]", "冬[季天装]"),
    "degree": ("博士", "硕士", "本科", "大专"),
    "vehicle": ("小型[汽客货]?车|小[车轿汽]|轿车", "中型[汽客货]?车|中巴", "大型[汽客货]?车|大[车巴客]"),
    "size": ("大[厅班号份]", "中[厅班号份]", "小[厅班号份]"),
    "cover": ("养老保险", "医疗保险|医保", "失业保险", "工伤保险", "生育保险"),
}
"""What a sentence that says another is not about."""
_OF_PAPERS: Final[Mapping[str, Sequence[str]]] = {
    "hospital": _HOSPITALS,
    "supply": (
        "自来水|供水|停水|水费|水价|用水|水表",
        "燃气|天然气|煤气|供气|停气|气价|气费|液化气",
        "供电|停电|用电|电费|电价|电表",
        "供热|供暖|暖气|热费|取暖|采暖|热力",
    ),
    "insurance": ("职工(?:基本)?(?:医保|医疗|养老)", "居民(?:基本)?(?:医保|医疗|养老)"),
}
"""What a paper of another is not about, whatever its sentences say."""
_OF_TIMES: Final[Mapping[str, Sequence[str]]] = {
    "works": ("开工|动工|奠基", "完工|竣工|建成|投用|投入使用|通车|交付使用"),
    "event": ("开幕", "闭幕|落幕|落下帷幕"),
    "course": ("开始|启动", "截止|结束|停止|终止|到期"),
}
"""What a day is not of, where the sentence only says the other."""


def _compiled(*tables: Mapping[str, Sequence[str]]) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {group: tuple(map(re.compile, words)) for table in tables for group, words in table.items()}


OF_SENTENCES, OF_PAPERS, OF_TIMES = map(_compiled, (_OF_SENTENCES, _OF_PAPERS, _OF_TIMES))
_ALL = OF_SENTENCES | OF_PAPERS | OF_TIMES

Sorts = Mapping[str, frozenset[int]]
"""By group, which of its words a text says."""


def sorts_in(text: str, groups: Iterable[str] = _ALL) -> Sorts:
    """Of each group the words that a text says, where it says any."""
    folded = fold(text)
    said = {group: frozenset(i for i, word in enumerate(_ALL[group]) if word.search(folded)) for group in groups}
    return {group: words for group, words in said.items() if words}
