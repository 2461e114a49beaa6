// The map's style: the server says what is drawn, the page's own colours how. Light and
// dark follow the tokens, and no other colour than a warning stands on it. `/api/v1/style.json`
// says the same to other programs. No glyph server: labels are drawn with the device's fonts.

import { shown } from "./map-layers.js";

/** @typedef {{fill: string, on: string}} Paint */
/** @typedef {{halo: string, surface: string, rest: string, ink: string, grades: Record<string, Paint>, tones: Record<string, Paint>}} Palette */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").StyleSpecification} Style */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").LayerSpecification} Layer */
/** @typedef {{minzoom?: number, maxzoom: number, tiles?: string[]}} Zooms */

/** Counting below, drawing from here on; the server changes at the same zoom. */
export const CROSSOVER = 11;
const GRADE_TONES = { I: "red", II: "orange", III: "yellow", IV: "blue" };
const TOKEN = "var(--";
/** A war room's wall is read from five metres: signs and names grow there as the page's words do. */
const WALL = matchMedia("(min-width: 2560px)");
const ON_WALL = 1.5;
const SIZES = /** @type {const} */ ([["layout", "text-size", "text-field"], ["layout", "icon-size", "icon-image"], ["paint", "circle-radius", "circle-radius"]]);

/** @type {{sources: Record<string, Zooms>, layers: any[]}} what is drawn, once it is loaded */
const drawn = { sources: {}, layers: [] };

/** Fetch what is drawn; before that there is no style. @param {string} [from] */
export async function loadStyle(from = "/api/v1/style/page.json") {
  Object.assign(drawn, await (await fetch(from)).json());
}

/** @returns {(name: string) => string} */
function tokens() {
  const all = getComputedStyle(document.documentElement);
  return (name) => all.getPropertyValue(`--${name}`).trim();
}

/** @returns {Palette} */
export function palette() {
  const token = tokens();
  const tones = Object.fromEntries(Object.values(GRADE_TONES).map((tone) => [tone, { fill: token(tone), on: token(`on-${tone}`) }]));
  const grades = Object.fromEntries(Object.entries(GRADE_TONES).map(([grade, tone]) => [grade, tones[tone]]));
  return {
    halo: token("map-halo"), surface: token("surface"), rest: token("line"), ink: token("ink"),
    grades: { ...grades, none: { fill: token("muted"), on: token("surface") } }, tones,
  };
}

/** Put colours and words where the file names them. @param {any} part @param {(text: string) => string} said @returns {any} */
function filled(part, said) {
  if (typeof part === "string") return said(part);
  if (Array.isArray(part)) return part.map((one) => filled(one, said));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, filled(one, said)]));
}

/** @param {any} size a number or an expression @returns {any} */
function larger(size) {
  if (!Array.isArray(size)) return size * ON_WALL;
  if (size[0] !== "interpolate") return ["*", ON_WALL, size];
  return size.map((one, at) => (at > 3 && at % 2 === 0 ? larger(one) : one));
}

/** @param {any} layer @returns {any} the layer as a wall shows it */
function onWall(layer) {
  const grown = { ...layer };
  for (const [part, size, has] of SIZES) {
    if (layer[part]?.[has] !== undefined) grown[part] = { ...grown[part], [size]: larger(layer[part][size] ?? 1) };
  }
  return grown;
}

/** @typedef {{origin: string, question: URLSearchParams, locale: string, focus: string, selected: string, sketch?: any, alerts?: any, proposals?: any, lit?: any, stations?: string,
 *   coverage?: import("./map-coverage.js").Coverage}} Shown */

const NOTHING = { type: "FeatureCollection", features: [] };

/** @param {Shown} what `alerts` is where their outlines are to be had @returns {Style} */
export function style({ origin, question, locale, focus, selected, sketch = NOTHING, alerts = NOTHING, proposals = NOTHING, lit = NOTHING, stations = "", coverage }) {
  const token = tokens();
  const words = /** @type {Record<string, string>} */ ({ "@focus": focus, "@selected": selected, "@name": locale === "zh" ? "name" : "name_en" });
  const said = (/** @type {string} */ text) => (text.startsWith(TOKEN) ? token(text.slice(TOKEN.length, -1)) : (words[text] ?? text));
  const day = question.get("as_of");
  const queries = /** @type {Record<string, string>} */ ({ areas: day ? `on=${day}` : "", points: question.toString(), stations });
  const whole = (/** @type {string} */ address) => (address.startsWith("/") ? origin + address : address);
  const sources = Object.entries(drawn.sources).map(([name, zooms]) =>
    [name, zooms.tiles ? { ...zooms, tiles: zooms.tiles.map(whole) } : { type: "vector", tiles: [tiles(origin, name, queries[name])], ...zooms }]);
  const here = drawn.layers.filter((layer) => layer.metadata?.drawn !== "elsewhere");
  const layers = filled(WALL.matches ? here.map(onWall) : here, said);
  return {
    version: 8,
    sources: { ...Object.fromEntries(sources), sketch: { type: "geojson", data: sketch }, alerts: { type: "geojson", data: alerts }, proposals: { type: "geojson", data: proposals }, lit: { type: "geojson", data: lit } },
    layers: shown(coverage ? coverage.into(layers, token) : layers),
  };
}

/** @param {string} origin @param {string} layer @param {string} [query] */
export const tiles = (origin, layer, query = "") => `${origin}/api/v1/tiles/${layer}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
