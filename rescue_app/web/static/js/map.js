// The one map: our own tiles, the list beside it, the panel of what is selected. The list and the
// map always ask the same question; the address keeps what one looks at, so that it can be sent on.

import { Map as MapLibre, NavigationControl, ScaleControl } from "/static/vendor/maplibre-gl.mjs";
import { asked, note, placed } from "./map-address.js";
import { Coverage } from "./map-coverage.js";
import { putData } from "./map-data.js";
import { Days } from "./map-days.js";
import { Filters } from "./map-filters.js";
import { drawOnDemand, Pictures } from "./map-images.js";
import { installKeys } from "./map-keys.js";
import { installLayers, tickLayers } from "./map-layers.js";
import { Legend } from "./map-legend.js";
import { LAYERS, watchLine } from "./map-live.js";
import { Mark } from "./map-mark.js";
import { installWalk } from "./map-proposals.js";
import { Panel } from "./map-panel.js";
import { showPointer } from "./map-pointer.js";
import { Rail } from "./map-rail.js";
import { Search } from "./map-search.js";
import { installSheet, isPhone } from "./map-sheet.js";
import { Sketch } from "./map-sketch.js";
import { installStations, restoreStations, stationQuestion } from "./map-stations.js";
import { CROSSOVER, loadStyle, palette, style, tiles } from "./map-style.js";
import { installViews } from "./map-views.js";

/** @typedef {import("./map-search.js").Hit} Hit */

const page = /** @type {HTMLElement} */ (document.getElementById("main"));
const words = JSON.parse(document.getElementById("map-words")?.textContent ?? "{}");
const origin = location.origin;
const locale = page.dataset.locale ?? "zh";
const home = page.dataset.home ?? "/";

/** What is no tile but one file. @type {Record<string, string>} */
const FILES = { alerts: `${origin}/api/v1/alerts/shapes.geojson`, proposals: `${origin}/api/v1/evidence/proposals.geojson` };

/** What can be selected, by its name in the address. */
const KINDS = /** @type {const} */ (["point", "asset", "station", "event", "alert", "proposal"]);
const chosen = () => KINDS.find((kind) => placed(kind)) ?? "point";
const state = { focus: page.dataset.focus ?? "/", selected: placed(chosen()) };
const filters = new Filters({ words, onQuestion: ask });
const rail = new Rail({ words, onSelect: select, question, bounds: () => bounds() });
const panel = new Panel({ words, onClose: () => (state.selected ? select("") : sketch.cancel()) });
const legend = new Legend();
const mark = new Mark();
const days = new Days(words);
const sketch = new Sketch({ words, onDrawn: drawn });
const coverage = new Coverage({ words, focus: () => state.focus, onShown: recolour });
new Search({ words, onHit: goTo });
/** @type {MapLibre | null} */
let map = null;

const bounds = () => (map ? map.getBounds().toArray().flat() : null);

/** The question to the ledger: list, tiles, sums and files ask the same. */
function question() {
  const meant = filters.question();
  meant.set("area", state.focus);
  for (const name of ["polygon", "buffer_m"]) if (asked(name)) meant.set(name, asked(name));
  return meant;
}

function ask() {
  for (const layer of LAYERS) drawAgain(layer);
  tell();
}

/** @param {string} layer */
function drawAgain(layer) {
  // What is in force is asked for now: the map of a past day shows it as well.
  if (FILES[layer]) return putData(map, layer, FILES[layer]);
  const query = { points: question().toString(), areas: onDay(), stations: stationQuestion() }[layer] ?? "";
  /** @type {import("/static/vendor/maplibre-gl.mjs").VectorTileSource | undefined} */ (map?.getSource(layer))?.setTiles([tiles(origin, layer, query)]);
}

/** Somebody changed something: what he did not touch is not asked for, and drawing, which keeps the
 * page busy, waits until list and panel have said it or given up. @param {string[]} layers */
async function heard(layers) {
  await Promise.allSettled([layers.includes("points") && rail.refresh(), showPanel()]);
  layers.forEach(drawAgain);
}

/** What stands around the map says the same as the map. */
function tell() {
  days.show();
  rail.load();
  showPanel();
}

