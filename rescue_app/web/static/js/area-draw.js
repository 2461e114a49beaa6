// An area as corners in a text field, one a line, with an empty line between two parts: clicks on a
// map add corners, what is typed is drawn as well.

import { palette } from "./map-style.js";

const DIGITS = 6;
const NEAR_ZOOM = 15;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$/;

/** @param {string} text @returns {[number, number][]} */
const corners = (text) => text.split("\n").flatMap((line) => {
  const found = PAIR.exec(line);
  return found ? [/** @type {[number, number]} */ ([Number(found[1]), Number(found[2])])] : [];
});

/** @param {string} text @returns {any} the corners, and from the third on the area of each part */
function drawn(text) {
  const rings = text.split(/\n\s*\n/).map(corners).filter((ring) => ring.length);
  const shapes = [/** @type {any} */ ({ type: "MultiPoint", coordinates: rings.flat() })];
  for (const ring of rings) if (ring.length > 2) shapes.push({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  return { type: "FeatureCollection", features: shapes.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

/** Show all of what stands in the field. @param {import("/static/vendor/maplibre-gl.mjs").Map} map @param {string} text */
function goTo(map, text) {
  const found = corners(text);
  if (!found.length) return;
  const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
  const box = /** @type {[number, number, number, number]} */ ([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  if (Math.max(...ys.map(Math.abs)) < 85) map.fitBounds(box, { padding: 40, maxZoom: NEAR_ZOOM, duration: 0 });
}

/**
 * Draw what stands in the field, in a colour that may change; what was typed is gone to.
 * @param {import("/static/vendor/maplibre-gl.mjs").Map} map @param {HTMLTextAreaElement} field
 * @param {() => {fill: string, ink: string}} paint
 */
export function drawArea(map, field, paint) {
  const show = () => {
    const { fill, ink } = paint();
    const source = /** @type {any} */ (map.getSource("area"));
    if (source) {
      source.setData(drawn(field.value));
      map.setPaintProperty("area", "fill-color", fill);
      return map.setPaintProperty("area-edge", "line-color", fill);
    }
    map.addSource("area", { type: "geojson", data: drawn(field.value) });
    const ring = /** @type {any} */ (["==", ["geometry-type"], "Polygon"]);
    map.addLayer({ id: "area", type: "fill", source: "area", filter: ring, paint: { "fill-color": fill, "fill-opacity": 0.22 } });
    map.addLayer({ id: "area-rim", type: "line", source: "area", filter: ring, paint: { "line-color": palette().surface, "line-width": 7 } });
    map.addLayer({ id: "area-edge", type: "line", source: "area", filter: ring, paint: { "line-color": fill, "line-width": 3.5 } });
    map.addLayer({ id: "area-corners", type: "circle", source: "area", filter: ["!", ring], paint: { "circle-color": palette().surface, "circle-stroke-color": ink, "circle-stroke-width": 2.5, "circle-radius": 5 } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  field.addEventListener("input", (event) => {
    show();
    if (/** @type {InputEvent} */ (event).inputType === "insertFromPaste") goTo(map, field.value);
  });
  field.addEventListener("change", () => goTo(map, field.value));
  goTo(map, field.value);
  document.getElementById("last-away")?.addEventListener("click", () => {
    field.value = field.value.trimEnd().split("\n").slice(0, -1).join("\n");
    show();
  });
  document.getElementById("next-part")?.addEventListener("click", () => {
    if (field.value.trim()) field.value = `${field.value.trimEnd()}\n\n`;
  });
  const add = (/** @type {{lng: number, lat: number}} */ at) => {
    const begun = /\n\s*\n$/.test(field.value) ? field.value : field.value.trimEnd() + (field.value.trim() ? "\n" : "");
    field.value = `${begun}${at.lng.toFixed(DIGITS)} ${at.lat.toFixed(DIGITS)}`.trimStart();
    show();
  };
  return { show, add };
}
