// The area that was drawn for an incident, or for which a warning holds, on a map of ours.

/** @typedef {import("/static/vendor/maplibre-gl.mjs").Map} Drawn */

/**
 * Show the area, also after the map took another theme.
 * @param {Drawn} map @param {any} shape @param {() => string | undefined} colour @param {number} [opacity] @param {number} [width]
 */
export function showExtent(map, shape, colour, opacity = 0.15, width = 2.5) {
  const show = () => {
    if (map.getSource("extent")) return;
    const fill = colour() ?? "";
    map.addSource("extent", { type: "geojson", data: shape });
    map.addLayer({ id: "extent", type: "fill", source: "extent", paint: { "fill-color": fill, "fill-opacity": opacity } });
    map.getContainer().dataset.extent = "true";
    map.addLayer({ id: "extent-edge", type: "line", source: "extent", paint: { "line-color": fill, "line-width": width } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
}

/** West, south, east and north of an area of parts, in degrees. @param {any} shape @returns {[number, number, number, number]} */
export function boundsOf(shape) {
  const places = shape.coordinates.flat(2);
  const lons = places.map((/** @type {number[]} */ place) => place[0]);
  const lats = places.map((/** @type {number[]} */ place) => place[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
