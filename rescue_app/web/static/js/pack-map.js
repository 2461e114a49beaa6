// The map of the packs on the phone: our own tiles out of its store, the places of the round, the
// labelled assets, what is closed with the way around it, and where the phone is; it says which way
// the next one lies. Without a pack the same map is drawn from the server.

import { get } from "./field-store.js";
import { metresTo } from "./ground.js";
import { digestOf } from "./pack-fetch.js";
import { barriersOf, layersOf, linesOf, tellWays, withWays } from "./pack-ways.js";

/** @typedef {import("./pack.js").Held} Held */
/** @typedef {[number, number]} Spot longitude, latitude */
/** @typedef {{name: string, at: Spot, number: number}} Stop */
/** @typedef {typeof import("/static/vendor/maplibre-gl.mjs")} Library */

const LIBRARY = "/static/vendor/maplibre-gl.mjs";
const SHEET = "/static/vendor/maplibre-gl.css";
const STYLE = "/static/map/style.json";
/** What the map is made of and no page names. */
export const MAP_PARTS = [
  LIBRARY, SHEET, STYLE, "/static/js/map-style.js", "/static/js/map-images.js", "/static/vendor/maplibre-gl-shared.mjs", "/static/vendor/maplibre-gl-worker.mjs",
  "/static/icons/ui.svg", "/static/icons/hazards.svg",
];
const FARTHEST = 11;
const NEAREST = 14;
const FULL_TURN = 360;
const WINDS = 8;
const GAPLESS = { enableHighAccuracy: true, maximumAge: 5_000 };

/** @param {Spot} from @param {Spot} to @returns {number} one of eight, from north round by east */
function wind([x, y], [tx, ty]) {
  const angle = (Math.atan2((tx - x) * Math.cos((y * Math.PI) / 180), ty - y) * 180) / Math.PI;
  return Math.round(((angle + FULL_TURN) % FULL_TURN) / (FULL_TURN / WINDS)) % WINDS;
}

