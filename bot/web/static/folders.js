// Folders to narrow a question to: those of the documents that whoever asks may see.
import { Refused, get } from "./api.js";
import { element } from "./view.js";

const $ = (id) => document.getElementById(id);
let offered = 0; // number of the newest look at them: what an older one brings is passed over

/** Offer those that there are now. The one that is chosen stays so while it is there. */
export async function offerFolders() {
  const look = ++offered;
  const found = await get("api/folders").then(({ folders }) => folders, (error) => {
    if (!(error instanceof Refused)) throw error;
    return []; // the page works without them
  });
  if (look !== offered) return;
  const [all, chosen] = [$("folder").children[0], $("folder").value];
  $("folder").replaceChildren(all, ...found.map(({ folder, name, documents }) => element(
    "option", { value: folder, textContent: `${name} (${documents})`, selected: folder === chosen },
  )));
  $("in-folder").hidden = found.length === 0;
}
