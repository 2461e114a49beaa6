// What is said of households and of the patrol goes through the field's one queue: kept on the phone
// until the server has it; the page opens without a line too.

import { showKept } from "./crew-site.js";
import { busy, load } from "./live.js";
import { keepPages, keepShown } from "./round-pages.js";
import { all, keep, sendAll, watch } from "./visits.js";

const account = document.body.dataset.account ?? "";
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
let waiting = false;

/** @param {HTMLFormElement} form */
async function tell(form) {
  const fields = new FormData(form);
  const said = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  const path = new URL(form.action).pathname;
  const endpoint = `/api/v1${path}${path.endsWith("/patrols") ? "" : "/steps"}`;
  const about = { kind: said("kind") || undefined, confirms: said("confirms") || undefined };
  /** @type {any} */
  const visit = { id: said("id"), note: said("note"), done_at: new Date().toISOString(), ...about };
  const where = form.closest("article")?.querySelector("h2")?.textContent?.trim() ?? "";
  const what = [form.querySelector("button")?.textContent?.trim(), where].filter(Boolean).join(" · ");
  form.closest("details")?.removeAttribute("open");
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  await keep({ id: visit.id, endpoint, page: location.pathname, what, account, visit });
  waiting = true;
  await showKept();
  await showWaiting();
  await sendAll();
}

/** A household of which something waits here says what, and asks for nothing more meanwhile. */
async function showWaiting() {
  const waits = (await all()).filter((one) => !one.sent_at && !one.off_at && !one.because);
  for (const home of /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("article"))) {
    const mine = waits.filter((one) => one.endpoint.includes(`/${home.id.replace("move-", "")}/`));
    const line = home.querySelector("[data-waits]") ?? home.querySelector("h2")?.insertAdjacentElement("afterend", waitingLine());
    if (!line) continue;
    line.textContent = mine.map((one) => (document.body.dataset.queued ?? "").replace("{what}", one.what.split(" · ")[0])).join(" ");
    home.toggleAttribute("data-queued", mine.length > 0);
    line.toggleAttribute("hidden", !mine.length);
    for (const part of home.querySelectorAll("form, details")) part.toggleAttribute("hidden", mine.length > 0);
  }
}

function waitingLine() {
  const line = Object.assign(document.createElement("p"), { className: "band", role: "status" });
  line.dataset.waits = "";
  return line;
}

/** What was sent is on the server's page now. */
async function refresh() {
  const kept = document.getElementById("site-kept");
  if (!waiting || !kept?.hidden) return;
  waiting = false;
  const page = await load(location.pathname).catch(() => null);
  const fresh = page?.getElementById("main");
  if (fresh && busy(main, renew)) return;
  if (fresh) main.innerHTML = fresh.innerHTML;
  await showWaiting();
  if (page) void keepShown(account, page).catch(() => undefined);
}

/** What was opened without a line is what the phone had kept: the line brings what is true now. */
function renew() {
  waiting = true;
  void refresh();
}

addEventListener("online", renew);
main.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!("kept" in form.dataset)) return;
  event.preventDefault();
  void tell(form);
});
watch(() => {
  // What waited when the page was opened counts too.
  waiting ||= document.getElementById("site-kept")?.hidden === false;
  void showKept().then(showWaiting).then(refresh);
});
void showWaiting();
keepPages(account, ["/outbox"])
  .then((done) => document.getElementById("opens-offline")?.toggleAttribute("hidden", !done))
  .catch(() => undefined);
