// What was answered in the field stays in the phone until the server has it: kept, sent, or
// refused and why. Each answer has its own id, so that sending it twice is sending it once.

import { sendPhotos } from "./photos.js";
import { forgetPages } from "./round-pages.js";

const PREFIX = "yitong_visit:";
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const SENT_SHOWN_MS = 12 * 3_600_000;

/** @typedef {{id: string, code?: string, outcome: string, answers: Record<string, string>,
 *   note: string, done_at: string, sent_at?: string, lon?: number, lat?: number,
 *   accuracy_m?: number, template_code?: string, template_version?: number,
 *   photos?: ReturnType<typeof import("./photos.js").promised>[]}} Visit */
/** @typedef {{endpoint: string, page: string, what: string, account: string, visit: Visit,
 *   because?: string, sent_at?: number}} Kept what was said, of what, by whom, and where it goes */
/** @typedef {"kept" | "refused" | "later"} Outcome */

const account = document.body.dataset.account ?? "";
/** @type {Set<() => void>} */
const watchers = new Set();

/** Hear of every change. @param {() => void} work */
export function watch(work) {
  watchers.add(work);
  // Another window of the same phone sends too.
  addEventListener("storage", work);
}

/** Keep one; tells whether the phone's store took it. @param {Kept} kept */
export function keep(kept) {
  let isKept = true;
  try {
    localStorage.setItem(PREFIX + kept.visit.id, JSON.stringify(kept));
  } catch {
    // A full or forbidden store: it still goes out from here, only a reload would lose it.
    isKept = false;
  }
  watchers.forEach((work) => work());
  return isKept;
}

/** @param {string} id */
export function forget(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
  watchers.forEach((work) => work());
}

/** All of this person's, oldest first; what was sent long ago is forgotten. @returns {Kept[]} */
export function all() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    /** @type {Kept[]} */
    const found = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "{}"));
    const old = found.filter((one) => one.sent_at && one.sent_at < Date.now() - SENT_SHOWN_MS);
    old.forEach((one) => localStorage.removeItem(PREFIX + one.visit.id));
    const mine = found.filter((one) => one.account === account && !old.includes(one));
    return mine.sort((one, other) => one.visit.done_at.localeCompare(other.visit.done_at));
  } catch {
    return [];
  }
}

export const waiting = () => all().filter((one) => !one.sent_at && !one.because);

/** Send one, and keep what became of it. @param {Kept} kept @returns {Promise<Outcome>} */
export async function send(kept) {
  let answer;
  try {
    answer = await fetch(kept.endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ ...kept.visit, by: kept.account, sent_at: new Date().toISOString() }),
    });
  } catch {
    return "later";
  }
  if (answer.status === 401) {
    void forgetPages();
    location.assign(`/sign-in?next=${kept.page}`); // stays kept
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) return "later";
  if (answer.ok) {
    keep({ ...kept, sent_at: Date.now() });
    return "kept";
  }
  const told = await answer.json().catch(() => ({}));
  // Another person signed in on this phone meanwhile: it waits until its own is back.
  if (told.code === "somebody_elses") return "later";
  keep({ ...kept, because: String(told.detail ?? answer.status) });
  return "refused";
}

let pauseMs = FIRST_PAUSE_MS;
let timer = 0;
let sending = false;

function tryLater() {
  timer = window.setTimeout(() => void sendAll(), pauseMs);
  pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
}

/** Send what waits, oldest first; at a dead line stop and try again later, for as long as it takes. */
export async function sendAll() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (const kept of waiting()) {
      if ((await send(kept)) === "later") return tryLater();
      pauseMs = FIRST_PAUSE_MS;
    }
    if (!(await sendPhotos(account))) tryLater();
    watchers.forEach((work) => work());
  } finally {
    sending = false;
  }
}

addEventListener("online", () => {
  pauseMs = FIRST_PAUSE_MS;
  void sendAll();
});
