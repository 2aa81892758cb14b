"""Questions on real news: lays the articles out where the public set lies beside the project.

usage: python -m benchmarks.reader.real_news

The articles are not ours and are not here. A question names its document by part and line of `datasets/news`, and its
evidence and traps by where they stand in it; this writes build/reader/news/SET/ as the towns are: a file an article,
and questions.jsonl with the sentences as text.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "news"
_BODY = "正文："


def laid_out(articles: Path, work: Path) -> Iterator[Path]:
    """The sets as folders in `work`, in order; `articles` holds part-NN.txt.gz. Nothing where it is absent."""
    if not articles.is_dir():
        return
    for file in sorted(FOLDER.glob("*.jsonl")):
        folder = work / file.stem
        folder.mkdir(parents=True, exist_ok=True)
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        texts: dict[str, str] = {}
        for name in sorted({name for row in rows for name, _, _ in (*row["evidence"], *row["traps"])}):
            texts[name] = article(articles, name)
        lines = [json.dumps(_with_sentences(row, texts), ensure_ascii=False) for row in rows]
        files = {f"{name}.txt": text for name, text in texts.items()} | {"questions.jsonl": "\n".join(lines) + "\n"}
        for gone in {path.name for path in folder.iterdir()} - files.keys():
            (folder / gone).unlink()
        for name, text in files.items():
            if not (folder / name).exists() or (folder / name).read_text("utf-8") != text:
                (folder / name).write_text(text, "utf-8")
        yield folder


def article(articles: Path, name: str) -> str:
    """The article `PART-LINE`: its date, an empty line, its text."""
    part, line = name.split("-")
    date, _, body = _part(articles / f"part-{part}.txt.gz")[int(line)].partition(_BODY)
    return f"{date.strip('，, ')}\n\n{body.strip()}\n".lstrip("\n")


@cache
def _part(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")


def _with_sentences(row: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """The row with sentences where it has articles by name, and where in them a sentence begins and ends."""
    evidence = [texts[name][start:end] for name, start, end in row["evidence"]]
    shown = {**row, "traps": [texts[name][start:end] for name, start, end in row["traps"]]}
    del shown["evidence"]
    if evidence:
        shown |= {"doc": f"{row['evidence'][0][0]}.txt", "evidence": evidence[0]}
    return shown


def main() -> None:
    from benchmarks.reader.towns import NEWS, SHARED

    for folder in laid_out(SHARED / "datasets" / "news", NEWS):
        sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
