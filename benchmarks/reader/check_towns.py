"""Checks the written questions: is each quote in its document, each answer in its quote, each trap another sentence.

usage: python -m benchmarks.reader.check_towns [FOLDER…]
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from retrieval.documents.plain.markdown import read_markdown
from retrieval.documents.web.html import read_html
from retrieval.types import quote

SUFFIXES = (".txt", ".md", ".html")
TOWNS = Path(__file__).parent / "towns"
REASONS = ("other_place", "missing_fact", "false_premise", "other_topic", "chitchat")
LONGEST_QUESTION = 80
LONGEST_EVIDENCE = 220


def squeeze(text: str) -> str:
    return "".join(text.split())


def text_of(path: Path) -> str:
    """As Wenju reads it, where that is not the file as it is; of Markdown both, for its tables are read as rows."""
    if path.suffix == ".html":
        return read_html(path, path.read_bytes()).text
    written = path.read_text("utf-8")
    if path.suffix != ".md":
        return written
    document = read_markdown(path, path.read_bytes())
    return "\n".join([written, *(quote(document.text, paragraph.spans) for paragraph in document.paragraphs)])


def complaints(folder: Path) -> list[str]:
    """What is wrong with the questions of a folder, a line each."""
    texts = {path.name: squeeze(text_of(path)) for path in folder.iterdir() if path.suffix in SUFFIXES}
    found, seen = [], Counter[str]()
    for number, line in enumerate((folder / "questions.jsonl").read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            found.append(f"line {number}: is not JSON: {error}")
            continue
        seen[row.get("question", "")] += 1
        found += [f"line {number} ({row.get('question')}): {what}" for what in _of_row(row, texts)]
    return found + [f"asked {times} times: {question}" for question, times in seen.items() if times > 1]


def _of_row(row: dict[str, Any], texts: dict[str, str]) -> list[str]:
    found = []
    if not 1 < len(row.get("question", "")) <= LONGEST_QUESTION * (1 if row.get("lang") in (None, "zh") else 2):
        found.append("has no question, or a long one")
    everything = "\n".join(texts.values())
    traps = [squeeze(trap) for trap in row.get("traps", [])]
    found += [f"the trap stands in no document: {trap}" for trap in traps if trap not in everything]
    if "why" in row:
        return found if row["why"] in REASONS else [*found, f"why is {row['why']}"]
    text = texts.get(row.get("doc", ""))
    if text is None:
        return [*found, f"no document {row.get('doc')}"]
    quotes = [squeeze(row[name]) for name in ("evidence", "evidence2") if row.get(name)]
    if not quotes:
        found.append("has no evidence")
    found += [f"the evidence does not stand in {row['doc']}: {quote}" for quote in quotes if quote not in text]
    found += ["the evidence is too long" for quote in quotes if len(quote) > LONGEST_EVIDENCE * 2]
    if not row.get("answers"):
        found.append("has no answers")
    found += [
        f"the answer stands in no evidence: {answer}"
        for answer in row.get("answers", [])
        if not any(squeeze(answer) in quote for quote in quotes)
    ]
    found += [f"the trap is the evidence: {trap}" for trap in traps if any(trap in q or q in trap for q in quotes)]
    return found


def main() -> int:
    folders = [Path(name) for name in sys.argv[1:]] or sorted(path.parent for path in TOWNS.glob("*/questions.jsonl"))
    wrong = 0
    for folder in folders:
        found = complaints(folder)
        wrong += len(found)
        rows = (
            [
                json.loads(line)
                for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()
                if line.strip()
            ]
            if not any("not JSON" in line for line in found)
            else []
        )
        kinds = Counter(row.get("why") or row.get("difficulty") for row in rows)
        sys.stdout.write(f"{folder.name}: {len(rows)} questions {dict(kinds)}\n")
        sys.stdout.writelines(f"  {line}\n" for line in found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