export class MapBox {
  /** @param {HTMLElement} box @param {Stop[]} [stops] */
  constructor(box, stops = []) {
    this.box = box;
    this.stops = stops;
    this.button = /** @type {HTMLButtonElement} */ (box.querySelector("button"));
    this.canvas = /** @type {HTMLElement} */ (box.querySelector("[data-canvas]"));
    this.line = /** @type {HTMLElement} */ (box.querySelector("[data-next]"));
    /** @type {Held[]} */
    this.packs = [];
    /** @type {import("/static/vendor/maplibre-gl.mjs").Map | null} */
    this.map = null;
    /** @type {Spot | null} */
    this.aim = null;
    this.code = "";
    /** @type {Spot | null} */
    this.here = null;
    this.watching = 0;
    /** @type {Library | null} */
    this.library = null;
    /** @type {import("/static/vendor/maplibre-gl.mjs").Marker[]} */
    this.marks = [];
    /** @type {import("/static/vendor/maplibre-gl.mjs").Marker[]} */
    this.barriers = [];
    this.button.addEventListener("click", () => void this.toggle());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.unwatch() : this.map && this.watch()));
  }

  /** Offer the map where there is something to show. @param {Held[]} packs */
  offer(packs) {
    this.packs = packs.filter((one) => one.state === "good");
    this.box.hidden = !this.packs.length && !this.stops.length;
    this.showWays();
  }

  /** @param {Spot | null} place @param {string} [code] the label that is open there */
  lookAt(place, code = "") {
    this.aim = place;
    this.code = code;
    this.showWays();
    if (place) this.map?.jumpTo({ center: place, zoom: NEAREST + 1 });
    this.sayNext();
  }

  async toggle() {
    const open = this.canvas.hidden;
    this.button.setAttribute("aria-expanded", String(open));
    this.canvas.hidden = !open;
    if (!open) {
      this.unwatch();
      this.map?.remove();
      this.map = null;
      return;
    }
    try {
      await this.draw();
      this.watch();
    } catch {
      this.line.textContent = this.box.dataset.broken ?? "";
    }
  }

  async draw() {
    const sheet = document.querySelector(`link[href="${SHEET}"]`) ?? Object.assign(document.createElement("link"), { rel: "stylesheet", href: SHEET });
    document.head.append(sheet);
    // Only who opens the map waits for what draws it.
    const [{ loadStyle, palette, style }, { drawOnDemand, Pictures }] = await Promise.all([import("./map-style.js"), import("./map-images.js")]);
    /** @type {Library} */
    const library = await import(LIBRARY);
    const carried = this.packs.some((one) => one.pack?.ground.length);
    const [pictures] = await Promise.all([Pictures.load(), loadStyle(carried ? STYLE : undefined)]);
    if (carried) library.addProtocol("pack", async ({ url }) => ({ data: await this.square(url) }));
    const map = new library.Map({
      container: this.canvas,
      style: this.look(carried, style),
      bounds: this.bounds(),
      fitBoundsOptions: { padding: 40, maxZoom: NEAREST + 1 },
      minZoom: FARTHEST - 1,
      maxZoom: 18,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      localIdeographFontFamily: false,
      locale: { "Map.Title": this.box.dataset.label ?? "" },
    });
    this.map = map;
    drawOnDemand(map, pictures, palette);
    map.on("idle", () => (this.canvas.dataset.drawn = "true"));
    this.library = library;
    this.showStops();
    this.me = new library.Marker({ element: this.pin("map-me", "") });
    this.showWays();
    if (this.aim) this.lookAt(this.aim, this.code);
    this.sayNext();
  }

  /** The page's own style, with the pack's tiles in the place of the server's.
   * @param {boolean} carried @param {typeof import("./map-style.js").style} style */
  look(carried, style) {
    const { focus = "/" } = this.box.dataset;
    const question = new URLSearchParams();
    const locale = document.documentElement.lang === "en" ? "en" : "zh";
    const plain = style({ origin: location.origin, question, locale, focus, selected: "" });
    const ways = { type: /** @type {const} */ ("geojson"), data: linesOf(withWays(this.packs, this.code)) };
    const whole = { ...plain, sources: { ...plain.sources, ways }, layers: [...plain.layers, ...layersOf("ways")] };
    if (!carried) return whole;
    const nearest = Math.max(...this.packs.flatMap((one) => one.pack?.ground.map((square) => square[0]) ?? []));
    const pack = { type: /** @type {const} */ ("vector"), tiles: ["pack://{z}/{x}/{y}"], minzoom: FARTHEST, maxzoom: nearest };
    const layers = whole.layers
      .filter((layer) => !("source" in layer) || ["areas", "assets", "points", "ways"].includes(String(layer.source)))
      .map((layer) => ("source" in layer && layer.source !== "ways" ? { ...layer, source: "pack" } : layer));
    return { ...whole, sources: { pack, ways }, layers: /** @type {typeof whole.layers} */ (layers) };
  }

  /** Give a square that the signed list names; what does not fit its digest is not drawn.
   * @param {string} url @returns {Promise<ArrayBuffer>} */
  async square(url) {
    const [zoom, column, row] = url.replace("pack://", "").split("/").map(Number);
    for (const { pack } of this.packs) {
      const listed = pack?.ground.find(([z, x, y]) => z === zoom && x === column && y === row);
      const bytes = listed && (await get("ground", listed[4]))?.bytes;
      if (bytes && (await digestOf(bytes)) === listed[4]) return bytes.slice().buffer;
    }
    return new ArrayBuffer(0);
  }

  /** @returns {[number, number, number, number]} */
  bounds() {
    const spots = this.stops.length ? this.stops.map((stop) => stop.at) : this.packs.flatMap((one) => Object.values(one.pack?.assets ?? {}).flatMap((asset) => asset.lines.flat()));
    const [xs, ys] = [spots.map((spot) => spot[0]), spots.map((spot) => spot[1])];
    return spots.length ? [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] : [105.2, 28.1, 110.2, 32.2];
  }

  /** @param {string} name @param {string} text */
  pin(name, text) {
    return Object.assign(document.createElement("span"), { className: name, textContent: text });
  }

  /** The round was drawn anew, or a stop of it was answered. @param {Stop[]} stops */
  follow(stops) {
    this.stops = stops;
    this.offer(this.packs);
    this.showStops();
    this.sayNext();
  }

  showStops() {
    const { map, library } = this;
    if (!map || !library) return;
    this.marks.forEach((mark) => mark.remove());
    this.marks = this.stops.map((stop) => {
      const name = this.isDone(stop) ? "map-stop done" : "map-stop";
      return new library.Marker({ element: this.pin(name, String(stop.number)) }).setLngLat(stop.at).addTo(map);
    });
  }

  /** What is closed, where, and the way around it. */
  showWays() {
    const assets = withWays(this.packs, this.code);
    const told = /** @type {HTMLElement | null} */ (this.box.querySelector("[data-ways]"));
    if (told) tellWays(told, assets);
    const { map, library } = this;
    if (!map || !library) return;
    const source = /** @type {import("/static/vendor/maplibre-gl.mjs").GeoJSONSource | undefined} */ (map.getSource("ways"));
    source?.setData(linesOf(assets));
    this.barriers.forEach((mark) => mark.remove());
    this.barriers = barriersOf(assets).map(({ name, at }) => {
      const element = Object.assign(this.pin("map-shut", "×"), { title: name });
      return new library.Marker({ element }).setLngLat(at).addTo(map);
    });
  }

  watch() {
    this.unwatch();
    const found = navigator.geolocation?.watchPosition(({ coords }) => {
      const isFirst = !this.here;
      this.here = [coords.longitude, coords.latitude];
      if (!this.map) return;
      this.me?.setLngLat(this.here).addTo(this.map);
      if (isFirst && !this.aim && !this.map.getBounds().contains(this.here)) this.map.fitBounds(this.map.getBounds().extend(this.here), { padding: 40 });
      this.sayNext();
    }, () => this.sayNext(), GAPLESS);
    this.watching = found ?? 0;
  }

  unwatch() {
    navigator.geolocation?.clearWatch(this.watching);
  }

  /** How far and which way the next stop lies, or the label that is open. */
  sayNext() {
    const next = this.aim ? { name: "", at: this.aim } : this.stops.find((stop) => !this.isDone(stop));
    const { next: words = "", nowhere = "", winds = "" } = this.box.dataset;
    if (!next || !this.map) this.line.textContent = "";
    else if (!this.here) this.line.textContent = nowhere.replace("{name}", next.name);
    else {
      const metres = Math.round(metresTo(this.here, [[next.at]]));
      const way = winds.split("|")[wind(this.here, next.at)];
      this.line.textContent = words.replace("{name}", next.name).replace("{metres}", metres.toLocaleString()).replace("{way}", way);
    }
  }

  /** @param {Stop} stop */
  isDone({ number }) {
    return document.querySelector(`ol.stops li:nth-child(${number}) a.answered`) !== null;
  }
}
