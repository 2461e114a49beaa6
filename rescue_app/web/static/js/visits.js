// What was answered in the field stays in the phone's store until the server has it: kept, sent,
// with the street for review, or refused and why. Each answer has its own id, so that sending it
// twice is sending it once. Answers and what goes with them are one queue, one person's at a time.

import { attachmentsOf, dropAhead, dropAttachment, keepAttachment, sendAhead, sendAttachments } from "./attachments.js";
import { alter, all as shelf, get, putAll, remove } from "./field-store.js";
import { forgetPages } from "./round-pages.js";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;
const SHOWN_MS = 12 * 3_600_000;

/** @typedef {import("./attachments.js").Attachment} Attachment */
/** @typedef {{id: string, code?: string, asset_id?: string, outcome: string,
 *   answers: Record<string, string>,
 *   note: string, done_at: string, sent_at?: string, lon?: number, lat?: number,
 *   accuracy_m?: number, template_code?: string, template_version?: number,
 *   photos?: ReturnType<typeof import("./attachments.js").promised>[]}} Visit */
/** @typedef {{id: string, kind: string, note: string, done_at: string, notice_id?: string, code?: string,
 *   offer?: {target: string | null, due_at: string | null, means: string}}} Step
 *   of an order */
/** @typedef {{id: string, act: string, note: string, done_at: string, code: string, lon?: number,
 *   lat?: number, file_ids: string[]}} Deed
 *   done with a finding on site */
/** @typedef {{id: string, item: number, ticked: boolean, done_at: string}} Tick
 *   of an order's checklist */
/** @template {Visit | Step | Deed | Tick} T
 * @typedef {{id: string, endpoint: string, page: string, what: string, account: string,
 *   visit: T, hop?: string, quiet?: boolean, because?: string, sent_at?: number, conflict?: string,
 *   off_at?: number, overtaken?: boolean}} KeptOf
 *   what was said, of what, by whom, and where it goes; its id is the visit's. A step names its
 *   `hop` of an order; what the page says by itself is `quiet`. `off_at` is when somebody took a
 *   refused one off his list: it can be put back for as long as sent ones show */
/** @typedef {KeptOf<Visit | Step | Deed | Tick>} Kept */
/** @typedef {"kept" | "refused" | "later" | "stuck"} Outcome
 *   later: there is no line, or nobody to speak for; stuck: the server stumbles over this one */

const account = document.body.dataset.account ?? "";
const windows = "BroadcastChannel" in self ? new BroadcastChannel("yitong-answers") : null;
/** @type {Set<() => void>} */
const watchers = new Set();

/** Hear of every change, also by another window of the same phone. @param {() => void} work */
export function watch(work) {
  watchers.add(work);
  windows?.addEventListener("message", work);
}

function changed() {
  watchers.forEach((work) => work());
  windows?.postMessage("changed");
}

/** Keep an answer and what goes with it, all or nothing; tells whether the phone's store took it.
 * @param {Kept} kept @param {Attachment[]} [attachments] */
export async function keep(kept, attachments = []) {
  // Asked of the browser once more each time: what waits here is not to be cleared for room.
  void navigator.storage?.persist?.();
  pauseMs = FIRST_PAUSE_MS;
  const given = attachments.map((one) => ({ ...one, visit: kept.id }));
  /** @type {Record<string, {id: string}[]>} */
  const things = { answers: [kept], attachments: given };
  // A full or forbidden store: it still goes out from here, only a reload would lose it.
  const isKept = await putAll(things).then(() => true, () => false);
  changed();
  return isKept;
}

/** Note what became of an answer. @param {string} id @param {Partial<Kept>} more */
async function note(id, more) {
  await alter("answers", id, (kept) => ({ ...kept, ...more })).catch(() => undefined);
  changed();
}

/** Take a refused answer off the list, or put it back. @param {string} id @param {boolean} isOff */
export const takeOff = (id, isOff) => note(id, { off_at: isOff ? Date.now() : undefined });

/** Drop an answer and all that still goes with it. @param {string} id */
async function drop(id) {
  for (const one of await attachmentsOf(account)) if (one.visit === id) await dropAttachment(one.id);
  await remove("answers", id);
}

