// The crew's page: an order fills it by itself, one tap answers, and a dead line is no excuse.

import { busy, follow, load, onceAtATime } from "./live.js";
import { shareWhileOn } from "./crew-place.js";
import { ring, ringWhile } from "./ring.js";
import { keepPages, keepShown } from "./round-pages.js";
import { isKept, say, startSteps, unsent } from "./steps.js";
import { hurry } from "./visits.js";

/** @typedef {import("./steps.js").Said} Said */

const UNANSWERED = ["queued", "delivered", "seen"];
/** What leads to no next button. */
const QUIET = [...UNANSWERED, "change_taken"];
const CHANGES = "[data-notice]:not([hidden])";
/** With another order that waits for a word. */
const NEWS = `${CHANGES}, [data-waits]`;
// The next button stands where the last one stood: the second tap of a double one is no word.
const SECOND_TAP_MS = 400;
const words = document.body.dataset;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const list = /** @type {HTMLElement} */ (document.getElementById("outbox"));
const lost = /** @type {HTMLElement} */ (document.getElementById("line-lost"));
const noLine = lost.textContent;

/** Does this page open without a network? */
let opens = false;
/** How often words that waited here have reached the server. */
let sent = 0;
const refresh = onceAtATime(async () => {
  const before = sent;
  const page = await load(location.pathname + location.search);
  if (lost.textContent !== words.full) lost.hidden = true;
  // Drawn before the last word came: the next page has it, and this one would take it back.
  if (sent !== before) return;
  const fresh = page.getElementById("main");
  if (opens) void keepShown(words.account ?? "", page).catch(() => undefined);
  if (!fresh || busy(main, () => void refresh())) return warn(fresh);
  const shown = article()?.dataset;
  const waiting = main.querySelectorAll(NEWS).length;
  main.innerHTML = fresh.innerHTML;
  settle();
  const here = article()?.dataset;
  const news = here?.hop !== shown?.hop || main.querySelectorAll(NEWS).length > waiting;
  if (news) scrollTo(0, 0);
  wake(news || isHushed(shown) && !isHushed(here));
});

/** A word of the desk waits for no finger. @param {HTMLElement | null} fresh */
async function warn(fresh) {
  const here = article();
  if (!here || !fresh) return;
  const news = await (await import("./crew-news.js")).showNews(here, fresh);
  if (isLoud()) ringWhile(isLoud);
  else if (news.some((one) => !one.matches("[data-hushed]"))) ring();
}

/** The queue is full, or has room again. @param {boolean} isFull */
function sayFull(isFull) {
  if (isFull === (lost.textContent === words.full)) return;
  lost.textContent = isFull ? words.full ?? "" : noLine;
  lost.hidden = !isFull && navigator.onLine;
}

let shownWaiting = 0;
/** What was sent is on the server's page now; of what was refused nothing is. */
function changed() {
  const before = shownWaiting;
  settle();
  if (unsent().every(isKept)) sayFull(false);
  if (shownWaiting >= before) return;
  sent += 1;
  void refresh();
}

/** What the site needs is loaded with the order that was taken on, not before. */
const site = () => import("./crew-site.js");
/** What the leader does with his members. */
const team = () => import("./crew-team.js");
/** What is ticked of the checklist. */
const ticks = () => import("./crew-ticks.js");

/** @returns {HTMLElement | null} */
function article() {
  return main.querySelector("article[data-hop]");
}

