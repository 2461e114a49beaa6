// The stations on the wall's map stand as they stand now: what one of them did draws them anew, a
// storm of readings at most once in a while.

import { tiles } from "./map-style.js";

const GATHER_MS = 2000;
export const OF_STATIONS = ["station", "judgement"];

/** @param {import("/static/vendor/maplibre-gl.mjs").Map} map @returns {() => void} to be called whenever one changed */
export function stationsOf(map) {
  let timer = 0;
  let last = 0;
  const redraw = () => {
    timer = 0;
    last = Date.now();
    /** @type {any} */ (map.getSource("stations"))?.setTiles([tiles(location.origin, "stations")]);
  };
  return () => void (timer ||= window.setTimeout(redraw, Math.max(0, last + GATHER_MS - Date.now())));
}
