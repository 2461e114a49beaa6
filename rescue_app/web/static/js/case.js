// A case that moves on while somebody reads it: each step of anybody shows by itself. A form that
// is being filled in stays as it is; a line above it says what happened.

import { watchFiles } from "./attach.js";
import { busy, follow, load, onceAtATime } from "./live.js";
import { watchNear } from "./near.js";
import { redrawn } from "./swap.js";

const PARTS = ["case", "drafts", "steps", "acts"];
const LOOK_AGAIN_MS = 10_000; // a worker that was lost tells nobody
const { dataset } = /** @type {HTMLElement} */ (document.getElementById("case"));

/** @param {Document} page @param {string} id */
function change(page, id) {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  if (!busy(old, () => void refresh())) {
    const open = [...old.querySelectorAll("details[open]")].map((row) => row.id);
    redrawn(old, () => {
      old.innerHTML = fresh.innerHTML;
      return old;
    });
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

/** The job that the case is at work by, as the page shows it now. */
const job = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-job]"));

follow({
  topics: "case,job",
  after: Number(dataset.after),
  onEvent: ({ ref }) => {
    if (ref === dataset.case || ref === job()?.dataset.job) void refresh();
  },
  onReset: () => void refresh(),
});
setInterval(() => job() && void refresh(), LOOK_AGAIN_MS);
