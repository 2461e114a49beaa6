// The classes of a susceptibility map over the base map: five tints of one colour, no warning colour.

import { drawPlace } from "./place-map.js";

const TINTS = ["match", ["get", "class"], 5, "#3b1a6e", 4, "#6f4bab", 3, "#a48fce", 2, "#d3c9e8", "#f1edf8"];
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
