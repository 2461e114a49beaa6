// The way begins where the phone is: asked once, then the list comes back in that order. What was
// answered on the way stands above it until the server has it, and the pages open without a network.

import "./outbox-list.js";
import { keepPages } from "./round-pages.js";

/** @typedef {import("./visits.js").Kept} Kept */

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
// The stops whose answer is still here are marked.
box.addEventListener("yitong:listed", (event) => {
  const kept = /** @type {CustomEvent<Kept[]>} */ (event).detail;
  const here = kept.filter((one) => !one.sent_at && !one.because).map((one) => one.page);
  for (const stop of document.querySelectorAll(".stops a")) {
    stop.classList.toggle("answered", here.includes(stop.getAttribute("href") ?? ""));
  }
});
const listAgain = () => box.dispatchEvent(new Event("yitong:list"));
if (list) new MutationObserver(listAgain).observe(list, { childList: true });
const stops = [...document.querySelectorAll(".stops a")].map((stop) => stop.getAttribute("href") ?? "");
const open = document.getElementById("opens-offline");
keepPages(document.body.dataset.account ?? "", ["/scan", "/outbox", ...stops])
  .then((done) => open && (open.hidden = !done))
  .catch(() => undefined); // a network that breaks off in between: the next round keeps the rest
