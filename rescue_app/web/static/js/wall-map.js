// The crews on the wall's map: one source, brought up to date by what changed. Five thousand of them
// are never drawn from the page's tree, and one that moves costs one feature.

import { LngLatBounds } from "/static/vendor/maplibre-gl.mjs";
import { palette } from "./map-style.js";
import { GROUPS } from "./wall-board.js";

/** @typedef {import("./wall-board.js").Board} Board */
/** @typedef {import("./wall-board.js").Hop} Hop */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").Map} Drawn */

const FONT = ["PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif"];
const SIGNS_FROM = 8.5;
const NAMES_FROM = 12.5;
const WALL = matchMedia("(min-width: 2560px)");
const CLOSE_ZOOM = 14;

export class CrewLayer {
  /** @type {Map<string, string>} what each feature on the map says */ shown = new Map();
  begun = false;

  /** @param {Drawn} map @param {Board} board @param {any} words @param {(hop: Hop) => void} onPick */
  constructor(map, board, words, onPick) {
    this.map = map;
    this.board = board;
    this.words = words;
    /** @type {(hop: Hop) => boolean} */
    this.wanted = () => true;
    const layers = ["crews", "crew-signs"];
    map.on("style.load", () => this.build());
    if (map.isStyleLoaded()) this.build();
    map.on("click", layers, (event) => {
      const hop = board.hops.get(String(event.features?.[0]?.properties?.id));
      if (hop) onPick(hop);
    });
    map.on("mouseenter", "crews", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "crews", () => (map.getCanvas().style.cursor = ""));
  }

  build() {
    if (this.map.getSource("crews")) return;
    const { ink, surface, grades } = palette();
    const tone = (/** @type {string} */ grade) => grades[grade]?.fill ?? ink;
    /** @type {any} */
    const fill = ["match", ["get", "group"], "late", tone("I"), "silent", tone("II"), "cannot", surface, "answered", surface, "done", tone("none"), ink];
    /** @type {any} */
    const edge = ["match", ["get", "group"], ["late", "silent"], surface, "cannot", tone("I"), "done", surface, ink];
    /** @type {any} */
    const sign = ["match", ["get", "group"], "late", grades.I?.on ?? surface, "silent", grades.II?.on ?? surface, "cannot", tone("I"), "answered", ink, surface];
    const grow = WALL.matches ? 1.5 : 1;
    this.map.addSource("crews", { type: "geojson", promoteId: "id", data: { type: "FeatureCollection", features: this.features() } });
    this.map.addLayer({
      id: "crews", type: "circle", source: "crews", layout: { "circle-sort-key": ["-", 0, ["get", "rank"]] },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, ["*", 3.5 * grow, ["get", "size"]], 11, ["*", 7 * grow, ["get", "size"]], 14, ["*", 10 * grow, ["get", "size"]]],
        "circle-color": fill, "circle-stroke-color": edge, "circle-stroke-width": ["match", ["get", "group"], ["cannot", "answered"], 2 * grow, grow],
      },
    });
    this.map.addLayer({
      id: "crew-signs", type: "symbol", source: "crews", minzoom: SIGNS_FROM,
      layout: { "text-field": ["get", "sign"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 8, 8 * grow, 12, 13 * grow], "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": sign },
    });
    this.map.addLayer({
      id: "crew-names", type: "symbol", source: "crews", minzoom: NAMES_FROM,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 * grow, "text-anchor": "top", "text-offset": [0, 1], "symbol-sort-key": ["get", "rank"] },
      paint: { "text-color": ink, "text-halo-color": surface, "text-halo-width": 1.6 },
    });
    this.begin();
  }

  /** @returns {any[]} */
  features() {
    this.shown.clear();
    const found = [];
    for (const hop of this.board.hops.values()) {
      const feature = this.feature(hop);
      if (!feature) continue;
      this.shown.set(hop.id, JSON.stringify(feature));
      found.push(feature);
    }
    return found;
  }

  /** @param {Hop} hop @returns {any} nothing where it has no place or is not asked for */
  feature(hop) {
    const group = ["crew", "member"].includes(hop.holder) ? this.board.group(hop) : "";
    if (!group || hop.lon === null || hop.lat === null || !this.wanted(hop)) return null;
    const name = this.words.locale === "zh" || !hop.nameEn ? hop.name : hop.nameEn;
    return {
      type: "Feature", id: hop.id, geometry: { type: "Point", coordinates: [hop.lon, hop.lat] },
      properties: { id: hop.id, group, size: hop.holder === "member" ? 0.7 : 1, rank: GROUPS.indexOf(group), sign: this.words.signs[group], name },
    };
  }

  /** Bring the map to where these hops are; give how many features that took. @param {Iterable<Hop>} hops */
  update(hops) {
    /** @type {any} */
    const source = this.map.getSource("crews");
    /** @type {{add: any[], remove: string[]}} */
    const change = { add: [], remove: [] };
    for (const hop of hops) {
      const feature = this.feature(hop);
      const said = feature ? JSON.stringify(feature) : undefined;
      if (said === this.shown.get(hop.id)) continue;
      // One that is there already is taken out and put in anew: the last word is the whole of it.
      if (this.shown.delete(hop.id)) change.remove.push(hop.id);
      if (!said) continue;
      this.shown.set(hop.id, said);
      change.add.push(feature);
    }
    const count = change.add.length + change.remove.length;
    if (count && source) source.updateData(change);
    return count;
  }

  /** Draw everything anew: another moment, or another wish. */
  redraw() {
    /** @type {any} */ (this.map.getSource("crews"))?.setData({ type: "FeatureCollection", features: this.features() });
    this.begin();
  }

  /** Show all of them where most lie beyond what the map begins with: an order may go to a whole city. */
  begin() {
    const [places, sight] = [this.places(), this.map.getBounds()];
    if (this.begun || !Object.keys(this.board.numbers).length) return;
    this.begun = true;
    if (places.filter((place) => sight.contains(place)).length * 2 < places.length) this.frame();
  }

  /** Bring all crews into sight. */
  frame() {
    const all = new LngLatBounds();
    for (const place of this.places()) all.extend(place);
    if (!all.isEmpty()) this.map.fitBounds(all, { padding: 48, maxZoom: CLOSE_ZOOM, duration: 0 });
  }

  /** @returns {[number, number][]} */
  places() {
    return [...this.board.hops.values()].flatMap((hop) => (this.shown.has(hop.id) ? [/** @type {[number, number]} */ ([hop.lon, hop.lat])] : []));
  }

  /** @param {Hop} hop */
  goTo(hop) {
    if (hop.lon !== null && hop.lat !== null) this.map.easeTo({ center: [hop.lon, hop.lat], zoom: Math.max(this.map.getZoom(), CLOSE_ZOOM), duration: 300 });
  }
}
