// What an answer looks like. Text of documents becomes text, never markup.
import { inLines } from "./marks.js";
import { TEXTS } from "./texts.js";

let language = "zh";

export function speak(chosen) {
  language = chosen;
}

/** The text of that name, with what stands in braces filled in. */
export function say(name, values = {}) {
  return TEXTS[language][name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/** An element with properties (those with a dash are attributes) and children; null and false are left out. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "lang" || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== false));
  return made;
}

export function button(text, onclick, more = {}) {
  return element("button", { type: "button", textContent: text, onclick, ...more });
}

/** The text with the marked pieces in <mark>, and lines that begin at `breaks`. */
export function marked(text, marks, breaks = []) {
  return inLines(text, breaks, marks).map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text));
}

/** An address to open, only when it is one of the web: it comes out of a document. */
export function webAddress(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** For whoever reads it aloud: Japanese, Chinese, or not known. */
export function languageOf(text) {
  return /[\u3041-\u30ff]/.test(text) ? "ja" : /[\u4e00-\u9fff]/.test(text) ? "zh" : "";
}

/** The whole of an answer. `acts` has what buttons do: context(citation), judge(rating, reason); and which of several
 * answers it is, `place`. */
export function answerView(answer, acts) {
  const searched = "search" in answer.timing_ms; // a greeting, and what is in here, are met without
  const heading = answer.status === "answered" || !searched ? "answer" : answer.closest ? "closest" : answer.status;
  const told = inFront(answer);
  const first = told.length ? told.map((quote) => quote.citation) : [1];
  const shown = answer.citations.filter((citation) => first.includes(citation.number));
  const rest = answer.citations.filter((citation) => !first.includes(citation.number));
  return [
    element("h3", {}, say(heading)),
    answer.understood && element("p", { className: "small" }, say("understood", { question: answer.understood })),
    answer.message && element("p", { className: "text" }, answer.message),
    answer.tally && element("p", { className: "text" }, element("strong", {}, answer.tally.line)),
    ...told.map((quote) => quoteView(quote, answer, acts)),
    answer.figures.length > 0 && figuresView(answer),
    ...shown.map((citation) => citationView(citation, answer, acts)),
    rest.length > 0 && element(
      "details", {}, element("summary", {}, say("more", { count: rest.length })),
      rest.map((citation) => citationView(citation, answer, acts)),
    ),
    searched && judgeView(acts),
  ].filter(Boolean);
}

/** The sentences that answer, or else the closest one. */
function inFront(answer) {
  return answer.quotes.length || !answer.closest ? answer.quotes : [answer.closest];
}

/** What a link to the citation leads to. */
function idOf(number, acts) {
  return acts.place ? `citation-${acts.place + 1}-${number}` : `citation-${number}`;
}

function quoteView(quote, answer, acts) {
  const citation = answer.citations.find((cited) => cited.number === quote.citation);
  const text = Array.from(citation.text).slice(quote.start, quote.end).join("");
  return element(
    "blockquote", { lang: languageOf(text) },
    element(
      "p", {}, quote.about ? `${quote.about} · ` : null, answer.closest ? text : element("mark", {}, text), " ",
      quote.following ? `${say("items_follow", { count: quote.following })} ` : null,
      element("a", { href: `#${idOf(quote.citation, acts)}`, "aria-label": say("cited", { number: quote.citation }) }, `[${quote.citation}]`),
    ),
  );
}

function figuresView(answer) {
  const lines = answer.figures.map((figure) => element(
    "li", { lang: languageOf(figure.text) }, element("mark", {}, figure.text), ` ${[figure.place, figure.date].filter(Boolean).join(" · ")} [${figure.citation}]`,
  ));
  return element("div", {}, element("h4", {}, say("figures")), element("ul", {}, lines));
}

function citationView(citation, answer, acts) {
  const marks = inFront(answer).filter((quote) => quote.citation === citation.number).map((quote) => [quote.start, quote.end]);
  const page = citation.page === null ? null : say(citation.ocr ? "page_ocr" : "page", { page: citation.page });
  const known = [...new Set([citation.place, citation.date, citation.document, page])].filter(Boolean);
  const address = webAddress(citation.url);
  const number = { number: citation.number };
  return element(
    "article", { id: idOf(citation.number, acts), tabIndex: -1 },
    element("h4", { lang: languageOf(citation.title) }, `[${citation.number}] ${citation.title || citation.document}`),
    element("p", { className: "small" }, known.join(" · ")),
    citation.became ? element("p", {}, citation.became.message) : null,
    element("p", { className: "text", lang: languageOf(citation.text) }, marked(citation.text, marks, citation.breaks)),
    citation.also.length > 0 && element(
      "p", { className: "small" }, say("also", { names: citation.also.map((reprint) => reprint.title || reprint.document).join("、") }),
    ),
    element(
      "p", { className: "row" },
      button(say("context"), () => acts.context(citation, marks), { "aria-label": say("context_of", number) }),
      address && element(
        "a", { href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": say("address_of", number) },
        say("address"),
      ),
    ),
  );
}

function judgeView(acts) {
  const told = element("p", { className: "small", role: "status" });
  const reasons = element("p", { className: "row", hidden: true }, element("span", {}, say("why")));
  const pressed = (own, other, rating) => async () => {
    own.setAttribute("aria-pressed", "true");
    other.setAttribute("aria-pressed", "false");
    reasons.hidden = rating !== "down";
    told.textContent = await acts.judge(rating, null);
  };
  const good = button(say("good"), null, { "aria-pressed": "false" });
  const bad = button(say("bad"), null, { "aria-pressed": "false", className: "bad" });
  good.onclick = pressed(good, bad, "up");
  bad.onclick = pressed(bad, good, "down");
  for (const reason of ["wrong_place", "not_answering", "outdated"]) {
    reasons.append(button(say(reason), async () => { told.textContent = await acts.judge("down", reason); }));
  }
  return element("div", {}, element("p", { className: "row" }, element("span", {}, say("judge")), good, bad), reasons, told);
}
