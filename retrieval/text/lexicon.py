"""How people ask, count, measure and greet in Chinese: the one list from which all patterns over questions are built.

A name in capitals is a part of a pattern: alternatives, to stand in a group (`(?:{WHEN})`), or characters, to stand
in `[…]` (`[{SIZES}]`). What a pattern takes less than the whole list it says where it stands, with `without`, so that
no list is written twice. The weights of evidence were fitted with the patterns as they were: whoever changes many
words runs `make fit`.
"""

from decimal import Decimal


def without(characters: str, left_out: str) -> str:
    """The characters but for some of them, each of which must be there."""
    missing = {*left_out} - {*characters}
    if missing:
        raise ValueError(f"{''.join(sorted(missing))} is not among {characters}")
    return "".join(character for character in characters if character not in left_out)


# -- words that ask, with their spoken forms ----------------------------------------------------------------------

MANY = "多少"
HOW_MANY = f"{MANY}|几"
WHAT = "什么|啥"
WHO = "谁|哪一?位"
WHEN = "什么时候|啥时候|何时"
WHEN_ELSE = "什么时间|多会儿"
"""Asks for a time as well, and is seldom said."""
WHAT_HOUR = "几时"
"""As above; the kind of what is asked (`query/asked/kinds.py`) takes it for a number."""
WHICH_DAY = "哪一?[天年月日]"
WHERE = "什么地方|哪[里儿]"
WHY = "为什么|为何|为啥"
HOW = "怎么样?|怎样|如何|咋样?"
WHICH = "哪些"
ASKING_CHARACTERS = "什么哪几多少谁"
"""One of them in a word, and it is no name."""
ENGLISH = "how|what|which|who|whom|whose|when|where|why"

# -- what is said beside asking -----------------------------------------------------------------------------------

HELLO = "(?:[你您]们?|大家)好|哈[喽罗啰]|嗨+|喂+|在不在|在[吗么]"
HELLO_OF_DAY = "(?:早上|上午|中午|下午|晚上)好|早安?"
THANKS = "谢谢|多谢|感谢|谢了"
SORRY = "不好意思|抱歉|对不起"
GOODBYE = "再见|拜拜|晚安|回头见"
ADDRESSED = "老师|客服|领导|同志|师傅|小编|工作人员|管理员|机器人|问据|大家|朋友|各位|亲"
"""Whom people speak to."""
AGREED = "好的?|嗯+|哦+|行|ok(?:ay)?"
ENGLISH_HELLO = "hello|hi|hey"
ENGLISH_HELLO_OF_DAY = "good (?:morning|afternoon|evening)"
ENGLISH_THANKS = "thanks?(?: you)?(?: (?:so|very) much| a lot| in advance)*|thx"

# -- what follows 多 and 几 ---------------------------------------------------------------------------------------

SIZES = "大久长高远重宽深"
"""What may be asked with 多: 多大, 多久."""
USUAL_SIZES = without(SIZES, "宽深")
"""Those that follow-ups and stories are told by."""
COUNTED_PERSONS = "个名位"
COUNTED = f"{COUNTED_PERSONS}户家间所处次条项种支"
"""Measure words of persons, bodies and matters."""
COUNTED_THINGS = "份件座栋块台辆只头张组款"
"""Measure words that may begin another word as well (几件, 组织): only where that does no harm."""
OF_TIME = "年月日"
OF_CLOCK = "号点"
"""几号 and 几点 ask for a time and not for a number."""
FEW = f"几[{COUNTED}人岁{OF_TIME}{OF_CLOCK}]?"
"""How many with its measure word."""
COUNTED_PAPERS = "份个篇部"
"""Measure words of documents, for questions about the library."""

# -- kinds of places, in which their names end -------------------------------------------------------------------

PLACES = "县市区旗镇乡村"
"""Of counties, towns and villages, in one character."""
LARGER_PLACES = without(PLACES, "村")
"""Those that others lie in."""
SORTS_OF_PLACES = "行政|自然|示范|试点|先进|贫困|脱贫|重点|文明|美丽"
"""Before the kind of a place where none is named: 示范村."""
PLACE_WORDS = "街道|社区|苏木|嘎查"
"""Of towns and villages, in two."""

# -- units of figures ---------------------------------------------------------------------------------------------

_CLASSES = {
    "people": "名 人 位",
    "sites": "家 处 所 座",
    "any": "个",
    "change": "个百分点 百分点",
    "money": "元 块钱",
    "percent": "% ‰ 成",
    "age": "周岁 岁",
    "metres": "米 公里 千米 里",
    "area": "亩 公顷 平方米 平方公里 m2 km2",
    "weight": "斤 公斤 千克 吨",
    "minutes": "分钟 个小时 小时 天 个月 年",
}
_OWN_CLASS = (
    "人次 户次 件次 户 间 条 项 支 张 辆 件 起 次 届 期 批 只 头 份 种 场 台 部 颗 本 册 套 栋 幢 片 块 "
    "床 句 枚 面 门 艘 封 分 级 类 步 轮 篇 则 组 对 匹 口 箱 盏 棵 株 幅 道 节 课 站 度"
)
UNITS = {unit: name for name, units in _CLASSES.items() for unit in units.split()}
"""The class of each unit: figures of one class may be compared. Most measure words are a class of their own."""
UNITS |= {unit: unit for unit in _OWN_CLASS.split()}
FACTORS: dict[str, int | Decimal] = {
    "成": 10, "‰": Decimal("0.1"), "公里": 1_000, "千米": 1_000, "里": 500,
    "公顷": 15, "平方米": Decimal("0.0015"), "m2": Decimal("0.0015"), "平方公里": 1_500, "km2": 1_500,
    "公斤": 2, "千克": 2, "吨": 2_000, "个小时": 60, "小时": 60, "天": 1_440,
    "个月": 43_200, "年": 525_600,
}  # fmt: skip
"""To metres, 亩, 斤, minutes and per cent."""

# -- names ---------------------------------------------------------------------------------------------------------

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元"
    "卜顾孟平黄和穆萧尹姚邵汪祁毛禹狄米贝明臧计成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁宣邓洪包诸左石崔吉龚程邢裴陆荣"
    "翁荀羊惠曲封储靳段富焦巴牧车侯全班仲宫宁仇甘厉祖武符刘景龙叶黎白从蒲赖卓屠蒙池乔闻党翟谭劳申冉雍桑桂牛边燕尚温庄晏柴瞿阎连习艾古易廖耿满国文关欧聂曾沙丰游简涂佟伊"
)
