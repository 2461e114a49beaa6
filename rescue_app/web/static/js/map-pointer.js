// Where the pointer is, in the system that this person chose and keeps.

import { SYSTEMS } from "./map-crs.js";

const KEPT = "yitong.crs";

/** @param {import("/static/vendor/maplibre-gl.mjs").Map} map */
export function showPointer(map) {
  const place = document.getElementById("coordinates");
  const choice = /** @type {HTMLSelectElement | null} */ (document.getElementById("crs"));
  if (!place || !choice) return;
  choice.value = localStorage.getItem(KEPT) ?? "WGS84";
  if (!SYSTEMS[choice.value]) choice.value = "WGS84";
  let last = map.getCenter();
  const say = () => {
    const pair = SYSTEMS[choice.value]?.([last.lng, last.lat]) ?? [last.lng, last.lat];
    place.textContent = pair.map((degree) => degree.toFixed(6)).join(", ");
  };
  choice.addEventListener("change", () => {
    localStorage.setItem(KEPT, choice.value);
    say();
  });
  map.on("mousemove", (event) => {
    last = event.lngLat;
    say();
  });
  // Without a mouse it is the middle of the map.
  map.on("moveend", () => {
    last = map.getCenter();
    say();
  });
  say();
}
