// Where an incident is, its pin and the area that was drawn; and where a warning holds.

import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const box = document.getElementById("incident-map");
const PADDING = 32;

/** @param {any} shape @returns {[number, number, number, number]} */
function boundsOf(shape) {
  const places = shape.coordinates.flat(2);
  const lons = places.map((/** @type {number[]} */ place) => place[0]);
  const lats = places.map((/** @type {number[]} */ place) => place[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** @param {HTMLElement} place */
async function start(place) {
  const { map } = await drawPlace(place);
  if (!place.dataset.shape) return;
  const data = JSON.parse(place.dataset.shape);
  const show = () => {
    if (map.getSource("extent")) return;
    const { fill } = palette().tones[place.dataset.tone ?? "red"];
    map.addSource("extent", { type: "geojson", data });
    map.addLayer({ id: "extent", type: "fill", source: "extent", paint: { "fill-color": fill, "fill-opacity": 0.15 } });
    map.addLayer({ id: "extent-edge", type: "line", source: "extent", paint: { "line-color": fill, "line-width": 2.5 } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  map.fitBounds(boundsOf(data), { padding: PADDING, animate: false, maxZoom: 15 });
}

if (box) start(box).catch(() => box.closest(".card")?.remove());
