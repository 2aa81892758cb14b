// The page: a question and its answer, follow-ups, passages in their documents, the language and the key.
import { Refused, call, get, key, useKey } from "./api.js";
import { offerFolders } from "./folders.js";
import { list, wire } from "./library.js";
import { inDocument, moved } from "./marks.js";
import { answerView, button, element, languageOf, marked, say, speak } from "./view.js";

const CONTEXT = 600;
const $ = (id) => document.getElementById(id);
let language = "zh";
let before = null; // the `thread` of the answer before
let within = null; // the only document that is asked
let role = "reader";
let asked = 0; // number of the newest question: what an older one brings is passed over
let known = 0; // number of the newest look at the key: what an older one brings is passed over
let last = null; // the last answers, each with its word, to be shown in the other language too
let sent = null; // what they were asked with
let reading = null; // what the dialog shows: its document, and the marks in it
let looked = 0; // number of what was last to be shown there: what comes for an older one is passed over

function tell(error) {
  if (!(error instanceof Refused)) throw error;
  return error.status ? say("failed", { detail: error.message }) : say("offline");
}

/** Read it out, and show it, unless what stands below says the same. */
function announce(text, { shown = true } = {}) {
  $("said").textContent = text;
  $("said").className = shown ? "small" : "hidden";
}

async function ask(question) {
  const number = (asked += 1);
  const [since, until] = [$("since").value.trim(), $("until").value.trim()];
  const chosen = { documents: within ? [within.document_id] : [], folders: $("folder").value ? [$("folder").value] : [] };
  const body = { question, after: before, since: since || null, until: until || null, ...chosen };
  announce(say("searching"));
  try {
    const response = await call("POST", "api/ask", { json: body });
    const answer = await response.json();
    if (number !== asked) return;
    if (meet(answer)) return;
    $("suggested").hidden = true;
    $("near").hidden = true;
    const words = (response.headers.get("Wenju-Answer") || "").split(", ");
    last = [answer, ...(answer.further || [])].map((own, place) => ({ answer: own, word: words[place] }));
    sent = body;
    for (const own of last) before = own.answer.thread || before;
    announce(told(), { shown: false });
    showAnswer();
    const narrowed = since || until || chosen.documents.length || chosen.folders.length;
    if (last.length === 1 && "search" in answer.timing_ms && answer.answer === null && !narrowed) offerNear(number);
  } catch (error) {
    if (number !== asked) return;
    announce(tell(error));
    if (error.status === 401) askForKey(say(key() ? "key_wrong" : "key_needed"));
  }
  showState();
}

/** The last answers, as they are read out. */
function told() {
  return last.map(({ answer }) => (
    "search" in answer.timing_ms ? say(`said_${answer.status}`, { answer: answer.answer }) : answer.message || ""
  )).join(" ");
}

/** What is wanted of the last answers, which stay where they are. */
const OF_LAST = {
  again: () => announce(told()),
  more: () => {
    const more = [...$("answer").querySelectorAll("details")];
    for (const part of more) part.open = true;
    announce(say(more.length ? "more_shown" : "no_more"));
  },
  why: () => ($("answer").querySelector("article button") || { click: () => announce(told()) }).click(),
};

/** Whether something was said beside asking: then it is met, and the last answer stands as before. */
function meet(answer) {
  const { code, topic } = answer.reason || {};
  if (code !== "of_last" && !/^said_/.test(code)) return false;
  announce(answer.message);
  if (code === "of_last" && last !== null) OF_LAST[topic]();
  if (code === "said_wrong") $("answer").querySelector(".bad")?.click();
  if (code === "said_new") before = null;
  if (code === "said_help") $("suggested").hidden = $("suggestions").children.length === 0;
  showState();
  return true;
}

function asButtons(questions) {
  return questions.map((question) => element("li", {}, button(question, () => submit(question), { lang: languageOf(question) })));
}

/** Questions near one that was not answered: looked for when its answer stands there. */
async function offerNear(number) {
  try {
    const { questions } = await get(`api/near?${new URLSearchParams({ answer: last[0].word })}`);
    if (number !== asked) return;
    $("near-questions").replaceChildren(...asButtons(questions));
    $("near").hidden = questions.length === 0;
  } catch { /* the page works without them */ }
}

