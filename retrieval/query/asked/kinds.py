"""What kind of thing a question asks for, and whether a sentence holds one: by form, in Chinese and English."""

import re

from retrieval.query.asked.forms import DIGITS, HAS, NUMBER, Kind
from retrieval.query.library.paper import BODIES
from retrieval.text.fold import fold
from retrieval.text.lexicon import (
    COUNTED,
    COUNTED_PERSONS,
    COUNTED_THINGS,
    HOW,
    HOW_MANY,
    MANY,
    OF_CLOCK,
    OF_TIME,
    PLACE_WORDS,
    PLACES,
    SIZES,
    USUAL_SIZES,
    WHAT,
    WHEN,
    WHEN_ELSE,
    WHERE,
    WHICH_DAY,
    WHO,
    WHY,
    without,
)

_ASKS: dict[Kind, str] = {
    "number": (
        rf"{MANY}|(?<!哪)几(?![乎月{OF_CLOCK}]|内亚)|多[{without(SIZES, '深')}]|占比|比例|how (?:many|much|old|long|"
        r"far|tall|often|large|big)|сколько|何(?:[人個个歳岁年月回名戸户円]|キロ)|いくつ|いくら|хэдэн|хэд\b"
    ),
    "person": (
        rf"{WHO}|哪[两几]位|什么人|哪些人|何人|叫什么名|叫啥名|姓名|名字叫|(?:书记|主任|负责人|老师|"
        r"[县部队厂校]长)(?:叫|是哪)|\bwho(?:m|se)?\b|кто|誰|だれ|хэн\b"
    ),
    "place": (
        rf"{WHERE}|在哪|何处|啥地方|哪个?[{PLACES}州盟省路街]|哪个(?:{PLACE_WORDS}|小区|地方|"
        r"单位|餐厅|食堂|学校)|上哪|去哪|到哪|地址|\bwhere\b|где|куда|どこ|хаана"
    ),
    "role": r"什么(?:职务|职位|身份|官)|(?:职务|职位|身份)是|position|title|role|job|должност",
    "phone": (
        rf"(?<![{COUNTED}{COUNTED_THINGS}部])(?:电话|手机号?|热线|联系方式|号码)(?:号码?)?(?:是|为|{HOW_MANY}|呢|[?？]|$)|"
        rf"手机(?:电话)?号码?[和与][^,，。?？]{{1,6}}(?:{HOW_MANY})|(?<![要需须得])有手机(?:电话)?号码?吗(?:[?？]|$)|"
        rf"(?:{WHAT}|哪个)(?:电话|号码)|\b(?:tele)?phone\b|телефон"
    ),
    "time": (
        rf"{WHEN}|{WHEN_ELSE}|几[{OF_CLOCK}]|{WHICH_DAY}|哪个月|几月|日期|"
        r"\bwhen\b|what (?:year|date|day|time)|когда|いつ|хэзээ"
    ),
    "list": (
        r"哪些|哪几|分别|都有[啥什谁哪]|有[啥什]么?[饭菜科]|哪[两三四五六七八九十]|指的是[啥什]|都[是由]谁|"
        r"[什啥]么?(?:材料|资料|手续|证件|条件)|(?:准备|提交|携?带|[提上]?交)[些点]?(?:什么|啥)(?!时|用|后)|"
        r"which (?:two|three|four|five)"
    ),
    "name": (
        r"叫什么|叫啥|叫做什么|什么名[字称]|称为什么|什么(?:品牌|活动|制度|机制|办法|规矩|模式|班|卡|主题|称号)|"
        r"主题是|品牌|是什么|是啥|指[的]?[是]?[啥什]|called|named?\b|title|position"
    ),
    "why": rf"{WHY}|怎么会|什么原因|啥原因|凭什么|why\b|почему|なぜ",
    "how": rf"{HOW}|靠什么|用什么|拿什么|how (?:do|does|did|is|are|can|to)\b|как\b|どう",
}
_ASKED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}
KINDS = tuple(_ASKS)
_STRICT: tuple[Kind, ...] = ("time", "phone")
"""Kinds that no sentence answers without a form in `HAS`; figures and persons have rules of their own."""

