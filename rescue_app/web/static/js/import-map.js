// Where the sample points of a file would lie, with the coordinates chosen beside it.

import { LngLatBounds } from "/static/vendor/maplibre-gl.mjs";
import { palette } from "./map-style.js";
import { drawPlace } from "./place-map.js";

const LAYER = "samples";

/** @returns {[number, number][]} */
function points() {
  const said = document.getElementById("sample-points")?.dataset.points;
  return said ? JSON.parse(said) : [];
}

/** @returns {any} */
function features() {
  const shown = points().map((place) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "Point", coordinates: place },
  }));
  return { type: "FeatureCollection", features: shown };
}

/** @param {any} map @param {LngLatBounds | null} home the reader's area */
function draw(map, home) {
  const source = map.getSource(LAYER);
  if (source) source.setData(features());
  else {
    map.addSource(LAYER, { type: "geojson", data: features() });
    const { ink, surface } = palette();
    const paint = { "circle-radius": 4, "circle-color": ink, "circle-stroke-color": surface, "circle-stroke-width": 1 };
    map.addLayer({ id: LAYER, type: "circle", source: LAYER, paint });
  }
  // One swapped row must not push the others out of sight: what lies in the area is shown near.
  const inside = points().filter((place) => home?.contains(place));
  const all = new LngLatBounds();
  for (const place of inside.length ? inside : points()) all.extend(place);
  if (!all.isEmpty()) map.fitBounds(all, { padding: 32, maxZoom: 12, animate: false });
}

async function start() {
  const box = /** @type {HTMLElement} */ (document.getElementById("check-map"));
  const { map } = await drawPlace(box);
  const home = box.dataset.bounds ? LngLatBounds.convert(JSON.parse(box.dataset.bounds)) : null;
  map.on("style.load", () => draw(map, home));
  if (map.isStyleLoaded()) draw(map, home);
  document.addEventListener("htmx:afterSwap", () => draw(map, home));
}

// Where no map can be drawn the sentence above it says how many points lie in the area.
start().catch(() => document.getElementById("check-map")?.remove());
