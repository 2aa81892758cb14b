// The list of documents: pages, search, and for those who may, adding and removing.
import { call, get, result } from "./api.js";
import { button, element, languageOf, say } from "./view.js";

const SIZE = 20;
const NAMED = 10; // pages or sheets named one by one
const $ = (id) => document.getElementById(id);
let page = 1;
let wanted = "";
let listed = 0; // number of the newest look at the list: what an older one brings is passed over

/** Show page `number` of the list. `acts` has what buttons do: read(document), askWithin(document), role(), tell(error). */
export async function list(acts, number = page) {
  const look = ++listed;
  let found;
  try {
    found = await get(`api/documents?${new URLSearchParams({ q: wanted, page: String(number), size: String(SIZE) })}`);
  } catch (error) {
    if (look === listed) $("counted").textContent = acts.tell(error);
    return;
  }
  if (look !== listed) return;
  page = Math.min(number, found.pages);
  if (page !== number) {
    await list(acts, page);
    return;
  }
  $("samples").hidden = !found.samples;
  $("counted").textContent = found.total ? say("counted", found) : say("none");
  $("documents").replaceChildren(...found.documents.map((record) => item(record, acts)));
  $("earlier").disabled = page <= 1;
  $("later").disabled = page >= found.pages;
}

function item(record, acts) {
  const title = record.title || record.document;
  const known = [...new Set([record.date, record.document, say("passages", { count: record.passages })])].filter(Boolean);
  const named = (name) => ({ "aria-label": `${say(name)}：${title}` });
  return element(
    "li", {}, element("strong", {}, title), element("p", { className: "small" }, known.join(" · ")),
    element(
      "p", { className: "row" },
      button(say("read"), () => acts.read(record), named("read")),
      button(say("ask_within"), () => acts.askWithin(record), named("ask_within")),
      acts.role() === "administrator" && button(say("remove"), () => remove(record, title, acts), named("remove")),
    ),
  );
}

async function remove(record, title, acts) {
  if (!confirm(say("remove_sure", { title }))) return;
  try {
    await call("DELETE", `api/documents/${record.document_id}`);
    await list(acts);
    $("counted").textContent = say("removed", { title });
  } catch (error) {
    $("counted").textContent = acts.tell(error);
  }
}

async function send(acts) {
  for (const file of $("files").files) {
    const line = element("li", {}, say("sending", { name: file.name }));
    line.setAttribute("aria-busy", "true"); // the end is read out, and not each step
    $("sent").append(line);
    try {
      const path = `api/documents?${new URLSearchParams({ name: file.name })}`;
      const response = await call("POST", path, { file, accept: "application/x-ndjson" });
      line.textContent = outcome(await result(response, ({ passages }) => {
        if (passages) line.textContent = say("read_so_far", { name: file.name, count: passages });
      }));
    } catch (error) {
      line.className = "wrong";
      line.textContent = `${file.name}: ${acts.tell(error)}`;
    }
    line.setAttribute("aria-busy", "false");
  }
  $("files").value = "";
  await list(acts);
}

function outcome(received) {
  const pages = { kind: "pages", names: received.pages_without_text };
  const known = [pages, ...received.left_out].filter(({ names }) => names.length);
  const told = ({ kind, names }) => say(`left_${kind}`, { names: some(names) });
  const recognised = known.filter(({ kind }) => kind === "recognised").map(told);
  const left = known.filter(({ kind }) => kind !== "recognised").map(told);
  return [
    say(received.outcome, { name: received.document, count: received.passages }),
    ...(left.length ? [say("partly", { what: left.join("; ") })] : []), ...recognised,
  ].join(" ");
}

function some(names) {
  return names.slice(0, NAMED).join(", ") + (names.length > NAMED ? ` … (${names.length})` : "");
}

async function listUnanswered(acts) {
  const said = (text) => element("li", { className: "small" }, text);
  try {
    const { questions } = await get("api/unanswered");
    $("unanswered").replaceChildren(...questions.map(({ question, count, last }) => element(
      "li", {}, button(question, () => acts.ask(question), { lang: languageOf(question) }),
      element("span", { className: "small" }, ` ${say("times_asked", { count, last: last.slice(0, 10) })}`),
    )), ...(questions.length ? [] : [said(say("open_none"))]));
  } catch (error) {
    $("unanswered").replaceChildren(said(acts.tell(error)));
  }
}

/** Have the forms and buttons of the list do what they say. */
export function wire(acts) {
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    wanted = $("wanted").value.trim();
    list(acts, 1);
  });
  $("send").addEventListener("submit", (event) => {
    event.preventDefault();
    send(acts);
  });
  $("open").addEventListener("toggle", () => $("open").open && listUnanswered(acts));
  $("earlier").addEventListener("click", () => list(acts, page - 1));
  $("later").addEventListener("click", () => list(acts, page + 1));
}
