// Where the crews of an order were last, on its map; the same places stand as words in the tree.

import { Marker } from "/static/vendor/maplibre-gl.mjs";

/** @type {Map<string, Marker>} */
const marks = new Map();

/** Draw what the tree says now. @param {any} map @param {HTMLElement} tree */
export function markCrews(map, tree) {
  const seen = new Set();
  for (const said of /** @type {NodeListOf<HTMLElement>} */ (tree.querySelectorAll("[data-place]"))) {
    const hop = said.closest("li")?.id ?? "";
    const { lon = "", lat = "", name = "" } = said.dataset;
    const mark = marks.get(hop) ?? new Marker({ element: sign() });
    mark.getElement().title = name;
    mark.getElement().textContent = name;
    mark.setLngLat([Number(lon), Number(lat)]).addTo(map);
    marks.set(hop, mark);
    seen.add(hop);
  }
  for (const [hop, mark] of marks) if (!seen.has(hop)) mark.remove();
}

function sign() {
  const element = document.createElement("span");
  element.className = "crew-mark";
  return element;
}
