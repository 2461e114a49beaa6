// My calls: they come in by themselves, ring, and tell the desk what this page received and showed.

import { sayCurrent, sayLine } from "./line-state.js";
import { busy, follow, load, onceAtATime } from "./live.js";
import { ring, ringWhile } from "./ring.js";

const LOOK_AGAIN_MS = 60_000;
const here = document.body.dataset;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const lost = /** @type {HTMLElement} */ (document.getElementById("line-lost"));
/** @type {Set<string>} */
const told = new Set();

/** @typedef {{call_id: string, kind: "delivered" | "seen", rungs: string[]}} Receipt */

/** Tell once for each rung; what could not be told is told with the next. @param {Receipt[]} receipts */
async function tell(receipts) {
  const fresh = receipts.filter((each) => !told.has(key(each)));
  if (!fresh.length) return;
  fresh.forEach((each) => told.add(key(each)));
  const body = JSON.stringify({ receipts: fresh });
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/api/v1/calls/receipts", { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok) fresh.forEach((each) => told.delete(key(each)));
}

/** @param {Receipt} receipt */
const key = (receipt) => `${receipt.kind} ${receipt.call_id} ${receipt.rungs.join()}`;

/** A card of many names each of its matters with the rungs it shows. @param {Element} card @param {"delivered" | "seen"} kind @returns {Receipt[]} */
function receipts(card, kind) {
  const { call = "", rungs = "" } = /** @type {HTMLElement} */ (card).dataset;
  const many = /** @type {HTMLInputElement | null} */ (card.querySelector("input[name=called]"))?.value.split(" ");
  if (!many) return [{ call_id: call, kind, rungs: rungs.split(" ") }];
  return many.map((each) => ({ call_id: each.slice(0, 36), kind, rungs: each.slice(37).split(",") }));
}

const cards = () => [...main.querySelectorAll("article[data-owed='1']")];

const eyes = new IntersectionObserver((entries) => {
  if (document.hidden) return;
  void tell(entries.filter((entry) => entry.isIntersecting).flatMap((entry) => receipts(entry.target, "seen")));
}, { threshold: 0.5 });

/** Tell what is here now, and watch until it stands before somebody's eyes. */
function look() {
  void tell(cards().flatMap((card) => receipts(card, "delivered")));
  eyes.disconnect();
  for (const card of cards()) eyes.observe(card);
}

const refresh = onceAtATime(async () => {
  const fresh = (await load(location.pathname + location.search)).getElementById("main");
  if (!fresh) return;
  const before = new Set(cards().map((card) => card.id));
  const waiting = busy(main, () => void refresh());
  // Under somebody's hands nothing moves, but a new call does not wait for that.
  if (waiting) main.prepend(...[...fresh.querySelectorAll("article[data-owed='1']")].filter((card) => !main.querySelector(`#${card.id}`)));
  else main.innerHTML = fresh.innerHTML;
  look();
  if (cards().some((card) => !before.has(card.id))) scrollTo({ top: 0 });
  ringWhile(isLoud);
}, sayCurrent);

/** Does somebody wait who may not wait? Who writes why he cannot is left in peace. */
const isLoud = () => main.querySelector("article[data-loud]") !== null && !main.querySelector("article[data-loud] .halves details[open]");

follow({
  topics: "call",
  after: Number(here.after),
  onEvent: (event) => {
    void refresh();
    if (event.kind === "rings" && event.ref === here.account && !isLoud()) ring();
  },
  onReset: () => void refresh(),
  onState: (open) => {
    const back = open && !lost.hidden;
    lost.hidden = open;
    sayLine(open);
    if (back) void refresh();
  },
});
document.addEventListener("visibilitychange", () => !document.hidden && void refresh().then(look));
setInterval(() => void refresh(), LOOK_AGAIN_MS);
look();
ringWhile(isLoud);
