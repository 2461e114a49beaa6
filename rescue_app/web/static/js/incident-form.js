// Where it is and how far it reaches: a click sets the place or adds a corner of the area; the
// numbers draw as well. Without a map they are enough.

import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const DIGITS = 6;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$/;
const box = /** @type {HTMLElement} */ (document.getElementById("pick-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("draw-tools"));
const area = /** @type {HTMLTextAreaElement} */ (document.getElementById("area"));
const [lon, lat] = ["lon", "lat"].map((id) => /** @type {HTMLInputElement} */ (document.getElementById(id)));

const chosen = () => /** @type {HTMLInputElement} */ (tools.querySelector(":checked")).value;

/** @returns {[number, number][]} */
const corners = () => area.value.split("\n").flatMap((line) => {
  const found = PAIR.exec(line);
  return found ? [/** @type {[number, number]} */ ([Number(found[1]), Number(found[2])])] : [];
});

/** @returns {any} the corners, and from the third on the area */
function drawn() {
  const ring = corners();
  const shapes = [/** @type {any} */ ({ type: "MultiPoint", coordinates: ring })];
  if (ring.length > 2) shapes.push({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  return { type: "FeatureCollection", features: shapes.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

async function start() {
  box.hidden = tools.hidden = false;
  const { map, mark } = await drawPlace(box);
  const show = () => {
    const source = /** @type {any} */ (map.getSource("area"));
    if (source) return source.setData(drawn());
    const { ink, grades } = palette();
    map.addSource("area", { type: "geojson", data: drawn() });
    const ring = /** @type {any} */ (["==", ["geometry-type"], "Polygon"]);
    map.addLayer({ id: "area", type: "fill", source: "area", filter: ring, paint: { "fill-color": grades.I.fill, "fill-opacity": 0.15 } });
    map.addLayer({ id: "area-edge", type: "line", source: "area", filter: ring, paint: { "line-color": grades.I.fill, "line-width": 2.5 } });
    map.addLayer({ id: "area-corners", type: "circle", source: "area", filter: ["!", ring], paint: { "circle-color": ink, "circle-radius": 4 } });
  };
  const typed = () => {
    const place = { lng: Number.parseFloat(lon.value), lat: Number.parseFloat(lat.value) };
    if (!Number.isFinite(place.lng) || !Number.isFinite(place.lat) || Math.abs(place.lat) > 85) return;
    mark(place);
    map.easeTo({ center: [place.lng, place.lat] });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  area.addEventListener("input", show);
  for (const field of [lon, lat]) field.addEventListener("change", typed);
  map.on("click", ({ lngLat }) => {
    const [east, north] = [lngLat.lng.toFixed(DIGITS), lngLat.lat.toFixed(DIGITS)];
    if (chosen() === "area") {
      area.value = `${area.value.trimEnd()}\n${east} ${north}`.trimStart();
      return show();
    }
    [lon.value, lat.value] = [east, north];
    mark(lngLat);
  });
  document.getElementById("last-away")?.addEventListener("click", () => {
    area.value = area.value.trimEnd().split("\n").slice(0, -1).join("\n");
    show();
  });
}

start().catch(() => (box.hidden = tools.hidden = true));
