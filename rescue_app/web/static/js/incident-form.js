// Where it is and how far it reaches: a click sets the place or adds a corner of the area; the
// numbers draw as well. Without a map they are enough.

import { drawArea } from "./area-draw.js";
import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const DIGITS = 6;
const box = /** @type {HTMLElement} */ (document.getElementById("pick-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("draw-tools"));
const area = /** @type {HTMLTextAreaElement} */ (document.getElementById("area"));
const [lon, lat] = ["lon", "lat"].map((id) => /** @type {HTMLInputElement} */ (document.getElementById(id)));

const chosen = () => /** @type {HTMLInputElement} */ (tools.querySelector(":checked")).value;

async function start() {
  box.hidden = tools.hidden = false;
  const { map, mark } = await drawPlace(box);
  const { add } = drawArea(map, area, () => ({ fill: palette().grades.I.fill, ink: palette().ink }));
  const typed = () => {
    const place = { lng: Number.parseFloat(lon.value), lat: Number.parseFloat(lat.value) };
    if (!Number.isFinite(place.lng) || !Number.isFinite(place.lat) || Math.abs(place.lat) > 85) return;
    mark(place);
    map.easeTo({ center: [place.lng, place.lat] });
  };
  for (const field of [lon, lat]) field.addEventListener("change", typed);
  map.on("click", ({ lngLat }) => {
    if (chosen() === "area") return add(lngLat);
    [lon.value, lat.value] = [lngLat.lng.toFixed(DIGITS), lngLat.lat.toFixed(DIGITS)];
    mark(lngLat);
  });
}

start().catch(() => (box.hidden = tools.hidden = true));
