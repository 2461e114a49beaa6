// Which layers are shown; what is hidden stands in the address.

import { asked, note } from "./map-address.js";

/** Layers of the style by the name that people switch. @type {Record<string, string[]>} */
const MEMBERS = {
  points: ["rings", "points"],
  assets: ["assets"],
  districts: ["district-lines"],
  streets: ["street-lines"],
  labels: ["street-names", "district-names"],
};

const hidden = () => asked("hide").split(",").filter(Boolean);

/** @param {import("./map-style.js").Layer[]} layers */
export function shown(layers) {
  const away = new Set(hidden().flatMap((name) => MEMBERS[name] ?? []));
  return layers.map((layer) =>
    away.has(layer.id) ? /** @type {any} */ ({ ...layer, layout: { .../** @type {any} */ (layer).layout, visibility: "none" } }) : layer);
}

/** Tick what is shown. */
export function tickLayers() {
  const away = hidden();
  for (const box of boxes()) box.checked = !away.includes(box.value);
}

const boxes = () => /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-layer] input"));

/** @param {() => void} redraw */
export function installLayers(redraw) {
  tickLayers();
  document.getElementById("legend")?.addEventListener("change", () => {
    const away = [...boxes()].filter((box) => !box.checked).map((box) => box.value);
    note({ asked: { hide: away.join(",") } }, { step: true });
    redraw();
  });
}
