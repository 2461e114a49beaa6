// Where it is and how far it reaches: a click sets the place or adds a corner of the area; the
// numbers draw as well. Without a map they are enough.

import { drawArea } from "./area-draw.js";
import { Search } from "./map-search.js";
import { palette } from "./map-style.js";
import { drawPlace, NEAR_ZOOM, takePlaces } from "./place-map.js";

const DIGITS = 6;
const box = /** @type {HTMLElement} */ (document.getElementById("pick-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("draw-tools"));
const area = /** @type {HTMLTextAreaElement} */ (document.getElementById("area"));
const [lon, lat] = ["lon", "lat"].map((id) => /** @type {HTMLInputElement} */ (document.getElementById(id)));

const chosen = () => /** @type {HTMLInputElement} */ (tools.querySelector(":checked")).value;

const search = /** @type {HTMLElement} */ (document.querySelector(".place-search"));

function find() {
  search.hidden = false;
  const input = /** @type {HTMLInputElement} */ (search.querySelector("input"));
  // Enter takes what was found; it sends nothing.
  input.form?.addEventListener("submit", (event) => event.preventDefault());
  const onHit = (/** @type {import("./map-search.js").Hit} */ hit) => {
    if (hit.lon === null || hit.lat === null) return;
    [input.value, lon.value, lat.value] = [hit.name, hit.lon.toFixed(DIGITS), hit.lat.toFixed(DIGITS)];
    lat.dispatchEvent(new Event("change", { bubbles: true }));
  };
  new Search({ words: JSON.parse(input.dataset.words ?? "{}"), onHit });
}

async function start() {
  box.hidden = tools.hidden = false;
  const { map, mark } = await drawPlace(box);
  const { add } = drawArea(map, area, () => ({ fill: palette().grades.I.fill, ink: palette().ink }));
  const typed = () => {
    const place = { lng: Number.parseFloat(lon.value), lat: Number.parseFloat(lat.value) };
    if (!Number.isFinite(place.lng) || !Number.isFinite(place.lat) || Math.abs(place.lat) > 85) return;
    mark(place);
    map.easeTo({ center: [place.lng, place.lat], zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
  };
  // What was typed or found before the map was there.
  if (!area.value.trim()) typed();
  for (const field of [lon, lat]) field.addEventListener("change", typed);
  takePlaces(map, (place) => {
    if (chosen() === "area") return add(place);
    [lon.value, lat.value] = [place.lng.toFixed(DIGITS), place.lat.toFixed(DIGITS)];
    mark(place);
  });
}

find();
start().catch(() => (box.hidden = tools.hidden = true));