/** Show the next button as if all kept here had arrived, marked as kept. */
function settle() {
  const said = unsent().filter((one) => !one.quiet);
  shownWaiting = said.filter((one) => !one.because).length;
  list.replaceChildren(...said.filter(isKept).map(shown));
  const here = article();
  if (!here) return;
  const queued = unsent().filter((one) => one.hop === here.dataset.hop && !one.because);
  const told = queued.map((one) => one.visit.kind).filter((kind) => !QUIET.includes(kind));
  const state = told.at(-1) ?? here.dataset.state ?? "";
  // What was told stays told: the page may not be drawn anew while somebody writes.
  if (told.length > 0) here.dataset.state = state;
  const line = [.../** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-step]"))].map((one) => one.dataset.step ?? "");
  const reached = line.indexOf(state);
  const following = ["withdrawn", "replaced"].includes(state) ? undefined : line[reached + 1];
  for (const stage of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-stage]"))) {
    stage.hidden = stage.dataset.stage !== following || state === "cannot" && told.length > 0;
  }
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (here.querySelectorAll("[data-step]"))) {
    const step = part.dataset.step ?? "";
    part.classList.toggle("queued", told.includes(step));
    part.classList.toggle("done", line.indexOf(step) <= reached && !told.includes(step));
    if (step === following) part.setAttribute("aria-current", "step");
    else part.removeAttribute("aria-current");
  }
  // What was heard or answered is off the screen, also before the line is back.
  const heard = unsent().flatMap((one) => [one.visit.notice_id, one.hop]);
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("[data-notice], [data-waits]"))) {
    one.hidden = heard.includes(one.dataset.notice ?? one.dataset.waits);
  }
  if (here.querySelector("[data-site]")) void site().then(({ lookWhenOut }) => lookWhenOut(() => void refresh()));
  if (here.querySelector("[data-narrows]")) void import("./narrow.js");
  if (here.querySelector("[data-team]")) void team();
  const checklist = /** @type {HTMLElement | null} */ (here.querySelector(".checklist"));
  if (checklist) checklist.hidden = [...UNANSWERED, "cannot"].includes(here.dataset.state ?? "");
  if (checklist) void ticks().then(({ showTicks }) => showTicks());
  if (location.search.includes("code=")) void import("./arrival.js").then(({ offer }) => offer(here));
  tellSeen(here);
  // Once the server has the word: it refuses a place before.
  shareWhileOn(here.dataset.share, told[0] ? "" : state);
}

/** @param {Said} kept */
function shown(kept) {
  const line = document.createElement("li");
  line.classList.toggle("refused", Boolean(kept.because));
  const text = (kept.because ? words.refused : words.queued) ?? "";
  line.textContent = text.replace("{what}", kept.what).replace("{because}", kept.because ?? "");
  if (kept.because) line.append(" ", Object.assign(document.createElement("a"), { href: "/outbox", textContent: words.outbox ?? "" }));
  return line;
}

/** Say that the order came in, and that it stood before somebody's eyes. @param {HTMLElement} here */
function tellSeen(here) {
  const hop = here.dataset.hop ?? "";
  const kind = document.hidden ? "delivered" : "seen";
  const behind = document.hidden ? ["queued"] : ["queued", "delivered"];
  if (!behind.includes(here.dataset.state ?? "") || unsent().some((one) => one.hop === hop)) return;
  here.dataset.state = kind;
  void keep(here, kind, "", "");
}

/** @param {HTMLElement} here @param {string} kind @param {string} note @param {string} what @param {string} [notice] @param {import("./visits.js").Step["offer"]} [offer] */
async function keep(here, kind, note, what, notice, offer) {
  const { hop = "", steps: endpoint = "", page = "" } = here.dataset;
  const kept = say({ hop, endpoint, page }, what, { kind, note, notice_id: notice, offer });
  settle();
  sayFull(!(await kept));
}

/** What could be done instead, if anything was written. @param {FormData} fields */
function offered(fields) {
  const [target, due, means] = ["other", "due", "means"].map((name) => String(fields.get(name) ?? "").trim());
  // The city's clock, whatever the phone's: as the desk's form reads it.
  return target || due || means ? { target: target || null, due_at: due ? `${due}:00+08:00` : null, means } : undefined;
}

/** Is this seen and not heard, by somebody off duty whom no rung called? @param {DOMStringMap} [about] */
const isHushed = (about) => about !== undefined && "hushed" in about;

/** Does a word wait here that may not wait? Who writes why he cannot is left in peace. */
function isLoud() {
  if (main.querySelector(`${CHANGES}:not([data-hushed]), [data-waits][data-loud]:not([hidden])`)) return true;
  const here = article();
  const owed = here !== null && "loud" in here.dataset && UNANSWERED.includes(here.dataset.state ?? "");
  return owed && !here.querySelector(".halves details[open]");
}

/** What came in asks for attention; what is no routine does so until answered. @param {boolean} isNew */
function wake(isNew) {
  const here = article()?.dataset;
  if (isLoud()) ringWhile(isLoud);
  else if (isNew && !isHushed(here) && UNANSWERED.includes(here?.state ?? "")) ring();
}

function oneTap() {
  main.inert = true;
  setTimeout(() => (main.inert = false), SECOND_TAP_MS);
}

main.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if ("site" in form.dataset) {
    event.preventDefault();
    oneTap();
    void site().then(({ tellSite }) => tellSite(form, pressed));
    return;
  }
  if ("team" in form.dataset) {
    event.preventDefault();
    void team().then(({ tellTeam }) => tellTeam(form));
    return;
  }
  if ("ticks" in form.dataset && pressed) {
    event.preventDefault();
    oneTap();
    void ticks().then(({ tick }) => tick(form, pressed));
    return;
  }
  const here = article();
  if (!here || !form.dataset.kind) return;
  event.preventDefault();
  const fields = new FormData(form);
  const note = String(fields.get("note") ?? "");
  const what = `${(pressed ?? form.querySelector("button"))?.textContent?.trim()} · ${main.querySelector("h1")?.textContent ?? ""}`;
  form.reset();
  form.closest("details")?.removeAttribute("open");
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  oneTap();
  void keep(here, pressed?.value || form.dataset.kind, note, what, form.dataset.notice, offered(fields));
});

follow({
  topics: words.topics ?? "order",
  after: Number(words.after),
  onEvent: ({ topic, ref }) => void (topic === "order" || ref === words.account ? refresh() : undefined),
  onReset: () => void refresh(),
  onState: (open) => {
    lost.hidden = open && lost.textContent !== words.full;
    if (open) hurry();
  },
});
addEventListener("offline", () => (lost.hidden = false));
// A stream that outlived the gap opens no second time.
addEventListener("online", () => void refresh());
document.addEventListener("visibilitychange", settle);

async function keepHere() {
  opens = await keepPages(words.account ?? "", ["/outbox"], ["/static/js/crew-site.js", "/static/js/crew-team.js", "/static/js/crew-ticks.js", "/static/js/arrival.js"]);
  /** @type {HTMLElement} */ (document.getElementById("opens-offline")).hidden = !opens;
}

void startSteps(changed).then(keepHere).catch(() => undefined).finally(() => ringWhile(isLoud));
