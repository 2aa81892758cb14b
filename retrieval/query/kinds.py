"""What kind of thing a question asks for, and whether a sentence holds one: by form, in Chinese and English."""

import re

from retrieval.text.fold import fold

# Bounded, and two characters before the sort of a place are enough: a search tries from each character of a sentence.
_DIGITS = r"(?:\d[\d,.]{0,30}|[〇零一二两三四五六七八九十百千万亿]{1,30}|半)"
_ABOUT = r"(?:余|多|来|几)?(?:万|亿|千|百)?(?:余|多)?"
NUMBER = re.compile(rf"{_DIGITS}{_ABOUT}%?")
_ASKS = {
    "number": (
        r"多少|(?<!哪)几(?![乎点月号])|多[大久长高远重宽]|占比|比例|how (?:many|much|old|long|"
        r"far|tall|often|large|big)|сколько|何(?:人|個|个|歳|岁|年|月|回|キロ|名|戸|"
        r"户|円)|いくつ|いくら|хэдэн|хэд\b"
    ),
    "person": (
        r"谁|哪[一]?位|哪[两几]位|什么人|哪些人|何人|叫什么名|叫啥名|姓名|名字叫|(?:书记|主任|县长|部长|负责人|"
        r"队长|厂长|校长|老师)(?:叫|是哪)|\bwho(?:m|se)?\b|кто|誰|だれ|хэн\b"
    ),
    "place": (
        r"哪里|哪儿|在哪|何处|什么地方|啥地方|哪个?[村镇乡县市区旗州盟省路街]|哪个(?:社区|小区|嘎查|苏木|街道|地方|"
        r"单位|餐厅|食堂|学校)|上哪|去哪|到哪|地址|\bwhere\b|где|куда|どこ|хаана"
    ),
    "role": r"什么(?:职务|职位|身份|官)|(?:职务|职位|身份)是|position|title|role|job|должност",
    "phone": (
        r"(?:电话|手机号?|热线|联系方式|号码)(?:号码?)?(?:是|为|多少|几|呢|[?？]|$)|(?:什么|哪个|啥)(?:电话|号码)|phone|телефон"
    ),
    "time": (
        r"什么时候|啥时候|何时|几[点号]|哪[一]?[天年日月]|哪个月|多会儿|什么时间|几月|日期|"
        r"\bwhen\b|what (?:year|date|day|time)|когда|いつ|хэзээ"
    ),
    "list": (
        r"哪些|哪几|分别|都有[啥什谁哪]|有[啥什]么?[饭菜科]|哪[两三四五六七八九十]|指的是[啥什]|都[是由]谁|"
        r"which (?:two|three|four|five)"
    ),
    "name": (
        r"叫什么|叫啥|叫做什么|什么名[字称]|称为什么|什么(?:品牌|活动|制度|机制|办法|规矩|模式|班|卡|主题|称号)|"
        r"主题是|品牌|是什么|是啥|指[的]?[是]?[啥什]|called|named?\b|title|position"
    ),
    "why": r"为什么|为何|为啥|怎么会|什么原因|啥原因|凭什么|why\b|почему|なぜ",
    "how": r"怎么|怎样|如何|咋|靠什么|用什么|拿什么|how (?:do|does|did|is|are|can|to)\b|как\b|どう",
}
_ASKED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元"
    "卜顾孟平黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁宣邓洪包诸左石崔吉龚程邢裴陆荣"
    "翁荀羊惠曲封储靳段富焦巴牧车侯全班仲宫宁仇甘厉祖武符刘景龙叶黎白从蒲赖卓屠蒙池乔闻党翟谭劳申冉雍桑桂牛边燕尚温庄晏柴瞿阎连习艾古易廖耿满国文关欧聂曾沙丰游简涂佟伊"
)
_TITLES = (
    "书记|主任|县长|市长|区长|旗长|镇长|乡长|村长|部长|局长|处长|科长|所长|院长|校长|会长|队长|组长|站长|"
    "经理|董事长|委员|代表|教授|专家|医生|护士|老师|党员|村民|居民|牧民|记者|教师|战士|干部|同志|先生|女士|"
    "大爷|大妈|奶奶|爷爷|老人|负责人|总裁|主席|常委|网格员|船工|护工|司机|厨师|骑手|志愿者|会计|工程师|兽医|"
    "校医|退休工人|学生|企业家|村医|第一书记|老兵|战士|艺人"
)
_HAS = {
    "phone": re.compile(
        r"(?<!\d)(?:\d{3,4}[- ]?\d{7,8}|\d{7,12}|1[0-2]\d{1,4}|9[56]\d{3,4}|400[- ]?\d{3}[- ]?\d{4}|"
        r"1\d\d[- ]\d{4}[- ]\d{4})(?!\d)"
    ),
    "role": re.compile(_TITLES),
    "number": NUMBER,
    "person": re.compile(
        rf"(?:{_TITLES})(?:是)?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
        rf"|(?:的|、|是|人|“|，|,|由|名叫|叫|全名|^|[.．)）:]\s?)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=说|介绍|表示|告诉|坦言|"
        r"笑|任|担任|出席|强调|、|，|,|。|等|如数|在|来到|深有|激动|竖起|拉着|和|当选|获得|提出|$)"
        rf"|[\u4e00-\u9fff][某大]?(?:大爷|大妈|奶奶|爷爷|女士|先生)|(?:{_TITLES})(?=说|介绍|表示|告诉|负责|担任)"
        r"|由[^，。,]{1,16}(?:担任|负责|经营|协助|组成)"
    ),
    "place": re.compile(
        r"[\u4e00-\u9fff]{2}(?:省|市|县|区|旗|镇|乡|村|社区|小区|苏木|嘎查|街道|街|路|巷|馆|"
        r"站|校|院|厅|中心|广场|公园|园)|在[\u4e00-\u9fff]{2}|位于|地处|at |in |on "
    ),
    "time": re.compile(
        rf"{_DIGITS}(?:年|月|日|号|时|点|世纪)|[春夏秋冬]季|时期|[今去前明后]年|[上下]半年|近日|日前|初|底|每[天周月年日]|"
        rf"周[一二三四五六日末]|星期|期末|当[天场日]|随时|[早中晚]上|上午|下午|\b(?:19|20)\d\d\b|\d:[0-5]\d|近期|即将|"
        rf"january|february|march|april|\bmay\b|june|july|august|september|october|november|december|\d ?[ap]\.?m\b"
    ),
    "list": re.compile(r"[^、]{1,20}、[^、]{1,20}|[”》』]“|一是.*二是|和|以及|, .* and "),
    "name": re.compile(
        r"“[^”]{1,24}”|《[^》]{1,30}》|『[^』]{1,24}』|「[^」]{1,24}」|\"[^\"]{1,40}\"|叫|名为|称为|称作|即|命名"
    ),
    "why": re.compile(
        r"因为|由于|因[\u4e00-\u9fff]|为了?|原因|所以|因此|导致|使得?|从而|以便|后，|解决|"
        r"because|since|due to|so that"
    ),
    "how": re.compile(
        r"通过|采[取用]|以.{1,16}(?:方式|形式|办法|为)|利用|依托|借助|按照|推行|实行|建立|组织|先.{1,20}[再后]|用|"
        r"by |through |using "
    ),
}
KINDS = tuple(_ASKS)

