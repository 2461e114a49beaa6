// The classes of a susceptibility map over the base map: five tints of one colour, no warning colour.

import { drawPlace } from "./place-map.js";

const tint = (/** @type {number} */ n) => getComputedStyle(document.documentElement).getPropertyValue(`--likely-${n}`).trim();
const TINTS = ["match", ["get", "class"], ...[5, 4, 3, 2].flatMap((n) => [n, tint(n)]), tint(1)];
const box = document.getElementById("susceptibility-map");

/** @param {any} map */
function draw(map) {
  if (map.getSource("susceptibility")) return;
  const tiles = [`${location.origin}/api/v1/tiles/susceptibility/{z}/{x}/{y}.mvt?run=${box?.dataset.run}`];
  map.addSource("susceptibility", { type: "vector", tiles, maxzoom: 14 });
  map.addLayer({ id: "susceptibility", type: "fill", source: "susceptibility", "source-layer": "susceptibility", paint: { "fill-color": TINTS, "fill-opacity": 0.65, "fill-antialias": false } });
}

if (box) {
  void drawPlace(box).then(({ map }) => {
    map.on("style.load", () => draw(map));
    if (map.isStyleLoaded()) draw(map);
  });
}