/** What is told beside the last answers, in the language that was chosen. */
async function retell() {
  const shown = last;
  if (!shown?.some(({ answer }) => answer.message || answer.tally)) return;
  try {
    const answer = await (await call("POST", "api/ask", { json: sent })).json();
    if (last !== shown) return;
    for (const [place, { message, tally }] of [answer, ...(answer.further || [])].entries()) {
      shown[place].answer = { ...shown[place].answer, message, tally };
    }
    showAnswer();
  } catch { /* it stays as it was told */ }
}

function showAnswer() {
  if (last === null) return;
  $("answer").replaceChildren(...last.flatMap(({ answer, word }, place) => [
    ...(last.length > 1 ? [element("p", { className: "small", lang: languageOf(answer.question) }, answer.question)] : []),
    ...answerView(answer, { context, judge: judging(word), place }),
  ]));
}

function judging(word) {
  return async (rating, reason) => {
    try {
      await call("POST", "api/feedback", { json: { answer: word, rating, reason } });
      return say("thanks");
    } catch (error) {
      return tell(error);
    }
  };
}

/** The question in a `thread`, before what its answer named. */
const questionOf = (thread) => thread.split("\u001f")[0];

function showState() {
  $("going-on").hidden = before === null;
  $("going-on-from").textContent = before === null ? "" : say("going_on", { question: questionOf(before) });
  $("within").hidden = within === null;
  $("within-name").textContent = within === null ? "" : say("within", { title: within.title || within.document });
}

async function context(citation, marks) {
  const number = (looked += 1);
  const found = inDocument(citation.spans, marks.length ? marks : [[0, Array.from(citation.text).length]]);
  try {
    const passage = await get(`api/passages/${citation.passage_id}?context=${CONTEXT}`);
    if (number !== looked) return;
    const start = passage.start - Array.from(passage.before).length;
    const known = [passage.section, passage.place, passage.date, passage.document].filter(Boolean);
    if (citation.page !== null) known.push(say(citation.ocr ? "page_ocr" : "page", { page: citation.page }));
    open(passage.title || passage.document, known, passage, found);
    showText(passage.before + passage.raw + passage.after, moved(found, -start));
    if (citation.page !== null && /\.pdf$/i.test(passage.document)) await showPage(citation, found, number);
  } catch (error) {
    if (number === looked) announce(tell(error));
  }
}

/** The page of the paper with a box around what is marked; the text below it says the same to those who hear it. */
async function showPage(citation, marks, number) {
  const [start, end] = [Math.min(...marks.map(([from]) => from)), Math.max(...marks.map(([, to]) => to))];
  try {
    const response = await call("GET", `api/passages/${citation.passage_id}/picture?start=${start}&end=${end}`);
    const picture = await createImageBitmap(await response.blob());
    if (number !== looked) return;
    const canvas = $("reading-picture");
    [canvas.width, canvas.height] = [picture.width, picture.height];
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.setAttribute("aria-label", say("page_picture", { page: citation.page }));
    canvas.hidden = false;
  } catch { /* the text is the evidence, and stands there */ }
}

async function read(record) {
  looked += 1;
  open(record.title || record.document, [record.date, record.document].filter(Boolean), record, []);
  await whole();
}

function open(title, known, of, marks) {
  reading = { id: of.document_id, name: of.document, marks };
  $("reading-title").textContent = title;
  $("reading-place").textContent = [...new Set(known)].filter((part) => part !== title).join(" · ");
  $("reading-text").replaceChildren();
  $("reading-picture").hidden = true;
  $("reading-whole").hidden = false;
  if (!$("reading").open) $("reading").showModal();
}

function showText(text, marks) {
  $("reading-text").lang = languageOf(text);
  $("reading-text").replaceChildren(...marked(text, marks));
  const mark = $("reading-text").querySelector("mark");
  if (mark !== null) mark.scrollIntoView({ block: "center" });
}

async function whole() {
  const own = reading;
  try {
    const response = await call("GET", `api/documents/${own.id}/text`);
    const text = await response.text();
    if (reading !== own) return;
    showText(text, own.marks);
    $("reading-whole").hidden = true;
  } catch (error) {
    if (reading === own) $("reading-text").textContent = tell(error);
  }
}

