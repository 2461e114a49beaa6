// One stream to the server; what was missed while away comes first, then everything as it happens.

import { tick } from "./clocks.js";

/** @typedef {{seq: number, topic: string, kind: string, ref: string | null}} Told */
/** @typedef {{topics: string, after: number, onEvent: (told: Told) => void, onReset: () => void,
 *   onState?: (open: boolean) => void}} Wish */

const WAIT_MS = 1000;

/** Follow the log from a number on, for as long as the page is open. @param {Wish} wish */
export function follow({ topics, after, onEvent, onReset, onState }) {
  let last = after;
  const open = () => {
    const line = new EventSource(`/live?topics=${topics}&after=${last}`);
    line.onopen = () => onState?.(true);
    line.onmessage = (message) => {
      /** @type {Told} */
      const told = JSON.parse(message.data);
      if (told.seq <= last) return;
      last = told.seq;
      onEvent(told);
    };
    line.addEventListener("reset", () => {
      last = 0;
      onReset();
    });
    line.onerror = () => {
      onState?.(false);
      // The browser comes back by itself, except after an answer that was not a stream.
      if (line.readyState === EventSource.CLOSED) setTimeout(open, WAIT_MS * (1 + 2 * Math.random()));
    };
  };
  open();
}

/** What was asked for is not given, and would not be if it was asked again. */
export class Refused extends Error {}

const AGAIN_MS = 1000;
const AGAIN_AT_MOST_MS = 10_000;

/** Wait before asking again, longer each time; without any network until it is there. @param {number} times */
function pause(times) {
  const ms = Math.min(AGAIN_MS * 2 ** times, AGAIN_AT_MOST_MS) * (0.5 + Math.random());
  return new Promise((resolve) => {
    if (navigator.onLine) setTimeout(resolve, ms);
    else addEventListener("online", resolve, { once: true });
  });
}

/**
 * Run a piece of work once at a time; asked for while it runs, it runs once more afterwards. What
 * fails is done again: the event that asked for it does not come twice, and a page would stay old.
 * @param {() => Promise<void>} work @param {(current: boolean) => void} [say]
 */
export function onceAtATime(work, say) {
  let running = false;
  let again = false;
  let failed = 0;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        try {
          await work();
          if (failed > 0) say?.(true);
          failed = 0;
        } catch (problem) {
          if (problem instanceof Refused) continue;
          again = true;
          say?.(false);
          await pause(failed);
          failed += 1;
        }
      }
    } finally {
      running = false;
    }
  };
}

/** Get a page of ours as a document, its times said as of now. @param {string} path */
export async function load(path) {
  const answer = await fetch(path, { headers: { accept: "text/html" } });
  if (answer.redirected || (!answer.ok && answer.status < 500)) throw new Refused(String(answer.status));
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  tick(page);
  return page;
}

const LETS_GO = ["focusout", "change", "toggle", "pointerup", "pointercancel", "keyup"];
// A tap is over a moment after the finger has left: only then has its click come.
const LETS_GO_MS = 300;
/** @type {Set<Element>} */
const awaited = new Set();

/**
 * Tell whether somebody is at work in this part, so that it must not change under his hands; the
 * work that had to wait is done once the hands have left it.
 * @param {Element} part @param {() => void} work
 */
export function busy(part, work) {
  if (!inUse(part)) return false;
  if (awaited.has(part)) return true;
  awaited.add(part);
  const look = () => setTimeout(() => {
    if (inUse(part) || !awaited.delete(part)) return;
    for (const end of LETS_GO) document.removeEventListener(end, look, true);
    work();
  }, LETS_GO_MS);
  for (const end of LETS_GO) document.addEventListener(end, look, true);
  return true;
}

/** @param {Element} part */
function inUse(part) {
  const active = document.activeElement;
  const typing = active?.matches("input, textarea, select") && part.contains(active);
  // A button that is drawn anew between press and release never hears of its click.
  const marked = part.querySelector(".holding, details[open], :active, [data-attach] li");
  // Between typing a note and pressing the button the focus is nowhere: the words still count.
  /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */
  const fields = part.querySelectorAll("input, textarea");
  const written = [...fields].some(
    (field) => field.value !== field.defaultValue || ("checked" in field && field.checked !== field.defaultChecked),
  );
  return Boolean(typing || marked || written);
}