/** Send once more what was refused. @param {string} id */
export async function retry(id) {
  for (const one of await attachmentsOf(account)) {
    if (one.visit === id && one.because) await keepAttachment({ ...one, because: undefined });
  }
  await note(id, { because: undefined });
  await sendAll();
}

/** One answer, if it is here. @param {string} id @returns {Promise<Kept | undefined>} */
export const kept = (id) => get("answers", id).catch(() => undefined);

/** All of this person's, oldest first; what is long over is forgotten. @returns {Promise<Kept[]>} */
export async function all() {
  /** @type {Kept[]} */
  const found = await shelf("answers").catch(() => []);
  const mine = found.filter((one) => one.account === account);
  const waits = new Set((await attachmentsOf(account)).map((one) => one.visit));
  /** @param {Kept} one */
  const isOver = ({ id, sent_at, off_at }) => {
    const over = off_at ?? (waits.has(id) ? undefined : sent_at);
    return over !== undefined && over < Date.now() - SHOWN_MS;
  };
  for (const one of mine.filter(isOver)) await drop(one.id);
  const shown = mine.filter((one) => !isOver(one));
  return shown.sort((one, other) => one.visit.done_at.localeCompare(other.visit.done_at));
}

/** Send one, and keep what became of it. @param {Kept} kept @returns {Promise<Outcome>} */
export async function send(kept) {
  const ahead = await sendAhead(kept.account, kept.id);
  if (ahead.became === "later") return "later";
  if (ahead.became === "refused") return refused(kept, ahead.because);
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
    location.assign(`/sign-in?next=${encodeURIComponent(kept.page)}`); // stays kept
  }
  if (answer.status === 500) return "stuck";
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) return "later";
  const told = await answer.json().catch(() => null);
  // An answer that broke off on its way says nothing of what became of the visit.
  if (answer.ok && !told) return "later";
  if (answer.ok) {
    const overtaken = told.kept_as && "act" in kept.visit && told.kept_as !== kept.visit.act;
    await note(kept.id, { sent_at: Date.now(), overtaken, ...(told.conflict && { conflict: String(told.conflict) }) });
    await dropAhead(kept.account, kept.id);
    return "kept";
  }
  // Another person signed in on this phone meanwhile: it waits until its own is back.
  if (told?.code === "somebody_elses") return "later";
  return refused(kept, told?.detail ?? answer.status);
}

/** @param {Kept} kept @param {any} because @returns {Promise<Outcome>} */
async function refused(kept, because) {
  kept.because = String(because);
  await note(kept.id, { because: kept.because });
  return "refused";
}

let pauseMs = FIRST_PAUSE_MS;
let timer = 0;

function tryLater() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void sendAll(), pauseMs);
  pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
}

/** Send once all that was said, oldest first; tells whether all of it is through. What the server
 * stumbles over holds up its own order alone. */
async function sendWords() {
  const held = new Set();
  for (const one of await all()) {
    const lane = one.hop ?? one.id;
    if (one.sent_at || one.because || held.has(lane)) continue;
    const became = await send(one);
    if (became === "later") return false;
    if (became === "stuck") held.add(lane);
    else pauseMs = FIRST_PAUSE_MS;
  }
  return !held.size;
}

/** One run at a time; asked for meanwhile, it runs once more. Gives whether this call saw it through.
 * @param {() => Promise<boolean>} work */
function inTurn(work) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return false;
    running = true;
    try {
      while (again) {
        again = false;
        if (!(await work().catch(() => false))) return (tryLater(), false);
      }
      changed();
      return true;
    } finally {
      running = false;
    }
  };
}

const words = inTurn(sendWords);
const files = inTurn(() => sendAttachments(account));

/** Send what waits; at a dead line stop and try again later, for as long as it takes. What was said
 * meanwhile goes out after it, and does not wait behind a photo. */
export async function sendAll() {
  clearTimeout(timer);
  if (await words()) await files();
}

/** The line is back: what waits need not wait for its turn. */
export function hurry() {
  pauseMs = FIRST_PAUSE_MS;
  void sendAll();
}

addEventListener("online", hurry);