async function original() {
  const own = reading;
  try {
    const response = await call("GET", `api/documents/${own.id}/original`);
    const address = URL.createObjectURL(await response.blob());
    element("a", { href: address, download: own.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (error) {
    if (reading === own) $("reading-place").textContent = tell(error);
  }
}

function show(name) {
  $("asking").hidden = name !== "asking";
  $("library").hidden = name !== "library";
  $("go-ask").setAttribute("aria-pressed", String(name === "asking"));
  $("go-library").setAttribute("aria-pressed", String(name === "library"));
  if (name === "library") list(acts);
  else $("question").focus();
}

function askWithin(record) {
  [within, before] = [record, null];
  $("folder").value = ""; // a folder would add to it
  showState();
  show("asking");
}

function askAgain(question) {
  [within, before] = [null, null];
  show("asking");
  submit(question);
}

const acts = { read, ask: askAgain, askWithin, role: () => role, tell };

async function suggest() {
  try {
    const { questions } = await get("api/suggestions");
    if (last !== null || asked > 0) return;
    $("suggestions").replaceChildren(...asButtons(questions));
    $("suggested").hidden = questions.length === 0;
    if (questions.length === 0 && !suggest.again) {
      suggest.again = true; // they are looked for when somebody first wants to know
      setTimeout(suggest, 5000);
    }
  } catch { /* the page works without them */ }
}

function submit(question) {
  $("question").value = question;
  ask(question);
}

async function whoAmI() {
  const number = ++known;
  if ($("narrow").open || $("folder").children.length > 1) offerFolders(); // else when somebody wants to know
  try {
    const me = await get("api/me");
    if (number !== known) return;
    role = me.role;
    $("files").accept = me.files.join(",");
    tellTexts();
    $("key-told").textContent = me.has_key ? say("key_known", { role: say(role) }) : say("key_none");
    const { samples } = await get("api/documents?size=1");
    if (number !== known) return;
    $("samples").hidden = !samples;
  } catch (error) {
    if (number !== known) return;
    role = "reader";
    $("key-told").textContent = tell(error);
    if (error.status === 401) askForKey(say(key() ? "key_wrong" : "key_needed"));
  }
  $("send").hidden = role === "reader";
  $("open").hidden = role !== "administrator";
}

function askForKey(told) {
  $("key").value = key();
  if (told) $("key-told").textContent = told;
  if (!$("keying").open) $("keying").showModal();
}

function tellTexts() {
  const types = $("files").accept.replaceAll(",", " ");
  for (const part of document.querySelectorAll("[data-text]")) part.textContent = say(part.dataset.text, { types });
}

function choose(chosen) {
  language = chosen;
  speak(chosen);
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  tellTexts();
  for (const part of document.querySelectorAll("[data-label]")) part.setAttribute("aria-label", say(part.dataset.label));
  $("go-language").textContent = say("other_language");
  $("go-language").lang = chosen === "zh" ? "en" : "zh-CN";
  showState();
  showAnswer();
  if (!$("library").hidden) list(acts);
}

function remembered() {
  try {
    return localStorage.getItem("wenju-language");
  } catch {
    return null;
  }
}

function begin() {
  choose(remembered() || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const question = $("question").value.trim();
    if (question) ask(question);
  });
  $("fresh").addEventListener("click", () => { before = null; showState(); $("question").focus(); });
  $("everywhere").addEventListener("click", () => { [within, before] = [null, null]; showState(); $("question").focus(); });
  $("narrow").addEventListener("toggle", () => $("narrow").open && offerFolders());
  $("folder").addEventListener("change", () => {
    if (!$("folder").value) return;
    within = null;
    showState();
  });
  $("go-ask").addEventListener("click", () => show("asking"));
  $("go-library").addEventListener("click", () => show("library"));
  $("go-key").addEventListener("click", () => { askForKey(""); whoAmI(); });
  $("go-language").addEventListener("click", () => {
    choose(language === "zh" ? "en" : "zh");
    retell();
    suggest();
    try {
      localStorage.setItem("wenju-language", language);
    } catch { /* for this page alone */ }
  });
  $("reading-close").addEventListener("click", () => $("reading").close());
  $("reading-whole").addEventListener("click", whole);
  $("reading-original").addEventListener("click", original);
  $("key-close").addEventListener("click", () => $("keying").close());
  $("key-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    useKey($("key").value.trim());
    await whoAmI();
    suggest();
  });
  wire(acts);
  whoAmI();
  suggest();
  const linked = new URLSearchParams(location.search).get("q");
  if (linked) submit(linked);
}

begin();
