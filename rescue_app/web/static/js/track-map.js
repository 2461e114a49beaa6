// A track on a small map.

import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const WIDE = 4;
const box = /** @type {HTMLElement} */ (document.getElementById("track-map"));
/** @type {[number, number][][]} */
const lines = JSON.parse(box.dataset.lines ?? "[]");
const { map } = await drawPlace(box);

function draw() {
  if (map.getSource("track")) return;
  const { ink } = palette();
  map.addSource("track", { type: "geojson", data: { type: "MultiLineString", coordinates: lines } });
  map.addLayer({ id: "track", type: "line", source: "track", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ink, "line-width": WIDE } });
}

if (map.isStyleLoaded()) draw();
map.on("styledata", () => map.isStyleLoaded() && draw());
map.on("load", draw);
