"""`wenju bench`."""

from tests.cli.conftest import FILES, Command

FEW = ("--questions", "5", "--cold", "1", "--passages", "4")


def test_bench_tells_speed_latency_memory_and_sizes(wenju: Command) -> None:
    outcome = wenju("bench", "--json", *FEW)
    assert outcome.code == 0, outcome.err
    figures = outcome.json
    assert figures["passages_per_second"] > 0
    assert {name: entry["runs"] for name, entry in figures["latency_ms"].items()} == {
        "cold": 1, "warm": 5, "embed": 5, "search": 5, "read": 5, "answer": 5,
    }  # fmt: skip
    for entry in figures["latency_ms"].values():
        assert 0 < entry["p50"] <= entry["p95"] <= entry["p99"]
    # A new process loads the model; and the stages are parts of the whole.
    assert figures["latency_ms"]["cold"]["p50"] > figures["latency_ms"]["warm"]["p99"]
    assert figures["latency_ms"]["embed"]["p50"] < figures["latency_ms"]["warm"]["p50"]
    assert figures["memory_bytes"] > 100 * 2**20
    assert figures["index"]["documents"] == len(FILES)
    assert figures["machine"]["cores"] >= 1
    assert figures["engine"].startswith("OpenVINO")


def test_bench_for_people(wenju: Command) -> None:
    outcome = wenju("bench", "--questions", "1", "--cold", "1", "--passages", "1")
    assert outcome.code == 0, outcome.err
    first_words = [line.split()[0] for line in outcome.out.splitlines() if line.strip()]
    assert first_words == [
        "machine", "engine", "index", "memory", "embedding", "ms", "cold", "warm", "embed", "search",
        "read", "answer",
    ]  # fmt: skip
