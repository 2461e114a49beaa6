// A flag at a place somebody named by its coordinates; pressed, it goes.

import { Marker } from "/static/vendor/maplibre-gl.mjs";

export class Mark {
  /** @type {Marker | null} */
  marker = null;

  /** @param {import("/static/vendor/maplibre-gl.mjs").Map} map @param {{lon: number, lat: number}} place @param {string} text */
  put(map, place, text) {
    this.marker?.remove();
    const flag = document.createElement("button");
    flag.type = "button";
    flag.className = "map-mark";
    flag.innerHTML = '<svg class="icon" aria-hidden="true"><use href="/static/icons/ui.svg#map-pin"></use></svg><span></span>';
    /** @type {HTMLElement} */ (flag.lastElementChild).textContent = text;
    flag.addEventListener("click", () => this.marker?.remove());
    this.marker = new Marker({ element: flag, anchor: "bottom" }).setLngLat([place.lon, place.lat]).addTo(map);
  }
}
