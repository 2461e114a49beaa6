// A chain on the map, all of it or step by step: by buttons, by the arrow keys, by itself.

import { LngLatBounds } from "/static/vendor/maplibre-gl.mjs";
import { palette } from "./map-style.js";
import { drawPlace } from "./place-map.js";

/** @typedef {{key: string, number: number, lon: number, lat: number, name: string, name_en: string, shape: any, by_road: {cut_off: boolean} | null, from: {key?: string, lon: number, lat: number}, why: {zh: string, en: string}}} Step */
/** @typedef {{starts: Step[], steps: Step[], ground: any}} Chain */

/** What begins at a whole area begins nowhere in it: no sign, no way from it. */
const GROUND = "ground";
const PAUSE_MS = 2500;
const FONT = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];
const box = document.getElementById("chain-map");
const told = document.getElementById("chain-data");
const output = document.getElementById("chain-at");
const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-step]")]);
/** @type {Chain} */
const chain = JSON.parse(told?.textContent || '{"starts": [], "steps": [], "ground": null}');
const locale = box?.dataset.locale === "en" ? "en" : "zh";
const wholly = output?.textContent ?? "";

/** @type {any} */ let map = null;
/** Steps shown; all of them at first. */
let shown = chain.steps.length;
let alone = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;

const point = (/** @type {number} */ lon, /** @type {number} */ lat) => ({ type: "Point", coordinates: [lon, lat] });

/** Lay what is shown on the map; the box says which steps, and which of them is lit. */
function lay() {
  map?.getSource("chain")?.setData(features());
  if (box && map?.getSource("chain")) Object.assign(box.dataset, { laid: String(shown), lit: alone ? String(shown) : "" });
}

function features() {
  const { tones, grades } = palette();
  const upTo = chain.steps.slice(0, shown);
  const list = [];
  if (chain.ground) list.push({ type: "Feature", geometry: chain.ground, properties: { part: "ground" } });
  for (const one of chain.starts) if (one.key !== GROUND) list.push({ type: "Feature", geometry: point(one.lon, one.lat), properties: { part: "start", ...look(tones.red), sign: "!", name: one.name } });
  for (const step of upTo) {
    const now = alone && step.number === shown;
    const tone = step.by_road?.cut_off ? tones.red : now ? tones.orange : grades.none;
    const name = locale === "en" && step.name_en ? step.name_en : step.name;
    if (step.shape) list.push({ type: "Feature", geometry: step.shape, properties: { part: "shape", now } });
    if (step.from.key !== GROUND) list.push({ type: "Feature", geometry: { type: "LineString", coordinates: [[step.from.lon, step.from.lat], [step.lon, step.lat]] }, properties: { part: "way", now } });
    list.push({ type: "Feature", geometry: point(step.lon, step.lat), properties: { part: "step", ...look(tone), sign: String(step.number), name } });
  }
  return { type: "FeatureCollection", features: list };
}

const look = (/** @type {{fill: string, on: string}} */ { fill, on }) => ({ fill, on });

