// The crew's page: an order fills it by itself, one tap answers, and a dead line is no excuse.

import { busy, follow, load, onceAtATime } from "./live.js";
import { shareWhileOn } from "./crew-place.js";
import { newId } from "./ids.js";
import { Outbox } from "./outbox.js";

const LINE = ["accepted", "moving", "arrived", "done"];
const UNANSWERED = ["queued", "delivered", "seen"];
const CHANGE_TAKEN = "change_taken";
const WAKE_MS = [400, 150, 400, 150, 800];
const words = document.body.dataset;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const list = /** @type {HTMLElement} */ (document.getElementById("outbox"));
const lost = /** @type {HTMLElement} */ (document.getElementById("line-lost"));

const refresh = onceAtATime(async () => {
  const fresh = (await load(location.pathname + location.search)).getElementById("main");
  if (!fresh || busy(main, () => void refresh())) return;
  const before = article()?.dataset.hop;
  const waiting = main.querySelectorAll("[data-notice]:not([hidden])").length;
  main.innerHTML = fresh.innerHTML;
  settle();
  const changes = main.querySelectorAll("[data-notice]:not([hidden])").length;
  if (article()?.dataset.hop !== before || changes > waiting) wake(changes > 0);
});

const outbox = new Outbox(words.account ?? "", {
  onChange: settle,
  onSent: () => void refresh(),
  onSignIn: () => (lost.textContent = words.signIn ?? ""),
});

/** What words from the site need is loaded with the order that was taken on, not before. */
const site = () => import("./crew-site.js");

/** @returns {HTMLElement | null} */
function article() {
  return main.querySelector("article[data-hop]");
}

/** Show the next button as if everything kept here had arrived already, marked as kept. */
function settle() {
  list.replaceChildren(...outbox.all().filter((kept) => !UNANSWERED.includes(kept.kind)).map(shown));
  const here = article();
  if (!here) return;
  const queued = outbox.all().filter((kept) => kept.hop === here.dataset.hop && !kept.because).map((kept) => kept.kind);
  const told = queued.filter((kind) => !UNANSWERED.includes(kind) && kind !== CHANGE_TAKEN);
  const state = told.at(-1) ?? here.dataset.state ?? "";
  // What was told stays told: the page may not be drawn anew while somebody writes a note.
  if (told.length > 0) here.dataset.state = state;
  const reached = LINE.indexOf(state === "working" ? "arrived" : state);
  const following = state === "withdrawn" ? undefined : LINE[reached + 1];
  for (const stage of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-stage]"))) {
    stage.hidden = stage.dataset.stage !== following || state === "cannot" && told.length > 0;
  }
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-step]"))) {
    part.classList.toggle("queued", told.includes(part.dataset.step ?? ""));
    if (part.dataset.step === following) part.setAttribute("aria-current", "step");
    else part.removeAttribute("aria-current");
  }
  // A change that was heard is off the screen, also before the line is back.
  const heard = outbox.all().map((kept) => kept.notice_id);
  for (const change of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-notice]"))) {
    change.hidden = heard.includes(change.dataset.notice);
  }
  if (here.querySelector("[data-site]")) void site();
  tellSeen(here);
  shareWhileOn(here.dataset.hop, here.dataset.state ?? "");
}

/** @param {import("./outbox.js").Kept} kept */
function shown(kept) {
  const line = document.createElement("li");
  line.classList.toggle("refused", Boolean(kept.because));
  const text = (kept.because ? words.refused : words.queued) ?? "";
  line.textContent = text.replace("{what}", kept.what).replace("{because}", kept.because ?? "");
  if (kept.because) line.addEventListener("click", () => outbox.drop(kept.id));
  return line;
}

/** Say that the order came in, and that it stood before somebody's eyes. @param {HTMLElement} here */
function tellSeen(here) {
  const hop = here.dataset.hop ?? "";
  const kind = document.hidden ? "delivered" : "seen";
  const behind = document.hidden ? ["queued"] : ["queued", "delivered"];
  if (!behind.includes(here.dataset.state ?? "") || outbox.all().some((kept) => kept.hop === hop)) return;
  here.dataset.state = kind;
  keep(hop, kind, "", "");
}

/** @param {string} hop @param {string} kind @param {string} note @param {string} what @param {string} [notice] */
function keep(hop, kind, note, what, notice) {
  outbox.put({ id: newId(), hop, kind, note, what, notice_id: notice, done_at: new Date().toISOString() });
}

/** An order that just came in asks for attention; phones that may not vibrate stay still. */
function wake(changed = false) {
  if (changed || UNANSWERED.includes(article()?.dataset.state ?? "")) navigator.vibrate?.(WAKE_MS);
}

main.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if ("site" in form.dataset) {
    event.preventDefault();
    const pressed = /** @type {SubmitEvent} */ (event).submitter;
    void site().then(({ tellSite }) => tellSite(form, pressed));
    return;
  }
  const hop = article()?.dataset.hop;
  if (!hop || !form.dataset.kind) return;
  event.preventDefault();
  const note = String(new FormData(form).get("note") ?? "");
  const button = form.querySelector("button");
  form.reset();
  form.closest("details")?.removeAttribute("open");
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  keep(hop, form.dataset.kind, note, button?.textContent?.trim() ?? "", form.dataset.notice);
});

follow({
  topics: "order",
  after: Number(words.after),
  onEvent: () => void refresh(),
  onReset: () => void refresh(),
  onState: (open) => {
    lost.hidden = open;
    if (open) void outbox.send();
  },
});
addEventListener("offline", () => (lost.hidden = false));
document.addEventListener("visibilitychange", settle);
settle();
void outbox.send();
