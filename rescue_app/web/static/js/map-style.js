// The map's style, made from the page's own colours: light and dark follow the tokens, and no
// other colour than a warning stands on it. No glyph server: labels are drawn with the device's fonts.

import { shown } from "./map-layers.js";

/** @typedef {{fill: string, on: string}} Paint */
/** @typedef {{land: string, dim: string, outside: string, line: string, label: string, halo: string,
 *   surface: string, rest: string, ink: string, text: string, grades: Record<string, Paint>}} Palette */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").StyleSpecification} Style */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").LayerSpecification} Layer */

/** Counting below, drawing from here on; the server changes at the same zoom. */
export const CROSSOVER = 11;
const FONTS = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];
const GRADE_TONES = { I: "red", II: "orange", III: "yellow", IV: "blue" };

/** @returns {Palette} */
export function palette() {
  const tokens = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => tokens.getPropertyValue(`--${name}`).trim();
  const grades = Object.fromEntries(
    Object.entries(GRADE_TONES).map(([grade, tone]) => [grade, { fill: token(tone), on: token(`on-${tone}`) }]),
  );
  return {
    land: token("map-land"), dim: token("map-dim"), outside: token("map-outside"), line: token("map-line"),
    label: token("map-label"), halo: token("map-halo"), surface: token("surface"), rest: token("line"),
    ink: token("ink"), text: token("text"),
    grades: { ...grades, none: { fill: token("muted"), on: token("surface") } },
  };
}

/** @param {string} focus @returns {any} holds for areas in the district in focus */
const inFocus = (focus) => ["==", ["slice", ["get", "path"], 0, focus.length], focus];

/** @param {Palette} c @param {string} focus @returns {Layer[]} */
function areaLayers(c, focus) {
  const source = { source: "areas", "source-layer": "areas" };
  const level = (/** @type {string} */ name) => /** @type {any} */ (["==", ["get", "level"], name]);
  return [
    { id: "ground", type: "background", paint: { "background-color": c.outside } },
    { id: "city", type: "fill", ...source, filter: level("city"), paint: { "fill-color": c.dim } },
    { id: "districts", type: "fill", ...source, filter: level("district"),
      paint: { "fill-color": ["case", inFocus(focus), c.land, c.dim], "fill-outline-color": c.dim } },
    { id: "focus-street", type: "fill", ...source, filter: ["all", level("street"), inFocus(focus)],
      paint: { "fill-color": c.land } },
    { id: "street-lines", type: "line", ...source, minzoom: 9, filter: level("street"),
      paint: { "line-color": c.line, "line-opacity": ["interpolate", ["linear"], ["zoom"], 9, 0.25, 11, 0.7],
        "line-width": 0.8, "line-dasharray": [3, 2] } },
    { id: "district-lines", type: "line", ...source, filter: level("district"), layout: { "line-join": "round" },
      paint: { "line-color": c.line, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.8, 11, 1.8] } },
    { id: "focus-line", type: "line", ...source, filter: ["==", ["get", "path"], focus], layout: { "line-join": "round" },
      paint: { "line-color": c.ink, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 1.6, 11, 2.6] } },
  ];
}

/** @param {Palette} c @param {string} locale @param {string} focus @returns {Layer[]} */
function labelLayers(c, locale, focus) {
  const source = { source: "areas", "source-layer": "labels" };
  const name = /** @type {any} */ (["get", locale === "zh" ? "name" : "name_en"]);
  const look = { "text-color": c.label, "text-halo-color": c.halo, "text-halo-width": 1.4 };
  const order = /** @type {any} */ (["-", 0, ["get", "population"]]);
  return [
    { id: "street-names", type: "symbol", ...source, minzoom: 9.5, filter: ["==", ["get", "level"], "street"],
      layout: { "text-field": name, "text-font": FONTS, "text-size": 11, "symbol-sort-key": order, "text-padding": 4 },
      paint: { ...look, "text-opacity": 0.8 } },
    { id: "district-names", type: "symbol", ...source, maxzoom: 12, filter: ["==", ["get", "level"], "district"],
      layout: { "text-field": name, "text-font": FONTS, "symbol-sort-key": order, "text-padding": 2, "text-letter-spacing": 0.06,
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 1.9,
        "text-size": ["interpolate", ["linear"], ["zoom"], 6, 11, 10, 16] },
      paint: { ...look, "text-opacity": ["case", inFocus(focus), 1, 0.75] } },
  ];
}

