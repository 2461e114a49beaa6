// The sketch that all at an incident share: what stands on it, drawing on it, taking one's own away.

import { say } from "./flash.js";
import { newId } from "./ids.js";
import { Sketch } from "./map-sketch.js";
import { palette } from "./map-style.js";
import { clock } from "./wall-tree.js";

/** @typedef {{id: string, kind: string, shape: any, words: string, by_id: string, by_name: string, by_phone: string, done_at: string}} Mark */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").Map} Drawn */

const FONT = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];
const LAYERS = ["mark-fill", "mark-line", "mark-point", "mark-words"];

/** @param {string} id @returns {HTMLElement | null} */
const part = (id) => document.getElementById(id);

export class Marks {
  /** @type {Mark[]} */ marks = [];
  /** @type {{wkt: string} | null} */ ready = null;
  past = false;
  asked = 0;

  /** @param {Drawn} map @param {any} words @param {(mark: Mark) => void} onPick */
  constructor(map, words, onPick) {
    this.map = map;
    this.words = words;
    const { incident = "", me = "" } = part("main")?.dataset ?? {};
    Object.assign(this, { incident, me });
    this.incident = incident;
    this.me = me;
    map.on("style.load", () => this.build());
    if (map.isStyleLoaded()) this.build();
    map.on("click", LAYERS, (event) => {
      const mark = this.marks.find(({ id }) => id === event.features?.[0]?.properties?.id);
      if (mark && !this.pen?.busy) onPick(mark);
    });
    if (part("tools")) this.takePen();
  }

  takePen() {
    this.pen = new Sketch({ words: this.words, onDrawn: (drawn) => this.onDrawn(drawn) });
    this.pen.on(this.map);
    part("sketch-bar")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    part("undo-mine")?.addEventListener("click", () => {
      const last = this.mine().at(-1);
      if (last) void this.remove(last.id);
    });
  }

  mine() {
    return this.marks.filter((mark) => mark.by_id === this.me);
  }

  /** Words may follow a place, a line and an area; a text is nothing without them. @param {{wkt: string} | null} drawn */
  onDrawn(drawn) {
    this.ready = drawn;
    const button = part("mark-send");
    if (button) button.hidden = !drawn;
    if (drawn) part("mark-words")?.focus();
  }

  async send() {
    const field = /** @type {HTMLInputElement} */ (part("mark-words"));
    const kind = this.pen?.kind;
    if (!this.ready || !kind || (kind === "text" && !field.value.trim())) return field.focus();
    const said = { id: newId(), kind, shape: this.ready.wkt, words: field.value, done_at: new Date().toISOString() };
    if (!(await this.post(`/api/v1/incidents/${this.incident}/sketch`, said))) return undefined;
    field.value = "";
    this.onDrawn(null);
    this.pen?.clear();
    return this.load();
  }

  /** @param {string} id */
  async remove(id) {
    const said = { id: newId(), done_at: new Date().toISOString() };
    if (!(await this.post(`/api/v1/sketch/${id}/removal`, said))) return;
    say({ text: this.words.removed });
    await this.load();
  }

  /** @param {string} address @param {any} said */
  async post(address, said) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(said) }).catch(() => null);
    if (answer?.ok) return true;
    say({ text: answer ? (await answer.json()).detail : this.words.notSent });
    return false;
  }

  /** What was asked for later stands, in whatever order the answers come. @param {string} [at] */
  async load(at) {
    this.asked += 1;
    const { asked } = this;
    const answer = await fetch(`/api/v1/incidents/${this.incident}/sketch${at ? `?at=${encodeURIComponent(at)}` : ""}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const marks = await answer.json();
    if (asked !== this.asked) return;
    this.marks = marks;
    this.past = Boolean(at);
    this.show();
  }

  show() {
    /** @type {any} */ (this.map.getSource("marks"))?.setData(this.data());
    const undo = /** @type {HTMLButtonElement | null} */ (part("undo-mine"));
    if (undo) undo.disabled = this.past || this.mine().length === 0;
    // The drawings as words too: for who reads the page and not the map.
    /** @type {HTMLElement} */ (part("wall-map")).dataset.marks = String(this.marks.length);
  }

  data() {
    const features = this.marks.map(({ id, kind, shape, words, by_name, done_at }) => ({
      type: "Feature", geometry: shape,
      properties: { id, kind, said: [words, this.words.drawn.replace("{name}", by_name).replace("{time}", clock(done_at))].filter(Boolean).join("\n") },
    }));
    return { type: "FeatureCollection", features };
  }

  build() {
    if (this.map.getSource("marks")) return;
    const { ink, surface } = palette();
    this.map.addSource("marks", { type: "geojson", data: /** @type {any} */ (this.data()) });
    this.map.addLayer({ id: "mark-fill", type: "fill", source: "marks", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink, "fill-opacity": 0.14 } });
    this.map.addLayer({ id: "mark-line", type: "line", source: "marks", filter: ["!=", ["geometry-type"], "Point"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": ink, "line-width": 3, "line-dasharray": [2, 1.4] } });
    this.map.addLayer({ id: "mark-point", type: "circle", source: "marks", filter: ["==", ["get", "kind"], "point"], paint: { "circle-radius": 6, "circle-color": surface, "circle-stroke-color": ink, "circle-stroke-width": 3 } });
    this.map.addLayer({
      id: "mark-words", type: "symbol", source: "marks",
      layout: { "text-field": ["get", "said"], "text-font": FONT, "text-size": ["match", ["get", "kind"], "text", 16, 12], "text-anchor": ["match", ["get", "kind"], "point", "top", "center"], "text-offset": ["match", ["get", "kind"], "point", ["literal", [0, 0.8]], ["literal", [0, 0]]], "text-allow-overlap": true },
      paint: { "text-color": ink, "text-halo-color": surface, "text-halo-width": 2 },
    });
  }
}
