// The classes of a susceptibility map over the base map: five tints of one colour, no warning colour.

import { drawPlace } from "./place-map.js";

const tint = (/** @type {number} */ n) => getComputedStyle(document.documentElement).getPropertyValue(`--likely-${n}`).trim();
const tints = () => ["match", ["get", "class"], ...[5, 4, 3, 2].flatMap((n) => [n, tint(n)]), tint(1)];
const box = document.getElementById("susceptibility-map");
// The style of all maps has a "susceptibility" of its own, of every map; this one is the page's.
const OURS = "drawn-map";

/** @param {any} map */
function draw(map) {
  if (map.getSource(OURS)) return;
  const tiles = [`${location.origin}/api/v1/tiles/susceptibility/{z}/{x}/{y}.mvt?run=${box?.dataset.run}`];
  map.addSource(OURS, { type: "vector", tiles, maxzoom: 14 });
  const paint = { "fill-color": tints(), "fill-opacity": 0.65, "fill-antialias": false };
  // Below the points and the names, where the layer of all maps has its place.
  map.addLayer({ id: OURS, type: "fill", source: OURS, "source-layer": "susceptibility", paint }, "susceptibility");
}

if (box) {
  void drawPlace(box).then(({ map }) => {
    map.on("style.load", () => draw(map));
    if (map.isStyleLoaded()) draw(map);
  });
}
