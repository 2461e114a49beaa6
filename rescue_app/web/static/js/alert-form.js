// Where a warning holds: each click on the map adds a corner, in the colour that is chosen.

import { drawArea } from "./area-draw.js";
import { drawPlace, takePlaces } from "./place-map.js";
import { palette } from "./map-style.js";

const box = /** @type {HTMLElement} */ (document.getElementById("pick-map"));
const tools = /** @type {HTMLElement} */ (document.getElementById("draw-tools"));
const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("area"));

function paint() {
  const { tones, ink } = palette();
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=colour]:checked"));
  return { fill: chosen ? tones[chosen.value].fill : ink, ink };
}

async function start() {
  box.hidden = tools.hidden = false;
  const { map } = await drawPlace(box);
  const { show, add } = drawArea(map, field, paint);
  takePlaces(map, add);
  for (const one of document.querySelectorAll("[name=colour]")) one.addEventListener("change", show);
}

start().catch(() => (box.hidden = tools.hidden = true));