_MONEY = "价|钱|费|资金|经费|投资|工资|月薪|薪水|补贴|补助|费用|收费|票价|价格|租金|奖金|收入|党费|货款|本钱|款"
_UNIT_OF = (
    (
        (
            rf"(?:{HOW_MANY})[个块]?(?:{_MONEY}|[万亿]?元)|(?:{_MONEY}|投入|投了?|花了?|挣|赚)(?:(?![减免])[\u4e00-\u9fff])?{MANY}|"
            rf"how much (?:money|did|does)|yuan"
        ),
        r"元|块|角|￥|¥|%(?=缴|交|收|付|支付|补|报销|发)",
    ),
    (rf"比例|占比|占了?{MANY}(?!亩|地)|百分|率(?:是|为|有|达)?多|percent", r"%|成|百分之|分之"),
    (rf"多大(?:岁|年)|{MANY}岁|几岁|年龄|年纪|高龄|how old|лет|歳", r"岁|周岁"),
    (r"(?<!规模)(?<!规模是)(?<!规模有)多大(?:了|$|[?？])", r"岁|周岁|平方|㎡|亩|公顷|公里|米"),
    (
        rf"{MANY}人|几个?人|几[位名]|{MANY}[名位]|人数|how many (?:people|persons|members|workers|residents)",
        r"名|人|位|个|户|例|旅客|游客|观众|群众|村民|居民|学生|老人",
    ),
    (
        rf"多久|多长时间|几个(?:月|工作日|小时|学期|星期)|几[天年]|{MANY}(?:[天年]|个?(?:月|小时|时间))|how long",
        r"天|年|月|日|小时|分钟|周(?!岁)|个?(?:工作日|自然日|学期|季度)",
    ),
    (rf"多远|多长$|多长\?|公里|面积|{MANY}[亩平]|how far|километр", r"公里|里|米|亩|平方|公顷|吨"),
    (rf"几次|{MANY}次|几回|how often|times", r"次|回|届|场|轮|期"),
    (rf"{MANY}分|几分(?!之)|分数", r"分(?!之)"),
)
_UNITS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(rf"(?:{NUMBER.pattern})\s*[\u4e00-\u9fff]?(?:{unit})"))
    for asked, unit in _UNIT_OF
)
_IN_WORDS = (
    (
        _UNITS[0][0],
        re.compile(
            "免费|免收|免交|全免|不收|无偿|不用[交花]|不[要花]钱|free of charge|"
            "(?:费用?|款)[^,，。;；]{0,4}由|(?:全额|统一)(?:承担|负担|支付)"
        ),
    ),
    (
        re.compile(f"多久|多长时间|几天|几个工作日|{MANY}天"),
        re.compile("当场|即时|即办|立等|当[天日]|随到随|每[天日周月年季]"),
    ),
    (
        re.compile(f"{WHEN}|{WHEN_ELSE}|{WHICH_DAY}|几[{OF_CLOCK}]"),
        re.compile("另行(?:通知|公布|公告|发布)|(?:时间|日期)(?:另定|待定|未定|尚未确定)"),
    ),
)
"""Figures that are told without one: what costs nothing or is paid by others, what takes no time; and a day that is
not settled."""
_SORT = re.compile(
    rf"哪(?:一|几|两|三|四)?个?(?P<sort>{PLACE_WORDS}|小区|支部|部门|单位|公司|企业|学校|医院|中心|餐厅|食堂|[{PLACES}州省路街队馆院校厅店])"
)
_HOUR = re.compile(rf"{DIGITS}(?:时|点|:)|[上下]午")
_USUAL = re.compile(r"^(?!.*\d[日号]).*(?:几点.{0,3}(?:[上下]班|[开关]门)|(?:[上下]班|[开关]门).{0,3}几点)")
_USUAL_HOUR = re.compile(rf"(?<!\d[日号])(?<!\d[日号][上下]午)(?<![\d:—–~至到-]){DIGITS}(?:时|点|:)")
"""No hour of one day alone (12月4日7:00—17:00停电) tells when a door is open."""
_WHEN = (
    (re.compile("几点"), _HOUR),
    (
        re.compile("哪天|几号(?![楼栋路线院库])|哪一?日|几月"),
        re.compile(
            rf"{DIGITS}月|{DIGITS}[日号]|\d{{1,2}}[-./]\d{{1,2}}|周[一二三四五六日末]|星期|当[天日]|[每次翌][天日]"
        ),
    ),
    # 干了六年 names no year.
    (
        re.compile("哪一?年"),
        re.compile(r"\d\d年|[〇零一二三四五六七八九]{4}年|\b(?:19|20)\d\d\b|[今去前明当同]年|年前"),
    ),
)
_COUNTED = re.compile(
    rf"(?:{HOW_MANY})(?P<measure>[{COUNTED}{COUNTED_THINGS}{OF_TIME}人亩元岁天场届期轮本吨米公]?)"
    r"(?P<thing>[\u4e00-\u9fff]{0,4})"
)
# What the asking word stands beside: 多少[网格员], [工资]多少, [县长]是谁.
_FOCUS = (
    re.compile(rf"(?:{MANY}|(?<!哪)几)[{COUNTED}{COUNTED_THINGS}]*(?P<focus>[\u4e00-\u9fff]{{2,3}})"),
    re.compile(
        r"(?P<focus>[\u4e00-\u9fff]{2})(?<![了的到])(?:大约|是|有|为|要|达|到)*"
        rf"(?:{MANY}|多[{without(USUAL_SIZES, '久')}]|几[{COUNTED_PERSONS}岁元]?$)"
    ),
    re.compile(rf"(?P<focus>[\u4e00-\u9fff]{{2}})(?:是|叫|为|的名字)(?:{WHO}|{WHAT})"),
    re.compile(rf"(?:{WHO})(?:来|去|是|在|当|担任|负责)*(?P<focus>[\u4e00-\u9fff]{{2}})"),
    re.compile(rf"(?:{WHEN}|{WHICH_DAY})(?P<focus>[\u4e00-\u9fff]{{2}})"),
    re.compile(r"什么(?P<focus>[\u4e00-\u9fff]{1,3})"),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MOBILE = re.compile(r"手机|(?<!\d)1[3-9]\d{9}(?!\d)")
_ASKS_MOBILE = re.compile(
    rf"手机(?:的?(?:(?:电话)?号码?[和与吗]?|(?:联系)?电话|联系方式))?(?:(?<=[和与吗])|是|为|{HOW_MANY}|呢|[?？。]|$)"
)
"""手机维修店的电话 is no such number."""
_OFFICE = re.compile(rf"(支书|书记|主任|[\u4e00-\u9fff]长|经理|主席|负责人)(?:是|叫|的名字)?(?:是)?(?:{WHO}|{WHAT})")
_ASKS_ISSUER = re.compile(
    rf"(?:{WHO}|哪[一几两]?[个家]?(?:部门|单位|机关|局))(?:联合)?(?:发布|印发|制定|出台|下发|发)的"
)
_BODY = re.compile(BODIES)
_SAME_OFFICE = {"支书": "支书|书记", "负责人": ""}


class AskedKinds:
    """What a question asks for."""

    def __init__(self, question: str) -> None:
        folded = fold(question)
        self.kinds = tuple(kind for kind in KINDS if _ASKED[kind].search(folded))
        self._in_words = tuple(words for asked, words in _IN_WORDS if asked.search(folded))
        self._units = tuple(unit for asked, unit in _UNITS if asked.search(folded)) if "number" in self.kinds else ()
        focus = next((found["focus"] for found in (form.search(folded) for form in _FOCUS) if found), "")
        self.focus = tuple(dict.fromkeys(focus[i : i + 2] for i in range(max(1, len(focus) - 1)))) if focus else ()
        """Bigrams of what the asking word stands beside."""
        sort = _SORT.search(folded)
        self._sort = re.compile(rf"[\u4e00-\u9fff]{{2}}{sort['sort']}") if sort else None
        office = _OFFICE.search(folded)
        self._office = re.compile(_SAME_OFFICE.get(office[1], office[1])) if office else None
        self._asks_mobile = _ASKS_MOBILE.search(folded) is not None
        self.asks_issuer = _ASKS_ISSUER.search(folded) is not None
        self._is_of_sort = "哪些人" in folded
        """Asks what sort of persons, who need no name."""
        when = (held for asked, held in _WHEN if asked.search(folded))
        self._when = tuple(_USUAL_HOUR if held is _HOUR and _USUAL.search(folded) else held for held in when)
        self._counted = self._counted_pattern(folded) if "number" in self.kinds else None

    def told_in_words(self, sentence: str) -> bool:
        """Whether the (folded) sentence may tell the figure without one: 免费 for 多少钱."""
        return any(words.search(sentence) for words in self._in_words)

    def lacked_by(self, sentence: str) -> bool:
        """Whether the (folded) sentence plainly cannot answer: no sum of money where one is asked for, no date, no
        telephone number, not the office that is asked about. Of two things that are asked one is enough."""
        if self._asks_mobile and "phone" in self.kinds and not _MOBILE.search(sentence):
            return True
        if self.asks_issuer and not _BODY.search(sentence):
            return True
        sharp = [pattern for pattern in (*self._when, *self._units, self._office) if pattern is not None]
        if not self._when:
            sharp += [HAS[kind] for kind in _STRICT if kind in self.kinds]
        if "phone" not in self.kinds and (not self._units or _HAN.search(sentence) is None):
            sharp += [HAS["number"]] if "number" in self.kinds else []  # units of another language are not known
        if sharp and self._office is None and "person" in self.kinds and not self._is_of_sort:
            sharp.append(HAS["person"])
        if self.told_in_words(sentence):
            return False
        return bool(sharp) and not any(pattern.search(sentence) for pattern in sharp)

    def lacks_hour(self, row: str) -> bool:
        """Whether an hour is asked for and the (folded) row of a table names none."""
        return any(held in (_HOUR, _USUAL_HOUR) for held in self._when) and not (_HOUR.search(row) or "时间" in row)

    def held_by(self, sentence: str) -> float:
        """Share of what is asked for that the (folded) sentence holds a form of; 1 when nothing certain is asked."""
        return float(not self.kinds or any(HAS[kind].search(sentence) for kind in self.kinds))

    def focus_held_by(self, sentence: str) -> float:
        """Share of the focus that the sentence holds; 0 when the question has none."""
        return sum(1 for pair in self.focus if pair in sentence) / len(self.focus) if self.focus else 0.0

    def unit_held_by(self, sentence: str) -> float:
        """1 when the sentence has a figure with a unit that fits what is counted, 0.5 when no unit is known."""
        if self._sort is not None:
            return float(self._sort.search(sentence) is not None)
        if self._when:
            return float(any(held.search(sentence) for held in self._when))
        if self._counted is not None and self._counted.search(sentence):
            return 1.0
        return 0.7 if any(unit.search(sentence) for unit in self._units) else 0.0

    @staticmethod
    def _counted_pattern(question: str) -> re.Pattern[str] | None:
        """A figure before the thing that is counted: 51名网格员, or after it: 网格员51名."""
        match = _COUNTED.search(question)
        if match is None:
            return None
        measure, thing = match["measure"], match["thing"]
        ways = []
        if thing:
            ways.append(rf"(?:{NUMBER.pattern})[\u4e00-\u9fff]{{0,4}}?{re.escape(thing[:2])}")
            ways.append(rf"{re.escape(thing[:2])}[\u4e00-\u9fff]{{0,4}}?(?:{NUMBER.pattern})")
        if measure and measure != "公":
            ways.append(rf"(?:{NUMBER.pattern}){re.escape(measure)}")
        return re.compile("|".join(ways)) if ways else None