_MONEY = "价|钱|费|资金|经费|投资|工资|月薪|薪水|补贴|补助|费用|收费|票价|价格|租金|奖金|收入|党费|货款|本钱|款"
_UNIT_OF = (
    (
        (
            rf"(?:多少|几)[个块]?(?:{_MONEY}|[万亿]?元)|(?:{_MONEY}|投入|投了?|花了?|挣|赚)[\u4e00-\u9fff]?多少|"
            rf"how much (?:money|did|does)|yuan"
        ),
        r"元|块|角|￥|¥|%(?=缴|交|收|付|支付|补|报销|发)",
    ),
    (r"比例|占比|占了?多少(?!亩|地)|百分|率(?:是|为|有|达)?多|percent", r"%|成|百分之|分之"),
    (r"多大(?:岁|年)|多少岁|几岁|年龄|年纪|高龄|how old|лет|歳", r"岁|周岁"),
    (r"多大(?:了|$|[?？])", r"岁|周岁|平方|㎡|亩|公顷|公里|米"),
    (
        r"多少人|几个?人|几[位名]|多少[名位]|人数|how many (?:people|persons|members|workers|residents)",
        r"名|人|位|个|户|例|旅客|游客|观众|群众|村民|居民|学生|老人",
    ),
    (
        r"多久|多长时间|几个(?:月|工作日|小时|学期|星期)|几[天年]|多少[天年]|多少(?:个)?(?:月|小时|时间)|how long",
        r"天|年|月|日|小时|分钟|周|个?(?:工作日|自然日|学期|季度)",
    ),
    (r"多[远]|多长$|多长\?|公里|面积|多少亩|多少平|how far|километр", r"公里|里|米|亩|平方|公顷|吨"),
    (r"几次|多少次|几回|how often|times", r"次|回|届|场|轮|期"),
    (r"多少分|几分(?!之)|分数", r"分(?!之)"),
)
_UNITS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(rf"(?:{NUMBER.pattern})\s*[\u4e00-\u9fff]?(?:{unit})"))
    for asked, unit in _UNIT_OF
)
_IN_WORDS = (
    (_UNITS[0][0], re.compile("免费|免收|免交|全免|不收|无偿|不用[交花]|不[要花]钱|free of charge")),
    (
        re.compile("多久|多长时间|几天|几个工作日|多少天"),
        re.compile("当场|即时|即办|立等|当[天日]|随到随|每[天日周月年季]"),
    ),
)
"""Figures that are told without one: what costs nothing, what takes no time."""
_SORT = re.compile(
    r"哪(?:一|几|两|三|四)?个?(?P<sort>小区|社区|街道|嘎查|苏木|支部|部门|单位|公司|企业|学校|医院|中心|餐厅|食堂|[村镇乡县市区旗州省路街队馆院校厅店])"
)
_WHEN = (
    (re.compile("几点"), re.compile(rf"{_DIGITS}(?:时|点|:)|[上下]午")),
    (
        re.compile("哪天|几号(?![楼栋路线院库])|哪[一]?日|几月"),
        re.compile(
            rf"{_DIGITS}月|{_DIGITS}[日号]|\d{{1,2}}[-./]\d{{1,2}}|周[一二三四五六日末]|星期|当[天日]|[每次翌][天日]"
        ),
    ),
    (re.compile("哪[一]?年"), re.compile(rf"{_DIGITS}年|\b(?:19|20)\d\d\b|[今去前明当同]年")),
)
_COUNTED = re.compile(
    r"(?:多少|几)(?P<measure>[个名位户家间所处次条项种支份件座栋亩元岁年月日天场届期轮块台辆只头本张人支组款吨米公]?)(?P<thing>[\u4e00-\u9fff]{0,4})"
)


