"""The same question in other words, and the same text in other forms: what a reader must not be put out by.

A question is asked in the words that were written beside it (`paraphrases.jsonl`) or with words of `_ALIKE` in the
place of one another; dates of a text are written as 2026-08-02, 2026.8.2 or 2026/8/2.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

PARAPHRASES = Path(__file__).parent / "paraphrases.jsonl"

_ALIKE = [
    line.split()
    for line in """
    什么时候 啥时候 何时 什么时间
    几月几号 几月几日 哪天 什么时候
    哪一天 哪天 几号
    多少钱 多少元 几块钱
    多少人 几个人 几人
    在哪里 在哪儿 在哪 在什么地方
    哪里 哪儿 什么地方
    是谁 是哪位 是哪个人
    怎么 咋 如何 怎样
    为什么 为啥 为何
    什么 啥
    多长时间 多久
    联系电话 电话号码 联系方式 电话
    电话 电话号码 联系电话
    居民医保 城乡居民医保 城乡居民基本医疗保险
    基本医疗保险 医疗保险 医保
    医保 医疗保险 基本医疗保险
    社会保险 社保
    社保 社会保险
    养老保险 基本养老保险
    最低生活保障 低保
    低保 最低生活保障
    住房公积金 公积金
    公积金 住房公积金
    机动车驾驶证 驾驶证 驾照
    驾驶证 驾照
    电动自行车 电动车 电瓶车
    电动车 电动自行车 电瓶车
    不动产权证书 不动产权证 房产证 房本
    发展和改革局 发改局
    人力资源和社会保障局 人社局
    人社局 人力资源和社会保障局
    住房和城乡建设局 住建局
    住建局 住房和城乡建设局
    卫生健康局 卫健局
    市场监督管理局 市场监管局 市监局
    文化和旅游局 文旅局
    生态环境局 环保局
    政务服务中心 政务大厅
    补贴 补助
    补助 补贴
    工资 薪水 月薪
    小孩 孩子 娃
    老年人 老人
    老人 老年人 老人家
    教师 老师
    老师 教师
    医生 大夫
    公交车 公交
    末班车 最后一班车
    首班车 头班车 第一班车
    高速公路 高速
    缴费 交费
    缴纳 缴 交
    领取 领
    办理 办
    举行 举办 办
    举办 举行 办
    召开 开
    开工 动工
    竣工 完工 建成
    完工 竣工 建成
    建成 完工 建好
    截止 结束
    去世 过世 逝世
    购买 买
    出售 卖
    需要 要 得
    可以 能
    获得 拿到 得到
    修建 修 建
    种植 种
    担任 当
    招聘 招
    开放 开门
    负责 管
    乘坐 坐
    居住 住
    抓获 抓到 抓
    判处 判
    增长 涨 提高
    下降 降 减少
    """.splitlines()
    if line.strip()
]
"""The first of each line may be said as any of the others."""
_OTHERS = {words[0]: words[1:] for words in _ALIKE}
_WORD = re.compile("|".join(sorted(map(re.escape, _OTHERS), key=len, reverse=True)))
_DATE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})[日号]")
_DAY = re.compile(r"(?<!\d)(\d{1,2}月\d{1,2})日")
_FORMS: Sequence[Callable[[re.Match[str]], str]] = (
    lambda date: f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}",
    lambda date: f"{date[1]}.{int(date[2])}.{int(date[3])}",
    lambda date: f"{date[1]}/{int(date[2])}/{int(date[3])}",
)


def paraphrases() -> dict[str, list[str]]:
    """Other ways to ask a question, by its id."""
    rows = map(json.loads, PARAPHRASES.read_text("utf-8").splitlines())
    return {row["id"]: row["asked"] for row in rows}


def reworded(question: str, rng: random.Random) -> str:
    """Each word that has others like it is replaced by one of them in one of two cases."""
    return _WORD.sub(lambda word: rng.choice(_OTHERS[word[0]]) if rng.random() < 0.5 else word[0], question)


def date_form(rng: random.Random) -> Callable[[str], str]:
    """A way to write all dates, drawn once for the texts that stand beside each other and their answers."""
    form, day = rng.choice(_FORMS), rng.choice(["日", "号"])
    return lambda text: _DAY.sub(rf"\g<1>{day}", _DATE.sub(form, text))
