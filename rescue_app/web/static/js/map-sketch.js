// Drawing on the map: an area, a line or a place with its surroundings to ask what is inside, or a line
// or an area to measure. By mouse, by thumb, or by keys with the cross in the middle of the map.

import { putData } from "./map-data.js";
import { area, length, sayArea, sayLength } from "./map-geodesy.js";

/** @typedef {import("./map-geodesy.js").Pair} Pair */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").Map} Drawn */
/** @typedef {"" | "polygon" | "line" | "point" | "text" | "distance" | "area"} Kind */
/** @typedef {{words: any, onDrawn: (drawn: {wkt: string, buffer: string} | null) => void}} Wiring */

/** @type {Record<string, number>} */
const LEAST = { polygon: 3, area: 3, line: 2, distance: 2, point: 1, text: 1 };
const SPOTS = ["point", "text"];
const MEASURES = ["distance", "area"];
const RINGS = ["polygon", "area"];
const NEAR_PX = 12;
const SAME_PX = 4;
const EMPTY = { type: "FeatureCollection", features: [] };

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Sketch {
  /** @type {Kind} */ kind = "";
  /** @type {Pair[]} */ places = [];
  /** @type {Pair | null} */ pointer = null;
  /** @type {any} */ outline = null;
  done = false;
  /** @type {Drawn | null} */ map = null;

  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.wiring = wiring;
    this.bar = part("sketch-bar");
    // Only what is asked about has surroundings; what is drawn for others has none.
    this.width = /** @type {HTMLInputElement | null} */ (document.getElementById("sketch-width"));
    part("tools").addEventListener("click", (event) => {
      const tool = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-tool]"))?.dataset.tool;
      if (tool) this.start(/** @type {Kind} */ (tool));
    });
    this.bar.addEventListener("click", (event) => {
      const act = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"))?.dataset.act;
      if (act === "undo") this.undo();
      if (act === "finish") this.finish();
      if (act === "cancel") this.cancel();
    });
    this.width?.addEventListener("change", () => this.done && this.tell());
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  /** A click on the map is a corner and selects nothing. */
  get busy() {
    return this.kind !== "" && !this.done;
  }

  /** @param {Drawn} map */
  on(map) {
    this.map = map;
    map.on("click", (event) => this.busy && this.add([event.lngLat.lng, event.lngLat.lat]));
    map.on("dblclick", (event) => {
      if (!this.busy) return;
      event.preventDefault();
      this.finish();
    });
    map.on("mousemove", (event) => {
      if (!this.busy) return;
      this.pointer = [event.lngLat.lng, event.lngLat.lat];
      this.show();
    });
  }

  /** @param {Kind} kind */
  start(kind) {
    const asked = this.done && !MEASURES.includes(this.kind);
    Object.assign(this, { kind, places: [], pointer: null, outline: null, done: false });
    if (asked) this.wiring.onDrawn(null);
    this.map?.getCanvas().focus();
    this.show();
  }

  /** @param {Pair} place */
  add(place) {
    if (this.isNear(place, this.places[0], NEAR_PX) && this.places.length >= 3 && RINGS.includes(this.kind)) return this.finish();
    if (!this.isNear(place, this.places.at(-1), SAME_PX)) this.places.push(place);
    if (SPOTS.includes(this.kind)) this.finish();
    else this.show();
  }

  /** @param {Pair} one @param {Pair | undefined} other @param {number} pixels */
  isNear(one, other, pixels) {
    if (!this.map || !other) return false;
    const [a, b] = [this.map.project(one), this.map.project(other)];
    return Math.hypot(a.x - b.x, a.y - b.y) < pixels;
  }

  undo() {
    const asked = this.done && !MEASURES.includes(this.kind);
    this.places.pop();
    Object.assign(this, { done: false, outline: null });
    if (asked) this.wiring.onDrawn(null);
    this.show();
  }

  finish() {
    if (!this.busy) return;
    if (this.places.length < LEAST[this.kind]) return;
    Object.assign(this, { done: true, pointer: null });
    this.show();
    if (!MEASURES.includes(this.kind)) this.tell();
  }

  cancel() {
    const asked = this.done && !MEASURES.includes(this.kind);
    this.clear();
    if (asked) this.wiring.onDrawn(null);
  }

  clear() {
    Object.assign(this, { kind: "", places: [], pointer: null, outline: null, done: false });
    this.show();
  }

  tell() {
    const buffer = RINGS.includes(this.kind) ? "" : String(Math.min(100_000, Math.max(1, Number(this.width?.value) || 500)));
    this.wiring.onDrawn({ wkt: this.wkt(), buffer });
  }

  wkt() {
    const list = this.places.map((place) => place.map((degree) => degree.toFixed(6)).join(" "));
    if (SPOTS.includes(this.kind)) return `POINT(${list[0]})`;
    return this.kind === "line" ? `LINESTRING(${list})` : `POLYGON((${[...list, list[0]]}))`;
  }

  /** Be what the address says. @param {string} wkt @param {string} buffer */
  restore(wkt, buffer) {
    if (this.done && wkt === this.wkt()) return;
    const kinds = { POLYGON: "polygon", LINESTRING: "line", POINT: "point" };
    const kind = kinds[/** @type {keyof typeof kinds} */ (wkt.split("(")[0])];
    // A drawing under way and a measure are not in the address and stay.
    if (!kind) return this.done && !MEASURES.includes(this.kind) ? this.clear() : undefined;
    const places = [...wkt.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => /** @type {Pair} */ ([Number(x), Number(y)]));
    if (kind === "polygon") places.pop();
    if (buffer && this.width) this.width.value = buffer;
    Object.assign(this, { kind, places, pointer: null, outline: null, done: true });
    this.show();
  }

  /** The surroundings as the server drew them. @param {any} shape GeoJSON */
  surround(shape) {
    this.outline = shape;
    this.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, button, a, summary");
    if (!this.busy || (typing && event.key !== "Escape")) return;
    const undoing = event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey));
    const act = undoing ? () => this.undo()
      : event.key === "Enter" ? () => this.finish()
      : event.key === "Escape" ? () => this.cancel()
      : event.key === " " ? () => this.map && this.add(/** @type {Pair} */ (this.map.getCenter().toArray()))
      : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  show() {
    putData(this.map, "sketch", this.data());
    this.bar.hidden = this.kind === "";
    document.getElementById("main")?.toggleAttribute("data-sketching", this.busy);
    for (const tool of part("tools").querySelectorAll("[data-tool]")) {
      tool.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (tool).dataset.tool === this.kind));
    }
    if (!this.kind) return;
    part("sketch-words").textContent = this.done ? this.wiring.words.sketch.done : this.wiring.words.sketch[this.kind];
    part("sketch-figure").textContent = this.figure();
    document.getElementById("sketch-around")?.toggleAttribute("hidden", !["line", "point"].includes(this.kind));
    for (const button of this.bar.querySelectorAll("button")) {
      if (button.dataset.act === "undo") button.disabled = this.places.length === 0;
      if (button.dataset.act === "finish") button.hidden = this.done || this.places.length < LEAST[this.kind];
    }
  }

  figure() {
    const line = this.pointer ? [...this.places, this.pointer] : this.places;
    if (SPOTS.includes(this.kind) || line.length < 2) return "";
    if (!RINGS.includes(this.kind) || line.length < 3) return sayLength(length(line));
    return `${sayArea(area(line))} · ${sayLength(length([...line, line[0]]))}`;
  }

  /** @returns {any} what the map draws of it */
  data() {
    if (!this.kind) return EMPTY;
    const feature = (/** @type {string} */ type, /** @type {any} */ coordinates, role = type) => ({
      type: "Feature", properties: { role }, geometry: { type, coordinates },
    });
    const line = this.pointer ? [...this.places, this.pointer] : this.places;
    const features = this.places.map((place) => feature("Point", place));
    if (line.length > 1) features.push(feature("LineString", RINGS.includes(this.kind) && line.length > 2 ? [...line, line[0]] : line));
    if (line.length > 2 && RINGS.includes(this.kind)) features.push(feature("Polygon", [[...line, line[0]]]));
    if (this.outline) features.push({ type: "Feature", properties: { role: "Polygon" }, geometry: this.outline });
    return { type: "FeatureCollection", features };
  }
}
