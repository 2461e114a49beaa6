// That a crew has arrived, by a label at the place of its order, goes through the field's one queue
// (visits.js). Without this script, or where the phone's store is full, the form is a plain form.

import { newId } from "./ids.js";
import { kept as keptHere, keep, sendAll, watch } from "./visits.js";

/** @typedef {import("./visits.js").KeptOf<import("./visits.js").Step>} Kept */

const SECOND_TAP_MS = 400;
const UNDER_WAY = ["accepted", "moving"];
const account = document.body.dataset.account ?? "";
const scanned = new URLSearchParams(location.search).get("code") ?? "";

/** Keep and send it. @param {HTMLFormElement} form */
async function arrive(form) {
  const { arrival = "", page = "" } = form.dataset;
  const said = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? "");
  const code = form.action.split("/").at(-2) ?? "";
  const visit = { id: said("id"), kind: "arrived", note: "", code, done_at: new Date().toISOString() };
  const what = form.textContent?.trim() ?? "";
  /** @type {Kept} */
  const kept = { id: visit.id, endpoint: `/api/v1/hops/${said("hop")}/scans`, page, what, account, visit, hop: arrival };
  if (!(await keep(kept))) return form.submit();
  watch(() => void tell(kept));
  await sendAll();
  await tell(kept);
}

/** Say what became of it: through, the order's page goes on. @param {Kept} kept */
async function tell({ id, page, hop }) {
  const one = await keptHere(id);
  // The crew's page shows what waits by itself; refused, it is drawn as it was before.
  if (one?.sent_at || scanned && one?.because) return location.replace(page);
  const line = document.getElementById("arrival-said");
  if (!one || !line) return;
  line.textContent = one.because ? `${line.dataset.refused}${one.because}` : (line.dataset.kept ?? "");
  line.hidden = false;
  line.classList.toggle("waiting", !one.because);
  for (const button of document.querySelectorAll(`[data-arrival="${hop}"] button`)) /** @type {HTMLButtonElement} */ (button).disabled = !one.because;
}

/** On the crew's page, opened by a label without a line: offer to say it by that label.
 * @param {HTMLElement} here the order */
export function offer(here) {
  const due = UNDER_WAY.includes(here.dataset.state ?? "");
  const offered = here.querySelector("[data-arrival]");
  if (due && offered) return;
  offered?.remove();
  const { hop = "", share = "", page = "" } = here.dataset;
  const by = here.querySelector("[data-stage=arrived] [value=arrived]")?.textContent ?? "";
  if (!due || !by) return;
  const form = Object.assign(document.createElement("form"), { method: "post", action: `/c/${scanned}/arrived`, className: "form" });
  Object.assign(form.dataset, { arrival: hop, page });
  for (const [name, value] of Object.entries({ id: newId(), hop: share })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  const words = `${by} · ${document.body.dataset.scanned} ${scanned.replace(/(.{4})(?=.)/g, "$1-")}`;
  form.append(Object.assign(document.createElement("button"), { className: "button primary wide", textContent: words }));
  here.querySelector("[data-line]")?.after(form);
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!("arrival" in form.dataset)) return;
  event.preventDefault();
  // The next button comes to stand where this one stood: the second tap of a double one is no word.
  const main = /** @type {HTMLElement} */ (form.closest("main"));
  main.inert = true;
  setTimeout(() => (main.inert = false), SECOND_TAP_MS);
  void arrive(form);
});
