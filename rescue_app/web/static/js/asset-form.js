// Where an asset lies: each click on the small map adds a place to the text, and the text draws.
// A kind that is a point has one place, every other as many as its line needs.

import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const DIGITS = 6;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$/;
const box = /** @type {HTMLElement} */ (document.getElementById("asset-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("asset-map-tools"));
const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("place"));
const onlyOne = box.dataset.geometry === "point";

/** @returns {[number, number][][]} the parts that the text says, each with its places */
function parts() {
  return field.value.split(/\n\s*\n/).map((part) => part.split("\n").flatMap((line) => {
    const found = PAIR.exec(line);
    return found ? [/** @type {[number, number]} */ ([Number(found[1]), Number(found[2])])] : [];
  })).filter((part) => part.length);
}

/** @returns {any} the same as GeoJSON: the lines, and every place on them */
function drawn() {
  const said = parts();
  const features = said.filter((part) => part.length > 1).map((part) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: part } }));
  const spots = { type: "Feature", properties: {}, geometry: { type: "MultiPoint", coordinates: said.flat() } };
  return { type: "FeatureCollection", features: [...features, spots] };
}

async function start() {
  box.hidden = tools.hidden = false;
  const first = parts().flat()[0];
  if (first) [box.dataset.lon, box.dataset.lat] = first.map(String);
  const { map, mark } = await drawPlace(box);
  const show = () => {
    const at = parts().flat()[0];
    if (at) mark({ lng: at[0], lat: at[1] });
    const source = /** @type {any} */ (map.getSource("asset"));
    if (source) return source.setData(drawn());
    const ink = palette().ink;
    map.addSource("asset", { type: "geojson", data: drawn() });
    map.addLayer({ id: "asset-line", type: "line", source: "asset", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": ink, "line-width": 4 } });
    map.addLayer({ id: "asset-spots", type: "circle", source: "asset", paint: { "circle-color": ink, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  field.addEventListener("input", show);
  map.on("click", ({ lngLat }) => {
    const spot = `${lngLat.lng.toFixed(DIGITS)} ${lngLat.lat.toFixed(DIGITS)}`;
    field.value = onlyOne || !field.value.trim() ? spot : `${field.value.trimEnd()}\n${spot}`;
    show();
  });
  document.getElementById("last-away")?.addEventListener("click", () => {
    field.value = field.value.trimEnd().split("\n").slice(0, -1).join("\n");
    show();
  });
}

// Where no map can be drawn the numbers are enough.
start().catch(() => (box.hidden = tools.hidden = true));