# What the asking word stands beside: 多少[网格员], [工资]多少, [县长]是谁.
_FOCUS = (
    re.compile(
        r"(?:多少|(?<!哪)几)[个名位户家间所处次条项种支份件座栋块台辆只头张组款]*(?P<focus>[\u4e00-\u9fff]{2,3})"
    ),
    re.compile(
        r"(?P<focus>[\u4e00-\u9fff]{2})(?<![了的到])(?:大约|是|有|为|要|达|到)*(?:多少|多[大高长远重]|几[个名位岁元]?$)"
    ),
    re.compile(r"(?P<focus>[\u4e00-\u9fff]{2})(?:是|叫|为|的名字)(?:谁|哪[一]?位|什么|啥|什么名字|什么人)"),
    re.compile(r"(?:谁|哪[一]?位)(?:来|去|是|在|当|担任|负责)*(?P<focus>[\u4e00-\u9fff]{2})"),
    re.compile(r"(?:什么时候|啥时候|何时|哪[一]?[天年月日])(?P<focus>[\u4e00-\u9fff]{2})"),
    re.compile(r"什么(?P<focus>[\u4e00-\u9fff]{1,3})"),
)


_OFFICE = re.compile(
    r"(支书|书记|主任|[\u4e00-\u9fff]长|经理|主席|负责人)(?:是|叫|的名字)?(?:是)?(?:谁|哪[一]?位|什么|啥)"
)
_SAME_OFFICE = {"支书": "支书|书记", "负责人": ""}


class Asked:
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
        self._is_of_sort = "哪些人" in folded
        """Asks what sort of persons, who need no name."""
        self._when = tuple(held for asked, held in _WHEN if asked.search(folded))
        self._counted = self._counted_pattern(folded) if "number" in self.kinds else None

    def lacked_by(self, sentence: str) -> bool:
        """Whether the (folded) sentence plainly cannot answer: no sum of money where one is asked for, no date, no
        telephone number, not the office that is asked about. Of two things that are asked one is enough."""
        sharp = [pattern for pattern in (*self._when, *self._units, self._office) if pattern is not None]
        if not self._when:
            sharp += [_HAS[kind] for kind in ("time", "phone") if kind in self.kinds]
        if not self._units and "phone" not in self.kinds:
            sharp += [_HAS[kind] for kind in ("number",) if kind in self.kinds]
        if sharp and self._office is None and "person" in self.kinds and not self._is_of_sort:
            sharp.append(_HAS["person"])
        if any(words.search(sentence) for words in self._in_words):
            return False
        return bool(sharp) and not any(pattern.search(sentence) for pattern in sharp)

    def held_by(self, sentence: str) -> float:
        """Share of what is asked for that the (folded) sentence holds a form of; 1 when nothing certain is asked."""
        if not self.kinds:
            return 1.0
        return float(any(_HAS[kind].search(sentence) for kind in self.kinds))

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
