/** Plays the past of stations: asks for the page of each moment and puts its pictures in place. */

const player = /** @type {HTMLElement} */ (document.getElementById("player"));
const smalls = /** @type {HTMLElement} */ (document.getElementById("smalls"));
const until = /** @type {HTMLInputElement} */ (document.getElementById("until"));
const speed = /** @type {HTMLSelectElement} */ (document.getElementById("speed"));
const moment = /** @type {HTMLOutputElement} */ (document.getElementById("moment"));
const play = /** @type {HTMLButtonElement} */ (player.querySelector("[data-act=play]"));
const STEP_MIN = Number(player.dataset.stepMin);
const EVERY_MS = 1000;
const MINUTE_MS = 60_000;

let at = new Date(until.value).getTime();
let asking = false;
let timer = 0;

/** @param {number} time the city's clock, as the field shows it */
function written(time) {
  const local = new Date(time - new Date(time).getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, 16);
}

/** @param {number} to */
async function show(to) {
  if (asking) return;
  asking = true;
  const url = new URL(location.href);
  url.searchParams.set("until", written(to));
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = page.getElementById("until");
    const value = shown instanceof HTMLInputElement ? shown.value : until.value;
    smalls.replaceChildren(...(page.getElementById("smalls")?.children ?? []));
    if (new Date(value).getTime() < to - MINUTE_MS) pause();
    at = new Date(value).getTime();
    until.value = value;
    moment.value = value.replace("T", " ");
    history.replaceState(null, "", url);
  } catch {
    pause();
  } finally {
    asking = false;
  }
}

function pause() {
  clearInterval(timer);
  timer = 0;
  told();
}

function toggle() {
  if (timer) {
    pause();
    return;
  }
  let due = at;
  timer = setInterval(() => {
    due += Number(speed.value) * EVERY_MS;
    if (due - at >= MINUTE_MS && !asking) void show(due);
  }, EVERY_MS);
  told();
}

function told() {
  play.setAttribute("aria-pressed", String(Boolean(timer)));
  const words = play.querySelector("span");
  if (words) words.textContent = (timer ? player.dataset.pause : player.dataset.play) ?? "";
  play.querySelector("use")?.setAttribute("href", `/static/icons/ui.svg#${timer ? "pause" : "play"}`);
}

/** @param {number} steps */
function step(steps) {
  pause();
  void show(at + steps * STEP_MIN * MINUTE_MS);
}

/** @type {Record<string, () => void>} */
const ACTS = { back: () => step(-1), play: toggle, on: () => step(1) };
/** @type {Record<string, () => void>} */
const KEYS = { ArrowLeft: ACTS.back, ArrowRight: ACTS.on, " ": toggle };

player.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-act]") : null;
  if (button instanceof HTMLElement) ACTS[button.dataset.act ?? ""]?.();
});
document.addEventListener("keydown", (event) => {
  const on = event.target instanceof Element ? event.target : document.body;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (on.closest("input, select, textarea, a, button, summary")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
player.hidden = false;
player.dataset.armed = "";

export {};
