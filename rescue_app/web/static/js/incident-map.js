// Where an incident is, its pin and the area that was drawn; and where a warning holds.

import { boundsOf, showExtent } from "./extent.js";
import { drawPlace } from "./place-map.js";
import { palette } from "./map-style.js";

const box = document.getElementById("incident-map");
const PADDING = 32;

/** @param {HTMLElement} place */
async function start(place) {
  const { map } = await drawPlace(place);
  if (!place.dataset.shape) return;
  const data = JSON.parse(place.dataset.shape);
  showExtent(map, data, () => palette().tones[place.dataset.tone ?? "red"]?.fill);
  map.fitBounds(boundsOf(data), { padding: PADDING, animate: false, maxZoom: 15 });
}

if (box) start(box).catch(() => box.closest(".card")?.remove());
