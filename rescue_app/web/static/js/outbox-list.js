// What was answered on this phone and what became of it: kept, sent, with the street for review,
// refused and why. On the round without what was taken off, on its own page with it.

import { attachmentsOf } from "./attachments.js";
import { all, retry, sendAll, takeOff, watch } from "./visits.js";

/** @typedef {import("./visits.js").Kept} Kept */
/** @typedef {import("./attachments.js").Attachment} Attachment */

const box = /** @type {HTMLElement} */ (document.getElementById("outbox"));
const rows = /** @type {HTMLElement} */ (box.querySelector("ol"));
const model = /** @type {HTMLTemplateElement} */ (box.querySelector("template"));
const whole = box.hasAttribute("data-whole");
const times = new Intl.DateTimeFormat(document.documentElement.lang, {
  month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
}); // prettier-ignore

/** @param {Kept} kept */
function stateOf(kept) {
  if (kept.off_at) return "off";
  if (kept.conflict) return "conflict";
  return kept.sent_at ? "sent" : kept.because ? "refused" : "waiting";
}

/** @param {Kept} kept @param {Attachment[]} attachments */
function row(kept, attachments) {
  const made = /** @type {HTMLElement} */ (model.content.cloneNode(true));
  const state = stateOf(kept);
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (made.querySelector(`[data-${name}]`));
  part("state").dataset.state = state;
  part("what").textContent = kept.what;
  part("word").textContent = box.dataset[state] ?? "";
  part("when").textContent = times.format(new Date(kept.visit.done_at));
  part("because").textContent = kept.because ?? (kept.overtaken ? (box.dataset.overtaken ?? "") : "");
  const mine = attachments.filter((one) => one.visit === kept.id);
  const told = mine.find((one) => one.because)?.because ?? (mine.length === 1 ? box.dataset.photo : box.dataset.photos) ?? "";
  part("left").textContent = mine.length ? told.replace("{count}", String(mine.length)) : "";
  for (const act of /** @type {NodeListOf<HTMLElement>} */ (made.querySelectorAll("[data-in]"))) {
    act.hidden = !(act.dataset.in ?? "").split(" ").includes(state);
  }
  /** @type {HTMLAnchorElement} */ (part("page")).href = kept.page;
  /** @type {HTMLAnchorElement} */ (part("review")).href = `/conflicts/${kept.conflict}`;
  part("again").addEventListener("click", () => void retry(kept.id));
  part("off").addEventListener("click", () => void takeOff(kept.id, true));
  part("back").addEventListener("click", () => void takeOff(kept.id, false));
  return made;
}

/** Draw the list; gives what is on it. */
async function show() {
  const attachments = await attachmentsOf(document.body.dataset.account ?? "");
  const kept = (await all()).filter((one) => !one.quiet && (whole || !one.off_at));
  rows.replaceChildren(...kept.map((one) => row(one, attachments)));
  box.hidden = !kept.length;
  const nothing = document.getElementById("outbox-empty");
  if (nothing) nothing.hidden = Boolean(kept.length);
  box.dispatchEvent(new CustomEvent("yitong:listed", { detail: kept }));
}

watch(() => void show());
box.addEventListener("yitong:list", () => void show());
document.getElementById("send-now")?.addEventListener("click", () => void sendAll());
void show();
void sendAll();
