// Calls of the API. The key, where there is one, is kept for this tab; where a browser keeps nothing, for this page.
const UNKNOWN = "This key is not known here (any more). Send a known one, or none."; // as the server says
let kept = "";

export function key() {
  try {
    return sessionStorage.getItem("wenju-key") || "";
  } catch {
    return kept;
  }
}

export function useKey(value) {
  kept = value;
  try {
    sessionStorage.setItem("wenju-key", value);
  } catch { /* kept above */ }
}

/** What the server tells of an error; `status` is 0 when it could not be reached. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The response to a call; `json` or a file is sent along. Throws Refused. */
export async function call(method, path, { json, file, accept } = {}) {
  if (/[^\x20-\x7e]/.test(key())) throw new Refused(401, UNKNOWN); // no header carries it
  const headers = { "Accept-Language": document.documentElement.lang };
  if (key()) headers.Authorization = `Bearer ${key()}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (file !== undefined) headers["Content-Type"] = "application/octet-stream";
  if (accept !== undefined) headers.Accept = accept;
  let response;
  try {
    response = await fetch(path, { method, headers, body: json !== undefined ? JSON.stringify(json) : file });
  } catch {
    throw new Refused(0, "");
  }
  if (response.ok) return response;
  let detail = response.statusText;
  try {
    detail = (await response.json()).detail || detail;
  } catch { /* no problem of ours: the status says enough */ }
  throw new Refused(response.status, detail);
}

/** What the last line of a response says, whose lines come as it goes; `heard` is told the progress before. Throws Refused. */
export async function result(response, heard) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) throw new Refused(0, "");
    const lines = (text + value).split("\n");
    text = lines.pop();
    for (const told of lines.map((line) => JSON.parse(line))) {
      if (told.problem) throw new Refused(told.problem.status, told.problem.detail);
      if (told.result) return told.result;
      heard(told.progress);
    }
  }
}

export async function get(path) {
  return (await call("GET", path)).json();
}
