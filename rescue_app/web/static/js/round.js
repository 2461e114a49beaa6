// The way begins where the phone is: asked once, then the list comes back in that order. What was
// answered on the way stands above it until the server has it, and the pages open without a network.

import { photosOf } from "./photos.js";
import { keepPages } from "./round-pages.js";
import { all, forget, sendAll, watch } from "./visits.js";

/** @typedef {import("./visits.js").Kept} Kept */
/** @typedef {import("./photos.js").Photo} Photo */

const PLACE_LIMIT_MS = 10_000;
const list = /** @type {HTMLElement | null} */ (document.querySelector(".round"));

// By the address, not by the page: without a network the page kept before is all there is.
if (list && !new URL(location.href).searchParams.has("lon")) {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      const there = new URL(location.href);
      there.searchParams.set("lon", coords.longitude.toFixed(6));
      there.searchParams.set("lat", coords.latitude.toFixed(6));
      location.replace(there);
    },
    () => undefined,
    { enableHighAccuracy: true, timeout: PLACE_LIMIT_MS, maximumAge: 60_000 },
  );
}

const box = /** @type {HTMLElement} */ (document.getElementById("outbox"));
const rows = /** @type {HTMLElement} */ (box.querySelector("ol"));
const model = /** @type {HTMLTemplateElement} */ (box.querySelector("template"));

/** @param {Kept} kept @param {Photo[]} photos */
function row(kept, photos) {
  const made = /** @type {HTMLElement} */ (model.content.cloneNode(true));
  const state = kept.sent_at ? "sent" : kept.because ? "refused" : "waiting";
  const line = /** @type {HTMLElement} */ (made.querySelector("li"));
  line.dataset.state = state;
  /** @type {HTMLElement} */ (made.querySelector("b")).textContent = kept.what;
  /** @type {HTMLElement} */ (made.querySelector("[data-word]")).textContent = box.dataset[state] ?? "";
  /** @type {HTMLElement} */ (made.querySelector("[data-because]")).textContent = kept.because ?? "";
  const mine = photos.filter((photo) => photo.visit === kept.visit.id);
  const told = mine.find((photo) => photo.because)?.because ?? box.dataset.photos ?? "";
  const left = /** @type {HTMLElement} */ (made.querySelector("[data-left]"));
  left.hidden = !mine.length;
  left.textContent = mine.length ? told.replace("{count}", String(mine.length)) : "";
  const acts = /** @type {HTMLElement} */ (made.querySelector("[data-acts]"));
  acts.hidden = state !== "refused";
  /** @type {HTMLAnchorElement} */ (acts.querySelector("a")).href = kept.page;
  acts.querySelector("button")?.addEventListener("click", () => forget(kept.visit.id));
  return made;
}

/** Show what was answered, and mark the stops whose answer is still here. */
async function show() {
  const photos = await photosOf(document.body.dataset.account ?? "");
  const kept = all();
  box.hidden = !kept.length;
  rows.replaceChildren(...kept.map((one) => row(one, photos)));
  const here = kept.filter((one) => !one.sent_at && !one.because).map((one) => one.page);
  for (const stop of document.querySelectorAll(".stops a")) {
    stop.classList.toggle("answered", here.includes(stop.getAttribute("href") ?? ""));
  }
}

watch(() => void show());
void show();
if (list) new MutationObserver(() => void show()).observe(list, { childList: true });
void sendAll();
const stops = [...document.querySelectorAll(".stops a")].map((stop) => stop.getAttribute("href") ?? "");
const open = document.getElementById("opens-offline");
keepPages(document.body.dataset.account ?? "", ["/scan", ...stops])
  .then((done) => open && (open.hidden = !done))
  .catch(() => undefined); // a network that breaks off in between: the next round keeps the rest