function draw() {
  if (!map || map.getSource("chain")) return;
  const { ink, surface, tones } = palette();
  const only = (/** @type {string[]} */ ...parts) => ["in", ["get", "part"], ["literal", parts]];
  map.addSource("chain", { type: "geojson", data: features() });
  lay();
  map.addLayer({ id: "chain-ground", type: "line", source: "chain", filter: only("ground"), paint: { "line-color": tones.red.fill, "line-width": 2, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "chain-shapes", type: "line", source: "chain", filter: only("shape"), paint: { "line-color": tones.orange.fill, "line-width": 4, "line-opacity": 0.7 } });
  map.addLayer({ id: "chain-ways", type: "line", source: "chain", filter: only("way"), paint: { "line-color": ink, "line-width": ["case", ["get", "now"], 3, 1.5], "line-dasharray": [2, 1.5] } });
  map.addLayer({ id: "chain-spots", type: "circle", source: "chain", filter: only("start", "step"), paint: { "circle-radius": 12, "circle-color": ["get", "fill"], "circle-stroke-color": ink, "circle-stroke-width": 1.5 } });
  map.addLayer({ id: "chain-signs", type: "symbol", source: "chain", filter: only("start", "step"), layout: { "text-field": ["get", "sign"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": ["get", "on"] } });
  map.addLayer({ id: "chain-names", type: "symbol", source: "chain", filter: only("start", "step"), layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 1.2] }, paint: { "text-color": ink, "text-halo-color": surface, "text-halo-width": 1.5 } });
}

const inPairs = (/** @type {number[][]} */ pairs, /** @type {number} */ one, /** @type {number} */ n) => (n % 2 ? pairs[pairs.length - 1]?.push(one) : pairs.push([one]), pairs);

function frame() {
  const all = new LngLatBounds();
  const steps = alone ? chain.steps.slice(Math.max(0, shown - 1), shown) : chain.steps;
  if (!alone && chain.ground) for (const [lon, lat] of chain.ground.coordinates.flat(Infinity).reduce(inPairs, [])) all.extend([lon, lat]);
  for (const one of [...(alone && shown ? [] : chain.starts), ...steps]) all.extend([one.lon, one.lat]);
  for (const one of steps) if (one.from.key !== GROUND) all.extend([one.from.lon, one.from.lat]);
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!all.isEmpty()) map?.fitBounds(all, { padding: 64, maxZoom: 15, duration: quiet ? 0 : 600 });
}

/** Show the chain up to a step; without a number all of it. @param {number} [number] */
function show(number) {
  alone = number !== undefined;
  shown = Math.min(chain.steps.length, Math.max(0, number ?? chain.steps.length));
  const step = alone ? chain.steps[shown - 1] : null;
  if (output) output.textContent = step ? `${shown} / ${chain.steps.length} · ${step.why[locale]}` : alone ? `0 / ${chain.steps.length}` : wholly;
  for (const line of lines) {
    if (step && line.dataset.step === String(shown)) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  }
  // On a phone the list is the page itself: it stays where the map and its buttons are.
  const list = lines[0]?.parentElement;
  if (step && list && list.scrollHeight > list.clientHeight) lines[shown - 1]?.scrollIntoView({ block: "nearest" });
  lay();
  frame();
}

/** @param {boolean} on */
function play(on) {
  clearTimeout(timer);
  document.querySelector("[data-play=play]")?.setAttribute("aria-pressed", String(on));
  timer = undefined;
  if (!on) return;
  if (!alone || shown === chain.steps.length) show(0);
  const go = () => {
    show(shown + 1);
    if (shown < chain.steps.length) timer = setTimeout(go, PAUSE_MS);
    else play(false);
  };
  timer = setTimeout(go, PAUSE_MS / 5);
}

/** @param {string | undefined} act */
function press(act) {
  const playing = timer !== undefined;
  if (act === "play") return play(!playing);
  play(false);
  if (act === "next") show(alone ? shown + 1 : 1);
  if (act === "back") show(alone ? shown - 1 : chain.steps.length);
  if (act === "all") show();
}

function listen() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const act = /** @type {HTMLElement | null} */ (target.closest("[data-play]"))?.dataset.play;
    const line = /** @type {HTMLElement | null} */ (target.closest("[data-step]"));
    if (act) press(act);
    else if (line) {
      event.preventDefault();
      play(false);
      show(Number(line.dataset.step));
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /** @type {Element} */ (event.target).closest("input, select, textarea, .maplibregl-canvas");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { ArrowRight: "next", ArrowLeft: "back", p: "play", P: "play", Home: "all" }[event.key];
    if (!act) return;
    event.preventDefault();
    press(act);
  });
}

if (box && chain.steps.length) {
  listen();
  void drawPlace(box).then((place) => {
    map = place.map;
    map.on("style.load", draw);
    if (map.isStyleLoaded()) draw();
    frame();
    box.dataset.armed = "true";
  });
}
