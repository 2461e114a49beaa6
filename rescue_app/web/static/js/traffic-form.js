// Where the way is closed and which way leads around: each click adds a line to the text that is
// chosen, and both texts draw. Without a map the numbers are enough.

import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const DIGITS = 6;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)/;
const box = /** @type {HTMLElement} */ (document.getElementById("traffic-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("traffic-tools"));

/** @param {string} id @returns {HTMLTextAreaElement} */
const field = (id) => /** @type {HTMLTextAreaElement} */ (document.getElementById(id));
const chosen = () => field(/** @type {HTMLInputElement} */ (tools.querySelector(":checked")).value);

/** @param {string} id @returns {[number, number][]} the places that a text says */
function places(id) {
  return field(id).value.split("\n").flatMap((line) => {
    const found = PAIR.exec(line);
    return found ? [/** @type {[number, number]} */ ([Number(found[1]), Number(found[2])])] : [];
  });
}

/** @returns {any} both as GeoJSON */
function drawn() {
  const line = places("detour");
  const shapes = [{ type: "MultiPoint", coordinates: places("stops") }];
  if (line.length) shapes.push(/** @type {any} */ ({ type: "LineString", coordinates: line.length > 1 ? line : [line[0], line[0]] }));
  return { type: "FeatureCollection", features: shapes.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

async function start() {
  box.hidden = tools.hidden = false;
  const { map } = await drawPlace(box);
  const show = () => {
    const source = /** @type {any} */ (map.getSource("traffic"));
    if (source) return source.setData(drawn());
    const { ink, grades } = palette();
    map.addSource("traffic", { type: "geojson", data: drawn() });
    map.addLayer({ id: "traffic-detour", type: "line", source: "traffic", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "round" }, paint: { "line-color": ink, "line-width": 4, "line-dasharray": [0.1, 2] } });
    map.addLayer({ id: "traffic-stops", type: "circle", source: "traffic", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": grades.I.fill, "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  for (const id of ["stops", "detour"]) field(id).addEventListener("input", show);
  map.on("click", ({ lngLat }) => {
    const text = chosen();
    text.value = `${text.value.trimEnd()}\n${lngLat.lng.toFixed(DIGITS)} ${lngLat.lat.toFixed(DIGITS)}`.trimStart();
    show();
  });
  document.getElementById("last-away")?.addEventListener("click", () => {
    const text = chosen();
    text.value = text.value.trimEnd().split("\n").slice(0, -1).join("\n");
    show();
  });
}

start().catch(() => (box.hidden = tools.hidden = true));
