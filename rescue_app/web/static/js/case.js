// A case that moves on while somebody reads it: each step of anybody shows by itself. A form that
// is being filled in stays as it is; a line above it says what happened.

import { watchFiles } from "./attach.js";
import { busy, follow, load, onceAtATime } from "./live.js";
import { watchNear } from "./near.js";

const PARTS = ["case", "drafts", "steps", "acts"];
const { dataset } = /** @type {HTMLElement} */ (document.getElementById("case"));

/** @param {Document} page @param {string} id */
function change(page, id) {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  if (!busy(old, () => void refresh())) {
    const open = [...old.querySelectorAll("details[open]")].map((row) => row.id);
    old.innerHTML = fresh.innerHTML;
    for (const row of open) document.getElementById(row)?.setAttribute("open", "");
    watchFiles(old);
    watchNear(old);
    return;
  }
  const told = document.getElementById("moved");
  told?.replaceChildren(...(page.getElementById("moved")?.childNodes ?? []));
  told?.removeAttribute("hidden");
}

const refresh = onceAtATime(async () => {
  const page = await load(`/cases/${dataset.case}${location.search}`);
  for (const id of PARTS) change(page, id);
  document.dispatchEvent(new CustomEvent("htmx:load"));
});

follow({
  topics: "case",
  after: Number(dataset.after),
  onEvent: (told) => {
    if (told.ref === dataset.case) void refresh();
  },
  onReset: () => void refresh(),
});
