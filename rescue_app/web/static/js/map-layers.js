// Which layers are shown; what differs from the usual stands in the address.

import { asked, note } from "./map-address.js";

/** Layers of the style by the name that people switch. @type {Record<string, string[]>} */
const MEMBERS = {
  points: ["rings", "points"],
  assets: ["assets"],
  stations: ["stations", "station-counts", "selected-station"],
  alerts: ["alerts", "alert-edges", "alert-names"],
  events: ["event-circles", "event-edges", "event-unknown", "events"],
  proposals: ["lit-hot", "lit-doubt", "lit-edge", "lit-record", "lit-day", "proposals", "proposal-counts"],
  susceptibility: ["susceptibility"],
  water: ["water", "water-lines"],
  districts: ["district-lines"],
  streets: ["street-lines"],
  communities: ["community-lines", "grid-lines"],
  labels: ["grid-names", "community-names", "street-names", "district-names"],
};

/** Shown only when somebody asks for it. */
const ON_REQUEST = ["events", "proposals", "susceptibility"];

/** The base map has whatever layers its makers gave it. @param {any} layer */
const isGround = (layer) => layer.source === "basemap";

const named = (/** @type {string} */ part) => asked(part).split(",").filter(Boolean);

const hidden = () => [...named("hide"), ...ON_REQUEST.filter((name) => !named("show").includes(name))];

/** @param {any[]} layers of the style, where what is shown on request alone is hidden */
export function shown(layers) {
  const away = new Set(hidden().flatMap((name) => MEMBERS[name] ?? []));
  const bare = hidden().includes("basemap");
  const isAway = (/** @type {any} */ layer) => away.has(layer.id) || (bare && isGround(layer));
  return layers.map((layer) => ({ ...layer, layout: { ...layer.layout, visibility: isAway(layer) ? "none" : "visible" } }));
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
    const all = [...boxes()];
    const hide = all.filter((box) => !box.checked && !ON_REQUEST.includes(box.value)).map((box) => box.value);
    const show = all.filter((box) => box.checked && ON_REQUEST.includes(box.value)).map((box) => box.value);
    note({ asked: { hide: hide.join(","), show: show.join(",") } }, { step: true });
    redraw();
  });
}
