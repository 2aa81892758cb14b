"""`make soak`: 50 people ask the real bot without a pause while another process indexes 2,000 short documents and
changes and removes others; the index is made anew twice meanwhile.

Telegram is a stand-in on this machine. Each question is to be answered once, with what was true at some moment
between asking and answering. Texts are embedded by counting characters unless `--model` is given: the soak is about
the index, its locks, and what the processes hold; with the real model, 2,000 documents take more than ten minutes.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import machine
from benchmarks.common.results import write
from benchmarks.soak.plot import plot
from benchmarks.soak.run import LONG, Soak, run
from benchmarks.soak.samples import SLOWER, by_minute, judged, judged_sockets, rows

ASKERS, DOCUMENTS, MINUTES, REBUILDS = 50, 2_000, 10.0, 2


def soak(
    home: Path, seconds: float, *, askers: int = ASKERS, documents: int = DOCUMENTS, rebuilds: int = REBUILDS,
    embedder: str = "bigrams",
) -> dict[str, Any]:  # fmt: skip
    """Run it in a folder that is empty, and give all that was seen; `rules` are those that were judged."""
    return _results(run(home, seconds, askers, documents, rebuilds, embedder), seconds, askers, documents)


def _results(seen: Soak, seconds: float, askers: int, documents: int) -> dict[str, Any]:
    counts, windows = seen.counts(), windows_of(seen, seconds)
    rules = [(f"{counts[name]} {name.replace('_', ' ')}", counts[name] == 0) for name in _NONE]
    rules += [
        (f"{len(seen.troubles)} errors and warnings", not seen.troubles),
        (f"exit codes {seen.exits}", not any(seen.exits.values())),
        (f"{seen.written.get('added', 0)} of {documents} documents indexed", seen.written.get("added") == documents),
    ]
    if seconds >= LONG:
        first, last = windows[0]["p95"], windows[-1]["p95"]
        rules.append((f"p95 {first:.2f} s, then {last:.2f} s", last <= SLOWER * first))
        for name, samples in seen.samples.items():
            rules += judged(name, samples, seen.sizes)
        rules += judged_sockets(seen.samples["bot"], *seen.at_rest)
    return {
        "machine": machine.described(),
        "minutes": round(seconds / 60, 2),
        "askers": askers,
        "writer": seen.written,
        "counts": counts,
        "rules": [{"rule": told, "kept": kept} for told, kept in rules],
        "troubles": seen.troubles[:50],
        "faults": seen.faults()[:20],
        "windows": windows,
        "most_handles": max(reading.files + reading.sockets for reading in seen.samples["bot"]),
        "samples": {name: rows(samples) for name, samples in seen.samples.items()},
        "at_rest": rows(seen.at_rest),
        "index": rows(seen.sizes),
    }


_NONE = ("unanswered", "answered_twice", "untrue")


def windows_of(seen: Soak, seconds: float) -> list[dict[str, float]]:
    """Seconds that answers took, by when they were asked."""
    made = []
    for start in np.arange(0, seconds, width := min(60.0, seconds / 5)):
        took = [
            question.answered - question.asked
            for question in seen.asked
            if question.answered is not None and start <= question.asked - seen.began < start + width
        ]
        if took:
            p50, p95 = np.percentile(took, [50, 95])
            known = {"at": start, "p50": p50, "p95": p95, "max": max(took), "per_second": len(took) / width}
            made.append({name: round(float(value), 3) for name, value in known.items()})
    return made


def figures(results: dict[str, Any]) -> dict[str, Any]:
    """The results with one sample a minute: enough to see what grows."""
    samples = {name: by_minute(own) for name, own in results["samples"].items()}
    return {**results, "samples": samples, "index": by_minute(results["index"])}


def line(results: dict[str, Any]) -> str:
    """All of it in one line."""
    counts, windows, bot = results["counts"], results["windows"], results["samples"]["bot"]
    middle = bot[len(bot) // 2]["memory"] / 1e6
    return (
        f"soak: {results['minutes']:.1f} min, {results['askers']} askers, {counts['questions']} questions: "
        f"{counts['unanswered']} unanswered, {counts['answered_twice']} answered twice, {counts['untrue']} untrue; "
        f"p95 {windows[0]['p95']:.2f} s in the first minute, {windows[-1]['p95']:.2f} s in the last; "
        f"handles at most {results['most_handles']}; "
        f"memory {bot[0]['memory'] / 1e6:.0f}, {middle:.0f}, {bot[-1]['memory'] / 1e6:.0f} MB"
    )


def main() -> None:
    """Run it, write what was seen, and end with code 0 only when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--askers", type=int, default=ASKERS)
    parser.add_argument("--documents", type=int, help="how many are indexed (default: 200 a minute)")
    parser.add_argument("--rebuilds", type=int, default=REBUILDS)
    parser.add_argument("--model", action="store_true", help="embed with the model of the settings")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, and a plot beside them")
    options = parser.parse_args()
    documents = options.documents or round(DOCUMENTS * options.minutes / MINUTES)
    with tempfile.TemporaryDirectory(prefix="wenju-soak-") as place:
        results = soak(
            Path(place) / "home", options.minutes * 60, askers=options.askers, documents=documents,
            rebuilds=options.rebuilds, embedder="model" if options.model else "bigrams",
        )  # fmt: skip
    if options.json:
        write(options.json, figures(results))
        options.json.with_suffix(".svg").write_text(plot(results), "utf-8")
    for rule in results["rules"]:
        sys.stdout.write(f"{'kept  ' if rule['kept'] else 'BROKEN'} {rule['rule']}\n")
    for trouble in [*results["troubles"][:5], *results["faults"][:5]]:
        sys.stdout.write(f"       {trouble}\n")
    sys.stdout.write(line(results) + "\n")
    if not all(rule["kept"] for rule in results["rules"]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
