// The one map: our own tiles, the list beside it, the panel of what is selected. The list and the
// map always ask the same question; the address keeps what one looks at, so that it can be sent on.

import { Map as MapLibre, NavigationControl, ScaleControl } from "/static/vendor/maplibre-gl.mjs";
import { drawOnDemand, Pictures } from "./map-images.js";
import { Legend } from "./map-legend.js";
import { watchLine } from "./map-live.js";
import { Panel } from "./map-panel.js";
import { Rail } from "./map-rail.js";
import { assetTiles, CROSSOVER, palette, pointTiles, style } from "./map-style.js";
import { installSheet, isPhone } from "./map-sheet.js";
import { installKeys } from "./map-keys.js";

const page = /** @type {HTMLElement} */ (document.getElementById("main"));
const words = JSON.parse(document.getElementById("map-words")?.textContent ?? "{}");
const origin = location.origin;
const locale = page.dataset.locale ?? "zh";
const hash = () => new URLSearchParams(location.hash.slice(1));

const state = { focus: page.dataset.focus ?? "/", selected: hash().get("point") ?? hash().get("asset") ?? "" };
const rail = new Rail({ words, onSelect: select, onQuestion: ask, bounds: () => bounds(), focus: () => state.focus });
const panel = new Panel({ words, onClose: () => select("") });
const legend = new Legend();
/** @type {MapLibre | null} */
let map = null;

const bounds = () => (map ? map.getBounds().toArray().flat() : null);

/** The question in the tiles' address. */
function question() {
  const asked = rail.question();
  asked.set("area", state.focus);
  return asked.toString();
}

function ask() {
  const points = /** @type {import("/static/vendor/maplibre-gl.mjs").VectorTileSource | undefined} */ (map?.getSource("points"));
  points?.setTiles([pointTiles(origin, question())]);
  /** @type {typeof points} */ (map?.getSource("assets"))?.setTiles([assetTiles(origin)]);
  rail.load();
}

function redraw() {
  map?.setStyle(style({ origin, query: question(), locale, focus: state.focus, selected: state.selected }), { diff: true });
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  const kept = hash();
  if (value) kept.set(key, value);
  else kept.delete(key);
  // MapLibre reads its own part of the hash as plain text: no escapes.
  history.replaceState(history.state, "", `#${decodeURIComponent(kept.toString())}`);
}

/** @param {string} id @param {{lon: number, lat: number} | null} [place] @param {"point" | "asset"} [kind] */
function select(id, place = null, kind = "point") {
  state.selected = id;
  remember("point", kind === "point" ? id : "");
  remember("asset", kind === "asset" ? id : "");
  map?.setFilter("selected", ["==", ["get", "id"], id]);
  rail.mark(id);
  void panel.show(id ? { kind, id } : null);
  if (!id || !place || !map) return;
  const zoom = Math.max(map.getZoom(), CROSSOVER + 1.5);
  map.easeTo({ center: [place.lon, place.lat], zoom, padding: { bottom: isPhone() ? innerHeight / 2 : 0 } });
}

/** @param {string} path look at another area */
async function lookAt(path) {
  state.focus = path;
  const answer = await fetch(`/map/trail?${new URLSearchParams({ area: path })}`);
  const place = document.getElementById("trail");
  if (!place || !answer.ok) return;
  place.innerHTML = await answer.text();
  const bounds = place.querySelector("ol")?.dataset.bounds;
  redraw();
  if (bounds) map?.fitBounds(JSON.parse(bounds), { padding: 24 });
  rail.load();
}

/** @param {MapLibre} drawn */
function listen(drawn) {
  drawn.on("click", (event) => {
    const [hit] = drawn.queryRenderedFeatures(event.point, { layers: ["points", "assets", "rings"] });
    if (hit?.layer.id === "points") select(String(hit.properties.id));
    else if (hit?.layer.id === "assets") select(String(hit.properties.id), null, "asset");
    else if (hit) drawn.easeTo({ center: event.lngLat, zoom: Math.min(drawn.getZoom() + 2, CROSSOVER + 0.5) });
    else showIncidentHere(event.lngLat);
  });
  drawn.on("dblclick", "districts", (event) => {
    const path = String(event.features?.[0]?.properties.path ?? "");
    if (!path.startsWith(page.dataset.focus ?? "/") || path === state.focus || drawn.getZoom() > CROSSOVER) return;
    event.preventDefault();
    void lookAt(path);
  });
  for (const layer of ["points", "assets", "rings"]) {
    drawn.on("mouseenter", layer, () => (drawn.getCanvas().style.cursor = "pointer"));
    drawn.on("mouseleave", layer, () => (drawn.getCanvas().style.cursor = ""));
  }
  drawn.on("mousemove", ({ lngLat }) => say("coordinates", `${lngLat.lng.toFixed(5)}, ${lngLat.lat.toFixed(5)}`));
  drawn.on("moveend", () => rail.load());
  drawn.on("idle", () => {
    legend.update(drawn);
    page.dataset.drawn = "true";
  });
}

/** @param {string} id @param {string} text */
function say(id, text) {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
}

/** @param {{lng: number, lat: number}} at */
function showIncidentHere(at) {
  const link = /** @type {HTMLAnchorElement | null} */ (document.getElementById("incident-here"));
  if (!link) return;
  link.hidden = false;
  link.href = `/incidents/new?lon=${at.lng.toFixed(6)}&lat=${at.lat.toFixed(6)}`;
}

async function draw() {
  const pictures = await Pictures.load();
  const box = page.dataset.bounds ? JSON.parse(page.dataset.bounds) : [105.2, 28.1, 110.2, 32.2];
  const drawn = new MapLibre({
    container: "map",
    style: style({ origin, query: question(), locale, focus: state.focus, selected: state.selected }),
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
  map = drawn;
}

document.addEventListener("yitong:theme", () => {
  for (const name of map?.listImages() ?? []) map?.removeImage(name);
  redraw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.getElementById("show-assets")?.addEventListener("change", (event) => {
  const on = /** @type {HTMLInputElement} */ (event.target).checked;
  map?.setLayoutProperty("assets", "visibility", on ? "visible" : "none");
});
document.getElementById("trail")?.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("[data-area]");
  if (!(link instanceof HTMLElement)) return;
  event.preventDefault();
  void lookAt(link.dataset.area ?? "/");
});

installSheet();
installKeys({ rail, back: () => select("") });
watchLine({ onChange: () => ask() });
draw().catch(() => document.getElementById("map-failed")?.removeAttribute("hidden"));
rail.load();
if (state.selected) void panel.show({ kind: hash().has("asset") ? "asset" : "point", id: state.selected });
