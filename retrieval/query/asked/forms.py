"""The forms by which a sentence holds the kind of thing that is asked for: a number, a person, a place, a time."""

import re
from typing import Literal

from retrieval.text.lexicon import PLACE_WORDS, PLACES, SURNAMES

# Bounded, and two characters before the sort of a place are enough: a search tries from each character of a sentence.
DIGITS = r"(?:\d[\d,.]{0,30}|[〇零一二两三四五六七八九十百千万亿]{1,30}|半)"
_ABOUT = r"(?:余|多|来|几)?(?:万|亿|千|百)?(?:余|多)?"
NUMBER = re.compile(rf"{DIGITS}{_ABOUT}%?")
_TITLES = (
    "书记|主任|县长|市长|区长|旗长|镇长|乡长|村长|部长|局长|处长|科长|所长|院长|校长|会长|队长|组长|站长|"
    "经理|董事长|委员|代表|教授|专家|医生|护士|老师|党员|村民|居民|牧民|记者|教师|战士|干部|同志|先生|女士|"
    "大爷|大妈|奶奶|爷爷|老人|负责人|总裁|主席|常委|网格员|船工|护工|司机|厨师|骑手|志愿者|会计|工程师|兽医|"
    "校医|退休工人|学生|企业家|村医|第一书记|老兵|战士|艺人"
)
NAME = re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}")
"""Of a person, alone."""
LESSER = "助理|见习|实习|预备|候补|副(?![业食产作])|(?<![标批核获恩水瞄])准"
"""Before the name of a rank or a certificate it makes that another, and a lesser: 助理社会工作师 are none."""
Kind = Literal["number", "person", "place", "role", "phone", "time", "list", "name", "why", "how"]
"""What a question may ask for."""
HAS: dict[Kind, re.Pattern[str]] = {
    "phone": re.compile(
        r"(?<!\d)(?:\d{3,4}[- ]?\d{7,8}|\d{7,12}|1[0-2]\d{1,4}|9[56]\d{3,4}|400[- ]?\d{3}[- ]?\d{4}|"
        r"1\d\d[- ]\d{4}[- ]\d{4})(?!\d)"
    ),
    "role": re.compile(_TITLES),
    "number": NUMBER,
    "person": re.compile(
        rf"(?:{_TITLES})(?:是)?[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
        rf"|(?:的|、|是|人|“|，|,|由|名叫|叫|全名|^|[.．)）:]\s?)[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=说|介绍|表示|告诉|坦言|"
        r"笑|任|担任|出席|强调|、|，|,|。|等|如数|在|来到|深有|激动|竖起|拉着|和|当选|获得|提出|$)"
        rf"|[\u4e00-\u9fff][某大]?(?:大爷|大妈|奶奶|爷爷|女士|先生)|(?:{_TITLES})(?=说|介绍|表示|告诉|负责|担任)"
        r"|由[^，。,]{1,16}(?:担任|负责|经营|协助|组成)"
    ),
    "place": re.compile(
        rf"[\u4e00-\u9fff]{{2}}(?:[{PLACES}省]|{PLACE_WORDS}|小区|街|路|巷|馆|"
        r"站|校|院|厅|中心|广场|公园|园)|在[\u4e00-\u9fff]{2}|位于|地处|at |in |on "
    ),
    "time": re.compile(
        rf"{DIGITS}(?:年|月|日|号|时|点|世纪)|[春夏秋冬]季|时期|[今去前明后]年|[上下]半年|近日|日前|初|底|每[天周月年日]|"
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
