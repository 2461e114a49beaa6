// The way of whoever switched it on: noted only while this page is on the screen and its sign
// stands on it, kept on the phone, sent in batches with numbers, so that sent twice is sent once.

import { all, put, remove } from "./field-store.js";
import { metresTo } from "./ground.js";
import { newId } from "./ids.js";

/** @typedef {{id: string, track: string, account: string, n: number, at: string, lon: number,
 *   lat: number, accuracy_m: number}} Spot */
/** @typedef {{id: string, account: string, begun_at: string, ended_at: string | null, n: number,
 *   last: [number, number] | null, last_at: number, metres: number}} Track */

const KEY = "yitong_track:";
const APART_M = 12;
const LONGEST_GAP_MS = 60_000;
const MOST_BLUR_M = 60;
const BATCH = 200;
const SEND_EVERY_MS = 30_000;
const GONE = [404, 409, 410, 422];
const account = document.body.dataset.account ?? "";
/** @type {Set<() => void>} */
const watchers = new Set();
/** What stands in the way, as a word of the sign. @type {"" | "denied" | "full"} */
let trouble = "";
let watching = 0;

/** Hear of every change. @param {() => void} work */
export const onChange = (work) => void watchers.add(work);
const changed = () => watchers.forEach((work) => work());

/** This person's tracks that are not sent to their end. @returns {Track[]} */
function tracks() {
  try {
    return JSON.parse(localStorage.getItem(KEY + account) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {Track[]} found */
function write(found) {
  try {
    localStorage.setItem(KEY + account, JSON.stringify(found));
  } catch {
    trouble = "full";
  }
  changed();
}

/** @param {Track} track */
const save = (track) => write([...tracks().filter((one) => one.id !== track.id), track]);

export const current = () => tracks().find((track) => !track.ended_at);
export const hindered = () => trouble;

/** Begin, after the person agreed. */
export function begin() {
  trouble = "";
  save({ id: newId(), account, begun_at: new Date().toISOString(), ended_at: null, n: 0, last: null, last_at: 0, metres: 0 });
  watch();
}

/** Stop means stop: nothing is noted after this moment. */
export function stop() {
  unwatch();
  const track = current();
  if (track) save({ ...track, ended_at: new Date().toISOString() });
  void send();
}

/** @param {GeolocationPosition} position */
async function note({ coords, timestamp }) {
  const track = current();
  if (!track || document.hidden) return;
  trouble = trouble === "denied" ? "" : trouble;
  /** @type {[number, number]} */
  const here = [coords.longitude, coords.latitude];
  const away = track.last ? metresTo(here, [[track.last]]) : Infinity;
  if (coords.accuracy > MOST_BLUR_M || (away < APART_M && timestamp - track.last_at < LONGEST_GAP_MS)) return changed();
  const { n } = track;
  save({ ...track, n: n + 1, last: here, last_at: timestamp, metres: track.metres + (Number.isFinite(away) ? away : 0) });
  try {
    await put("spots", { id: `${track.id} ${n}`, track: track.id, account, n, at: new Date(timestamp).toISOString(), lon: here[0], lat: here[1], accuracy_m: coords.accuracy });
  } catch {
    trouble = "full";
  }
  changed();
}

function watch() {
  unwatch();
  if (document.hidden || !current() || !navigator.geolocation) return changed();
  watching = navigator.geolocation.watchPosition(
    (position) => void note(position),
    (error) => {
      if (error.code === error.PERMISSION_DENIED) trouble = "denied";
      changed();
    },
    { enableHighAccuracy: true, maximumAge: 5_000 },
  );
  return changed();
}

function unwatch() {
  if (watching) navigator.geolocation.clearWatch(watching);
  watching = 0;
}

/** @param {Track} track @param {Spot[]} spots @returns {Promise<boolean>} may more be sent */
async function sendSome(track, spots) {
  const answer = await fetch(`/api/v1/tracks/${track.id}/spots`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      by: account, begun_at: track.begun_at, ended_at: track.ended_at,
      spots: spots.map(({ n, at, lon, lat, accuracy_m }) => ({ n, at, lon, lat, accuracy_m })),
    }),
  });
  if (!answer.ok && !GONE.includes(answer.status)) return false;
  for (const spot of spots) await remove("spots", spot.id);
  if (answer.ok) {
    const { length_m } = await answer.json();
    const now = tracks().find((one) => one.id === track.id);
    if (now) save({ ...now, metres: length_m });
  }
  return true;
}

let sending = false;
/** Send what waits, the oldest first; stops at a dead line. */
export async function send() {
  if (sending || !account) return;
  sending = true;
  try {
    const waiting = (await all("spots")).filter((spot) => spot.account === account);
    for (const track of tracks()) {
      const mine = waiting.filter((spot) => spot.track === track.id).sort((one, other) => one.n - other.n);
      for (let from = 0; from < mine.length || (from === 0 && track.ended_at); from += BATCH) {
        if (!(await sendSome(track, mine.slice(from, from + BATCH)))) return;
      }
      if (track.ended_at) write(tracks().filter((one) => one.id !== track.id));
    }
  } catch {
    // No line: it waits here.
  } finally {
    sending = false;
  }
}

/** @param {number} metres */
export const lengthOf = (metres) => (metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(2)} km`);

/** The sign: wherever something is noted, the page says so, and stops it at one tap. */
function sign() {
  const line = document.getElementById("track-sign");
  if (!line) return;
  const track = current();
  line.hidden = !track;
  const said = trouble ? line.dataset[trouble] : line.dataset.noting?.replace("{length}", lengthOf(track?.metres ?? 0));
  /** @type {HTMLElement} */ (line.querySelector("span")).textContent = track ? (said ?? "") : "";
}

if (document.getElementById("track-sign")) {
  onChange(sign);
  document.querySelector("#track-sign button")?.addEventListener("click", stop);
  document.addEventListener("visibilitychange", () => (document.hidden ? unwatch() : watch()));
  addEventListener("pagehide", unwatch);
  addEventListener("storage", changed);
  addEventListener("online", () => void send());
  setInterval(() => void send(), SEND_EVERY_MS);
  watch();
  void send();
}
