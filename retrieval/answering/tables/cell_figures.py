"""What a cell counts: its figure with the unit that stands beside it or in the heading of its column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from retrieval.answering.tables.read_back import LabelledCell, Row
from retrieval.text.lexicon import FACTORS, UNITS

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<sign>[-−]?)(?P<number>{_NUMBER})(?P<unit>[^\d\s,.，。、;；:：()（）~—–-]{{0,6}})", re.ASCII
)
_BLANK = re.compile(r"[-—–/…]*")
_UNIT = re.compile(r"[(（](?:单位[:：])?(?P<unit>[^()（）]{1,8})[)）]")
_PARTED = re.compile(r"\d\s+\d")
_MORE_UNITS = {"立方米", "方", "千瓦", "千瓦时", "毫米", "厘米", "m3", "kg", "km", "cm", "mm"}
_WORDS = "words"
_YEARS = range(1900, 2101)
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_NO_AMOUNT = re.compile(
    r"年份|年度|日期|时间|电话|手机|热线|编号|序号|代码|编码|邮编|身份证|排名|名次|位次|学号|卡号|账号|门牌|号$|^no\.?$|^year$"
)
_NO_SUM = re.compile(
    r"率|比|占|均|单价|价格|水价|电价|标准|年龄|岁|每|指数|系数|增长|增幅|浓度|温|得分|分数|评分|"
    r"亩产|单产|海拔|距离|密度|[经纬]度|%|/"
)
_NO_AVERAGE = re.compile(r"率|比|占|均|每|指数|系数|增长|增幅|%")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of a cell; `unit` is as it is written (万元), empty where neither cell nor heading has one."""

    value: Decimal
    unit: str

    @property
    def kind(self) -> str | None:
        return unit_of(self.unit)[1]

    @property
    def size(self) -> Decimal:
        """In the smallest unit of its class."""
        scale, _, base = unit_of(self.unit)
        return self.value * scale * Decimal(FACTORS.get(base, 1))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: for each row its amount, None where the cell is blank."""

    label: str
    amounts: tuple[Amount | None, ...]

    @property
    def unit(self) -> str:
        return next((amount.unit for amount in self.amounts if amount is not None), "")

    @property
    def may_be_ranked(self) -> bool:
        return not _NO_AMOUNT.search(base_of(self.label))

    @property
    def may_be_added(self) -> bool:
        """Sums of shares, prices and years say nothing."""
        return self.may_be_ranked and not _NO_SUM.search(base_of(self.label) + self.unit)

    @property
    def may_be_averaged(self) -> bool:
        return self.may_be_ranked and not _NO_AVERAGE.search(base_of(self.label) + self.unit)


def unit_of(unit: str) -> tuple[int, str | None, str]:
    """(scale, class, unit without its scale): 万元 is 10,000 of money."""
    if unit in UNITS or unit in _MORE_UNITS:  # 千瓦时 are no thousand
        return 1, UNITS.get(unit, unit), unit
    scale = unit[:1] if unit[:1] in _SCALES else ""
    base = unit[len(scale) :]
    return _SCALES[scale], UNITS.get(base, base or None), base


def base_of(label: str) -> str:
    """A heading without what stands in brackets: 耕地 of 耕地（亩）."""
    return re.sub(r"[(（][^()（）]*[)）]|·", "", label)


def unit_in(label: str) -> str:
    """亩 of 耕地（亩）; what is no unit in brackets (含林地) is none."""
    match = _UNIT.search(label)
    unit = match["unit"] if match else ""
    return unit if unit and (_is_unit(unit) or "/" in unit) else ""


def _is_unit(unit: str) -> bool:
    base = unit_of(unit)[2]
    return not unit or base in UNITS or base in _MORE_UNITS


def column_of(label: str, rows: Sequence[Row]) -> Column | None:
    """None where a cell holds words, or where units differ: such a column is neither added nor compared."""
    amounts = [_amount(row.cell(label)) for row in rows]
    found = [amount for amount in amounts if isinstance(amount, Amount)]
    if not found or any(amount == _WORDS for amount in amounts) or len({amount.unit for amount in found}) > 1:
        return None
    own, told = found[0].unit, unit_in(label)
    if (own and told and own != told) or not (own or told or any(amount.value not in _YEARS for amount in found)):
        return None
    unit = own or told
    known = (Amount(amount.value, unit) if isinstance(amount, Amount) else None for amount in amounts)
    return Column(label, tuple(known))


def _amount(cell: LabelledCell | None) -> Amount | str | None:
    if cell is None or _BLANK.fullmatch(cell.text):
        return None
    match = _FIGURE.fullmatch(cell.text)
    if match is None or _PARTED.search(cell.raw) or not _is_unit(match["unit"]):
        return _WORDS
    value = Decimal(match["number"].replace(",", ""))
    return Amount(-value if match["sign"] else value, match["unit"])


def same_class(unit: str, other: str) -> bool:
    """Whether both are units of one thing: 万元 and 元, or 钱."""
    unit = "元" if unit == "钱" else unit
    return unit_of(unit)[1] == unit_of(other)[1]
