"""The bundled reader in 8 bits: near the plain one, and the plain one where it cannot be had."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import load_settings
from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.compiled import UnsuitableError
from retrieval.embedding.export import export_directory
from retrieval.reading.bundled import described, reader_directory
from retrieval.reading.compiled import CompiledReader
from retrieval.reading.eight_bits import multiplies_8_bits
from retrieval.reading.engine import damaged_reader_files
from tests.reading.make import opened
from tests.support.models import SENTENCES

ON_AVERAGE, AT_MOST = 0.06, 0.5
"""How far log odds may lie from those in f32, over the pairs below; over 1,560 others they lay 0.026 on
average and 0.39 at most."""
PAIRS = {
    "左云县有多少网格员": [
        "左云县网格员队伍｜2026-06-30｜【左云县配备专职网格员51名。】该县还有党员。",
        "左云县网格员队伍｜2026-06-30｜【该县有52个小区，划出58个网格。】另有党员400名。",
        "云溪县网格员队伍｜【云溪县有网格员120名。】",
        "食堂｜【食堂每天中午开饭。】",
    ],
    "停水到什么时候": [
        "停水通知｜2025-05-08｜【时间：2025年5月12日21:00至5月13日6:00；】范围：老街、染坊巷；",
        "停水通知｜2025-05-08｜【停水咨询：县水务公司，电话0797-6231096。】",
        "停电通知｜【7月18日6:30至19:00，集镇老街停电。】",
    ],
    "谁是县长": ["人事任免｜【任命张三为那兴县县长。】", "人事任免｜【免去李四的那兴县副县长职务。】", ""],
    "How old must one be to eat at the canteen?": [
        "canteens.html｜【Residents aged 60 and over eat there.】Lunch is at noon.",
        "canteens.html｜【Lunch costs 8 yuan.】",
        f"The canteen【{SENTENCES[1]}】",
    ],
    "老年食堂一餐多少钱": [
        "老年助餐｜2026-03-02｜" + "食堂每天中午开饭。" * 12 + "【每餐12元，其中政府补贴4元。】",
        "老年助餐｜【全县共有助餐点36个。】",
        "老年助餐｜【八十岁以上老人每餐补贴5元。】",
    ],
}
vnni = pytest.mark.skipif(
    not multiplies_8_bits(), reason="the processor has no VNNI: nothing is multiplied in 8 bits"
)


# -- where it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("processor : 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n", True),
        ("flags : fpu avx2 avx_vnni\n", True),
        ("flags : fpu avx2 avx512f\n", False),  # sums may overflow
        ("flags : fpu avx512_vnni_of_another_kind\n", False),
        ("Features : fp asimd asimddp i8mm\n", False),
        ("", False),
        (None, False),
    ],
)
def test_the_processor_is_asked_whether_it_has_vnni(told: str | None, expected: bool, tmp_path: Path) -> None:
    if told is not None:
        (tmp_path / "cpuinfo").write_text(told, encoding="utf-8")
    assert multiplies_8_bits(tmp_path / "cpuinfo") is expected


@vnni
def test_log_odds_are_near_those_of_the_plain_reader() -> None:
    plain, _ = opened(load_settings(precision="f32"))
    in_8_bits, _ = opened(load_settings())
    assert "int8" in in_8_bits.engine
    assert "int8" not in plain.engine
    distances = [np.abs(in_8_bits.read(asked, texts) - plain.read(asked, texts)) for asked, texts in PAIRS.items()]
    together = np.concatenate(distances)
    assert together.max() < AT_MOST
    assert together.mean() < ON_AVERAGE
    assert together.max() > 0.001  # else it was not in 8 bits
    assert damaged_reader_files(load_settings()) == []


@vnni
def test_products_are_multiplied_in_8_bits_and_not_only_rounded_to_them() -> None:
    reader, _ = opened(load_settings())
    assert isinstance(reader, CompiledReader)
    nodes = [node.get_rt_info() for node in reader._model.get_runtime_model().get_ordered_ops()]
    integer = [
        node
        for node in nodes
        if node["layerType"].astype(str) == "FullyConnected" and node["runtimePrecision"].astype(str) == "i8"
    ]
    assert len(integer) == 6 * described()["layers"]


# -- where it is not -------------------------------------------------------------------------------------------------


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that has the plain reader alone, on a processor that is said to have VNNI."""
    monkeypatch.setattr("retrieval.reading.eight_bits.multiplies_8_bits", lambda: True)
    usual = load_settings(precision="f32")
    opened(usual)
    plain = export_directory(
        usual.cache_dir, ModelIdentity("bundled-reader", 0, reader_directory(usual.cache_dir).name)
    )
    (tmp_path / "compiled").mkdir()
    (tmp_path / "compiled" / plain.name).symlink_to(plain)
    return tmp_path


def test_where_it_cannot_be_run_that_is_told_and_the_reader_is_as_without(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def refuse(*_: Any) -> None:
        tried.append(1)
        raise UnsuitableError("Its export reads otherwise than the model (by 9.000).")

    monkeypatch.setattr("retrieval.reading.bundled_export.export_in_8_bits", refuse)
    for _ in range(2):  # it is not tried again, but said again
        reader, messages = opened(load_settings(cache_dir=own_cache))
        assert "int8" not in reader.engine
        assert messages[-1].startswith("The reader cannot be run in 8 bits: Its export reads otherwise")
        assert messages[-1].endswith("It runs without, more slowly.")
    assert len(tried) == 1


def test_without_vnni_it_is_not_tried(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.reading.eight_bits.multiplies_8_bits", lambda: False)
    reader, messages = opened(load_settings(cache_dir=own_cache))
    assert ("int8" in reader.engine, messages) == (False, [])


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_a_precision_that_is_named_is_kept_to(precision: str, own_cache: Path) -> None:
    reader, messages = opened(load_settings(cache_dir=own_cache, precision=precision))
    assert ("int8" in reader.engine, messages) == (False, [])
