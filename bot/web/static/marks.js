// Where sentences are marked. All offsets count code points, as the API's do, and not the halves that JavaScript counts.

/** The text cut at the marks ([start, end) pairs): pieces in order, each marked or not. */
export function pieces(text, marks) {
  const points = Array.from(text);
  const found = [];
  let at = 0;
  for (const [start, end] of [...marks].sort((left, right) => left[0] - right[0])) {
    const [from, to] = [Math.max(start, at), Math.min(end, points.length)];
    if (to <= from) continue;
    if (from > at) found.push({ text: points.slice(at, from).join(""), marked: false });
    found.push({ text: points.slice(from, to).join(""), marked: true });
    at = to;
  }
  if (at < points.length) found.push({ text: points.slice(at).join(""), marked: false });
  return found;
}

/** The pieces of a text whose lines begin at `breaks`, a line end before each. */
export function inLines(text, breaks, marks) {
  const points = Array.from(text);
  const starts = [0, ...breaks];
  return starts.flatMap((start, line) => {
    const own = pieces(points.slice(start, starts[line + 1]).join(""), moved(marks, -start));
    return line ? [{ text: "\n", marked: false }, ...own] : own;
  });
}

/** Pairs in a citation's text as pairs in its document: several where the citation leaves something out. */
export function inDocument(spans, marks) {
  const found = [];
  let offset = 0;
  for (const [start, end] of spans) {
    const length = end - start;
    for (const [from, to] of marks) {
      const [first, last] = [Math.max(from, offset), Math.min(to, offset + length)];
      if (first < last) found.push([start + first - offset, start + last - offset]);
    }
    offset += length;
  }
  return found;
}

/** The pairs so many code points further on. */
export function moved(marks, by) {
  return marks.map(([start, end]) => [start + by, end + by]);
}
