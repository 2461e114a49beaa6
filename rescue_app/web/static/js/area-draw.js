// An area as corners in a text field, one a line, with an empty line between two parts: clicks on a
// map add corners, what is typed is drawn as well.

const DIGITS = 6;
const PAIR = /^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$/;

/** @param {string} text @returns {[number, number][]} */
const corners = (text) => text.split("\n").flatMap((line) => {
  const found = PAIR.exec(line);
  return found ? [/** @type {[number, number]} */ ([Number(found[1]), Number(found[2])])] : [];
});

/** @param {string} text @returns {any} the corners, and from the third on the area of each part */
function drawn(text) {
  const rings = text.split(/\n\s*\n/).map(corners).filter((ring) => ring.length);
  const shapes = [/** @type {any} */ ({ type: "MultiPoint", coordinates: rings.flat() })];
  for (const ring of rings) if (ring.length > 2) shapes.push({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  return { type: "FeatureCollection", features: shapes.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

/**
 * Draw what stands in the field, in a colour that may change.
 * @param {import("/static/vendor/maplibre-gl.mjs").Map} map @param {HTMLTextAreaElement} field
 * @param {() => {fill: string, ink: string}} paint
 */
export function drawArea(map, field, paint) {
  const show = () => {
    const { fill, ink } = paint();
    const source = /** @type {any} */ (map.getSource("area"));
    if (source) {
      source.setData(drawn(field.value));
      map.setPaintProperty("area", "fill-color", fill);
      return map.setPaintProperty("area-edge", "line-color", fill);
    }
    map.addSource("area", { type: "geojson", data: drawn(field.value) });
    const ring = /** @type {any} */ (["==", ["geometry-type"], "Polygon"]);
    map.addLayer({ id: "area", type: "fill", source: "area", filter: ring, paint: { "fill-color": fill, "fill-opacity": 0.15 } });
    map.addLayer({ id: "area-edge", type: "line", source: "area", filter: ring, paint: { "line-color": fill, "line-width": 2.5 } });
    map.addLayer({ id: "area-corners", type: "circle", source: "area", filter: ["!", ring], paint: { "circle-color": ink, "circle-radius": 4 } });
  };
  map.on("style.load", show);
  if (map.isStyleLoaded()) show();
  field.addEventListener("input", show);
  document.getElementById("last-away")?.addEventListener("click", () => {
    field.value = field.value.trimEnd().split("\n").slice(0, -1).join("\n");
    show();
  });
  const add = (/** @type {{lng: number, lat: number}} */ at) => {
    const begun = /\n\s*\n$/.test(field.value) ? field.value : field.value.trimEnd() + (field.value.trim() ? "\n" : "");
    field.value = `${begun}${at.lng.toFixed(DIGITS)} ${at.lat.toFixed(DIGITS)}`.trimStart();
    show();
  };
  return { show, add };
}