/** Areas have a day too. */
function onDay() {
  const day = question().get("as_of");
  return day ? `on=${day}` : "";
}

/** The panel shows what is selected, else what lies inside the drawing. */
function showPanel() {
  const thing = state.selected ? { kind: chosen(), id: state.selected } : asked("polygon") ? { kind: "inside", id: "" } : null;
  const shown = panel.show(thing && { .../** @type {{kind: any, id: string}} */ (thing), question: question() });
  return shown.then(() => {
    sketch.surround(panel.outline());
    putData(map, "lit", panel.lit());
  });
}

/** @param {{wkt: string, buffer: string} | null} shape what a person drew, or took away */
function drawn(shape) {
  note({ asked: { polygon: shape?.wkt ?? "", buffer_m: shape?.buffer ?? "" }, placed: nothing() }, { step: true });
  state.selected = "";
  ask();
}

function redraw() {
  map?.setStyle(drawing(), { diff: true });
}

/** Areas take another colour: until that is drawn, the map is not. */
function recolour() {
  delete page.dataset.drawn;
  redraw();
}

function drawing() {
  return style({ origin, question: question(), locale, focus: state.focus, selected: state.selected, sketch: sketch.data(), ...FILES, lit: panel.lit(), stations: stationQuestion(), coverage });
}

const nothing = () => Object.fromEntries(KINDS.map((kind) => [kind, ""]));

/** @param {string} id @param {{lon: number, lat: number} | null} [place] @param {typeof KINDS[number]} [kind] */
function select(id, place = null, kind = "point") {
  note({ placed: { ...nothing(), [kind]: id } }, { step: true });
  show(id);
  if (id && place) fly(place);
}

/** @param {string} id */
function show(id) {
  state.selected = id;
  for (const ring of ["selected", "selected-station"]) map?.setFilter(ring, ["==", ["get", "id"], id]);
  rail.mark(id);
  showPanel();
}

/** @param {{lon: number, lat: number}} place */
function fly(place) {
  if (!map) return;
  const zoom = Math.max(map.getZoom(), CROSSOVER + 1.5);
  map.easeTo({ center: [place.lon, place.lat], zoom, padding: { bottom: isPhone() ? innerHeight / 2 : 0 } });
}

/** @param {Hit} hit what the search box found */
function goTo(hit) {
  const place = hit.lon === null || hit.lat === null ? null : { lon: hit.lon, lat: hit.lat };
  filters.clearText();
  if (hit.kind === "area") return void lookAt(hit.id);
  if (hit.kind !== "coordinates") return select(hit.id, place, hit.kind);
  if (!map || !place) return;
  mark.put(map, place, [hit.name, hit.note].filter(Boolean).join(" · "));
  fly(place);
}

/** @param {string} path look at another area @param {{step?: boolean}} [how] */
async function lookAt(path, { step = true } = {}) {
  const answer = await fetch(`/map/trail?${new URLSearchParams({ area: path })}&${onDay()}`).catch(() => null);
  const place = document.getElementById("trail");
  if (!place || !answer?.ok) return;
  state.focus = path;
  if (step) note({ asked: { area: path === home ? "" : path } }, { step });
  place.innerHTML = await answer.text();
  const bounds = place.querySelector("ol")?.dataset.bounds;
  redraw();
  void coverage.restore();
  if (bounds && step) map?.fitBounds(JSON.parse(bounds), { padding: 24 });
  rail.load();
}

/** The browser went back or forward: be what the address says. MapLibre moves itself. */
function follow() {
  filters.restore();
  rail.restore();
  const focus = asked("area") || home;
  if (focus !== state.focus) void lookAt(focus, { step: false });
  sketch.restore(asked("polygon"), asked("buffer_m"));
  const selected = placed(chosen());
  if (selected !== state.selected) show(selected);
  tickLayers();
  restoreStations();
  void coverage.restore();
  // The style brings the addresses of its tiles: asking for them again would draw everything twice.
  redraw();
  tell();
}