/** @param {Palette} c @param {string} selected @returns {Layer[]} */
function pointLayers(c, selected) {
  const share = ["max", 1, ["round", ["*", 12, ["/", ["get", "worst_count"], ["get", "count"]]]]];
  const size = ["case", ["<", ["get", "count"], 10], "s", ["<", ["get", "count"], 100], "m", "l"];
  const ring = /** @type {any} */ (["concat", "ring|", size, "|", ["to-string", share], "|", ["get", "worst"]]);
  const picture = /** @type {any} */ (
    ["concat", "point|", ["get", "type"], "|", ["get", "category"], "|", ["get", "grade"]]);
  const worstFirst = /** @type {any} */ (["match", ["get", "grade"], "I", 4, "II", 3, "III", 2, 1]);
  return [
    { id: "rings", type: "symbol", source: "points", "source-layer": "counts",
      layout: { "icon-image": ring, "icon-allow-overlap": true, "text-allow-overlap": true, "text-ignore-placement": true,
        "text-field": ["to-string", ["get", "count"]], "text-font": FONTS,
        "text-size": ["case", ["<", ["get", "count"], 100], 12, 13], "symbol-sort-key": ["get", "count"] },
      paint: { "text-color": c.text } },
    { id: "selected", type: "circle", source: "points", "source-layer": "points", filter: ["==", ["get", "id"], selected],
      paint: { "circle-radius": 19, "circle-color": c.ink, "circle-opacity": 0.18, "circle-stroke-color": c.ink, "circle-stroke-width": 3 } },
    { id: "points", type: "symbol", source: "points", "source-layer": "points",
      layout: { "icon-image": picture, "icon-allow-overlap": true, "symbol-sort-key": worstFirst,
        "icon-size": ["interpolate", ["linear"], ["zoom"], CROSSOVER, 0.62, 13, 0.85, 15, 1] } },
  ];
}

/** What carries a code: quiet squares below the points; a finding that is open gives the colour.
 * @returns {Layer[]} */
function assetLayers() {
  const picture = /** @type {any} */ (
    ["concat", "asset|", ["get", "icon"], "|", ["case", ["get", "labelled"], "yes", "no"], "|", ["to-string", ["get", "worst"]]]);
  return [
    { id: "assets", type: "symbol", source: "assets", "source-layer": "assets", minzoom: CROSSOVER,
      layout: { "icon-image": picture, "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], CROSSOVER, 0.55, 13, 0.8, 15, 1] } },
  ];
}

/** What happened here: a sign where the place is known, else the circle that holds it; dashed where
 * nobody wrote down how exactly it is known. @param {Palette} c @returns {Layer[]} */
function eventLayers(c) {
  const source = { source: "events", "source-layer": "events" };
  const circle = /** @type {any} */ (["!=", ["get", "accuracy"], "exact"]);
  const measured = (/** @type {boolean} */ yes) => /** @type {any} */ (["all", circle, ["==", ["get", "measured"], yes]]);
  const edge = { "line-color": c.ink, "line-opacity": 0.45, "line-width": 1 };
  return [
    { id: "event-circles", type: "fill", ...source, filter: circle, paint: { "fill-color": c.ink, "fill-opacity": 0.1, "fill-antialias": false } },
    { id: "event-edges", type: "line", ...source, filter: measured(true), paint: edge },
    { id: "event-unknown", type: "line", ...source, filter: measured(false), paint: { ...edge, "line-dasharray": [4, 3] } },
    { id: "events", type: "symbol", ...source, filter: ["==", ["get", "accuracy"], "exact"],
      layout: { "icon-image": ["concat", "event|", ["get", "type"]], "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 0.8] } },
  ];
}

/** What a person draws lies on top of all. @param {Palette} c @returns {Layer[]} */
function sketchLayers(c) {
  const role = (/** @type {string} */ name) => /** @type {any} */ (["==", ["get", "role"], name]);
  return [
    { id: "sketch-fill", type: "fill", source: "sketch", filter: role("Polygon"), paint: { "fill-color": c.ink, "fill-opacity": 0.12 } },
    { id: "sketch-line", type: "line", source: "sketch", filter: ["!=", ["get", "role"], "Point"], layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": c.ink, "line-width": 2.5 } },
    { id: "sketch-places", type: "circle", source: "sketch", filter: role("Point"),
      paint: { "circle-radius": 5, "circle-color": c.surface, "circle-stroke-color": c.ink, "circle-stroke-width": 2.5 } },
  ];
}

/** @typedef {{origin: string, question: URLSearchParams, locale: string, focus: string, selected: string, sketch?: any}} Shown */

/** @param {Shown} what @returns {Style} */
export function style({ origin, question, locale, focus, selected, sketch = { type: "FeatureCollection", features: [] } }) {
  const c = palette();
  const day = question.get("as_of");
  return {
    version: 8,
    sources: {
      areas: { type: "vector", tiles: [tiles(origin, "areas", day ? `on=${day}` : "")], maxzoom: 13 },
      assets: { type: "vector", tiles: [tiles(origin, "assets")], minzoom: CROSSOVER, maxzoom: 16 },
      events: { type: "vector", tiles: [tiles(origin, "events")], maxzoom: 14 },
      points: { type: "vector", tiles: [tiles(origin, "points", question.toString())], maxzoom: 16 },
      sketch: { type: "geojson", data: sketch },
    },
    layers: shown([...areaLayers(c, focus), ...labelLayers(c, locale, focus), ...eventLayers(c), ...assetLayers(), ...pointLayers(c, selected), ...sketchLayers(c)]),
  };
}

/** @param {string} origin @param {string} layer @param {string} [query] */
export const tiles = (origin, layer, query = "") => `${origin}/api/v1/tiles/${layer}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
