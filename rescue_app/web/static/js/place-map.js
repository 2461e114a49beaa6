// A small map of one place: to click where something happened, or to see where an order leads.

import { Map as MapLibre, Marker, NavigationControl } from "/static/vendor/maplibre-gl.mjs";
import { drawOnDemand, Pictures } from "./map-images.js";
import { loadStyle, palette, style } from "./map-style.js";

const CITY = [105.2, 28.1, 110.2, 32.2];
export const NEAR_ZOOM = 12.5;
const TAKES = new Set([" ", "Enter"]);

/** @typedef {{lng: number, lat: number}} Place */

/** @param {HTMLElement} box @returns {Place | null} */
function placeOf(box) {
  const lng = Number.parseFloat(box.dataset.lon ?? "");
  const lat = Number.parseFloat(box.dataset.lat ?? "");
  return Number.isFinite(lng) && Number.isFinite(lat) ? { lng, lat } : null;
}

/** @param {HTMLElement} box */
function look(box) {
  const { locale = "zh", focus = "/" } = box.dataset;
  return style({ origin: location.origin, question: new URLSearchParams(), locale, focus, selected: "" });
}

/**
 * Take each place that is clicked; by keys what lies under the cross in the middle.
 * @param {MapLibre} map @param {(place: Place) => void} take
 */
export function takePlaces(map, take) {
  map.on("click", ({ lngLat }) => take(lngLat));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (!TAKES.has(event.key)) return;
    event.preventDefault();
    take(map.getCenter());
  });
}

/**
 * Draw the map into a box that says where (`data-lon`, `data-lat`, `data-bounds`, `data-focus`).
 * @param {HTMLElement} box @returns {Promise<{map: MapLibre, mark: (place: Place) => void}>}
 */
export async function drawPlace(box) {
  const [pictures] = await Promise.all([Pictures.load(), loadStyle()]);
  const place = placeOf(box);
  const bounds = /** @type {any} */ (box.dataset.bounds ? JSON.parse(box.dataset.bounds) : CITY);
  const map = new MapLibre({
    container: box,
    style: look(box),
    ...(place ? { center: [place.lng, place.lat], zoom: NEAR_ZOOM } : { bounds, fitBoundsOptions: { padding: 16 } }),
    maxZoom: 18,
    minZoom: 5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: false,
    locale: {
      "NavigationControl.ZoomIn": box.dataset.zoomIn ?? "",
      "NavigationControl.ZoomOut": box.dataset.zoomOut ?? "",
      "Map.Title": box.dataset.label ?? "",
      "Marker.Title": box.dataset.pin ?? "",
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  drawOnDemand(map, pictures, palette);
  map.on("idle", () => (box.dataset.drawn = "true"));
  document.addEventListener("yitong:theme", () => map.setStyle(look(box)));
  const pin = new Marker({ color: palette().ink });
  const mark = (/** @type {Place} */ at) => void pin.setLngLat([at.lng, at.lat]).addTo(map);
  if (place) mark(place);
  return { map, mark };
}