/** What a layer's things are; the others count things. @type {Record<string, typeof KINDS[number]>} */
const KIND_OF = { points: "point", assets: "asset", stations: "station", events: "event", "event-circles": "event", alerts: "alert", proposals: "proposal" };
const CLICKED = [...Object.keys(KIND_OF), "station-counts", "rings"];
/** A wide circle, or the area of a warning, is ground as well. */
const GROUND = ["event-circles", "alerts"];

/** @param {MapLibre} drawn */
function listen(drawn) {
  // Before the sketch listens: the click that ends a drawing selects nothing.
  drawn.on("click", (event) => {
    if (sketch.busy) return;
    const [hit] = drawn.queryRenderedFeatures(event.point, { layers: CLICKED });
    const kind = hit && KIND_OF[hit.layer.id];
    if (kind) select(String(hit.properties.id), null, kind);
    else if (hit) drawn.easeTo({ center: event.lngLat, zoom: Math.min(drawn.getZoom() + 2, CROSSOVER + 0.5) });
    if (!hit || GROUND.includes(hit.layer.id)) showIncidentHere(event.lngLat);
  });
  drawn.on("dblclick", "districts", (event) => {
    if (sketch.busy) return;
    const path = String(event.features?.[0]?.properties.path ?? "");
    if (!path.startsWith(home) || path === state.focus || drawn.getZoom() > CROSSOVER) return;
    event.preventDefault();
    void lookAt(path);
  });
  for (const layer of CLICKED) {
    drawn.on("mouseenter", layer, () => (drawn.getCanvas().style.cursor = "pointer"));
    drawn.on("mouseleave", layer, () => (drawn.getCanvas().style.cursor = ""));
  }
  drawn.on("moveend", () => rail.load());
  drawn.on("idle", () => {
    legend.update(drawn);
    page.dataset.drawn = "true";
  });
}

/** @param {{lng: number, lat: number}} at */
function showIncidentHere(at) {
  const link = /** @type {HTMLAnchorElement | null} */ (document.getElementById("incident-here"));
  if (!link) return;
  link.hidden = false;
  link.href = `/incidents/new?lon=${at.lng.toFixed(6)}&lat=${at.lat.toFixed(6)}`;
}

async function draw() {
  const [pictures] = await Promise.all([Pictures.load(), loadStyle()]);
  const box = page.dataset.bounds ? JSON.parse(page.dataset.bounds) : [105.2, 28.1, 110.2, 32.2];
  const drawn = new MapLibre({
    container: "map",
    style: drawing(),
    bounds: box,
    fitBoundsOptions: { padding: isPhone() ? { top: 120, left: 24, right: 24, bottom: 160 } : 24 },
    hash: "map",
    maxZoom: 18,
    minZoom: 5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: false,
    locale: { "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut, "Map.Title": words.map },
  });
  drawn.touchZoomRotate.disableRotation();
  drawn.addControl(new NavigationControl({ showCompass: false }), "top-right");
  drawn.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-right");
  drawOnDemand(drawn, pictures, palette);
  listen(drawn);
  showPointer(drawn);
  sketch.on(drawn);
  map = drawn;
}

document.addEventListener("yitong:theme", () => {
  for (const name of map?.listImages() ?? []) map?.removeImage(name);
  redraw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.getElementById("trail")?.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("[data-area]");
  if (!(link instanceof HTMLElement)) return;
  event.preventDefault();
  void lookAt(link.dataset.area ?? "/");
});

document.getElementById("trail")?.addEventListener("change", (event) => {
  const choice = /** @type {HTMLSelectElement} */ (event.target);
  if (choice.value) void lookAt(choice.value);
});
addEventListener("popstate", follow);

installSheet();
installLayers(redraw);
installStations(redraw);
installViews(words);
const walk = installWalk(FILES.proposals, () => state.selected, ({ id, place }) => select(id, place, "proposal"));
installKeys({ move: (by) => (chosen() === "proposal" ? void walk(by) : rail.move(by)), back: () => (state.selected || !sketch.kind ? select("") : sketch.cancel()) });
watchLine({ onChange: heard });
// The list is of what is in view: it waits for the view. Without a map it is of everything.
draw().catch(() => document.getElementById("map-failed")?.removeAttribute("hidden")).finally(() => rail.load());
sketch.restore(asked("polygon"), asked("buffer_m"));
showPanel();
