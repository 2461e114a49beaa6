// What the page itself gives the map to draw: the sketch, the records of what is selected, files.

/** @typedef {import("/static/vendor/maplibre-gl.mjs").GeoJSONSource} Source */

/** What is drawn already costs no drawing; a file is asked for anew.
 * @param {import("/static/vendor/maplibre-gl.mjs").Map | null} map @param {string} layer @param {any} data GeoJSON, or its address */
export function putData(map, layer, data) {
  const source = /** @type {Source | undefined} */ (map?.getSource(layer));
  const same = typeof data !== "string" && JSON.stringify(source?.serialize().data) === JSON.stringify(data);
  if (!same) source?.setData(data);
}
