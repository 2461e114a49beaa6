// What a crew says of its orders, in the phone's one queue (visits.js): under ids made here, in the
// order of the deeds, until the server has it.

import { newId } from "./ids.js";
import { onceAtATime } from "./live.js";
import { all, keep, send, sendAll, watch } from "./visits.js";

/** @typedef {import("./visits.js").Step} Step */
/** @typedef {import("./visits.js").KeptOf<Step>} Said */

const PAUSE_MS = 2_000;
const account = document.body.dataset.account ?? "";
/** What was said and is not sent, as the page shows it at once. @type {Said[]} */
let here = [];
/** What a full store could not take: it goes out from this page alone. @type {Map<string, Said>} */
const loose = new Map();

/** Whose log a step is for, a crew's or a member's: its number, where it is sent, its page.
 * @typedef {{hop: string, endpoint: string, page: string}} Log */

/** A step as it is kept. @param {Log} log @param {string} what @param {boolean} quiet @param {Step} visit
 * @returns {Said} */
const said = (log, what, quiet, visit) => ({ ...log, id: visit.id, what, quiet, visit, account });

/** What was said and is not sent yet, refused ones too; oldest first. */
export const unsent = () => here;

/** Does it lie in the phone's store, or is it refused? Only then is it said so. @param {Said} one */
export const isKept = (one) => Boolean(one.because) || !loose.has(one.id);

let tell = () => {};
const recall = onceAtATime(async () => {
  const stored = await all().catch(() => null);
  if (!stored) return; // a browser without a store: what is said goes out all the same
  const kept = /** @type {Said[]} */ (stored.filter((one) => one.hop && !one.off_at));
  kept.forEach((one) => loose.delete(one.id));
  here = [...kept.filter((one) => !one.sent_at), ...loose.values()];
  tell();
});

/** Begin: what waits in the phone is shown and sent; hear of every change. @param {() => void} work */
export async function startSteps(work) {
  tell = work;
  watch(() => void recall());
  await recall();
  void sendAll();
}

/** Keep a step and send it. Tells whether the phone's store took it.
 * @param {Log} log @param {string} what @param {Omit<Step, "id" | "done_at">} step */
export async function say(log, what, step) {
  const one = said(log, what, !what, { ...step, id: newId(), done_at: new Date().toISOString() });
  loose.set(one.id, one);
  here = [...here, one];
  return insist(one);
}

/** @param {Said} one */
async function insist(one) {
  const isIn = await keep(one);
  if (isIn) void sendAll();
  else void send(one).then((became) => {
    if (became === "kept") loose.delete(one.id);
    else if (became !== "refused") setTimeout(() => void insist(one), PAUSE_MS);
    void recall();
  });
  return isIn;
}
