// A proposed place with its records lit: each with the circle in which it may lie, and hot cells.

import { LngLatBounds } from "/static/vendor/maplibre-gl.mjs";
import { palette } from "./map-style.js";
import { drawPlace } from "./place-map.js";

const FONT = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];
const box = document.getElementById("evidence-map");
/** @type {any} */
const things = JSON.parse(box?.dataset.drawnThings ?? "{}");

/** @param {string} kind @returns {any} */
const only = (kind) => ["==", ["get", "kind"], kind];

/** @param {any} map */
function draw(map) {
  if (map.getSource("evidence")) return;
  const { ink, surface, tones } = palette();
  const [lit, hot] = [tones.blue.fill, tones.orange.fill];
  map.addSource("evidence", { type: "geojson", data: things });
  map.addLayer({ id: "evidence-hot", type: "fill", source: "evidence", filter: only("hot"), paint: { "fill-color": hot, "fill-opacity": 0.25 } });
  map.addLayer({ id: "evidence-doubt", type: "fill", source: "evidence", filter: only("doubt"), paint: { "fill-color": lit, "fill-opacity": 0.12 } });
  map.addLayer({ id: "evidence-edge", type: "line", source: "evidence", filter: only("doubt"), paint: { "line-color": lit, "line-width": 1.5 } });
  map.addLayer({ id: "evidence-record", type: "circle", source: "evidence", filter: only("record"), paint: { "circle-radius": 6, "circle-color": lit, "circle-stroke-color": surface, "circle-stroke-width": 2 } });
  map.addLayer({ id: "evidence-day", type: "symbol", source: "evidence", filter: ["!=", ["get", "text"], ""], layout: { "text-field": ["get", "text"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.8] }, paint: { "text-color": ink, "text-halo-color": surface, "text-halo-width": 1.5 } });
}

/** @param {any} shape @returns {[number, number][]} */
const corners = (shape) => (shape.type === "Point" ? [shape.coordinates] : shape.coordinates.flat());

if (box) {
  const around = new LngLatBounds();
  for (const one of things.features ?? []) {
    if (one.properties.kind !== "hot") corners(one.geometry).forEach((spot) => around.extend(spot));
  }
  void drawPlace(box).then(({ map }) => {
    map.on("style.load", () => draw(map));
    if (map.isStyleLoaded()) draw(map);
    if (!around.isEmpty()) map.fitBounds(around, { padding: 40, maxZoom: 16, duration: 0 });
  });
}
