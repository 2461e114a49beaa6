// What is closed to traffic and the way around it, out of the packs: drawn on the map of the phone
// and told below it, for who does not see it drawn.

import { clock } from "./pack-box.js";

/** @typedef {import("./pack.js").Held} Held */
/** @typedef {import("./pack.js").Asset} Asset */
/** @typedef {[number, number]} Spot */
/** @typedef {import("/static/vendor/maplibre-gl.mjs").LayerSpecification} Layer */

/** All that is closed, and what is open on the page with a plan: that is drawn before it is closed.
 * @param {Held[]} packs @param {string} code @returns {Asset[]} */
export function withWays(packs, code) {
  const all = packs.flatMap(({ pack }) => Object.entries(pack?.assets ?? {}));
  return all.filter(([own, { closed, plan }]) => closed || (plan && own === code)).map(([, asset]) => asset);
}

/** @param {Asset[]} assets */
export function linesOf(assets) {
  const drawn = (/** @type {string} */ kind, /** @type {import("./pack.js").Lines} */ lines) =>
    lines.filter((line) => line.length > 1).map((coordinates) => ({ type: /** @type {const} */ ("Feature"), properties: { kind }, geometry: { type: /** @type {const} */ ("LineString"), coordinates } }));
  const features = assets.flatMap(({ lines, plan, closed }) => [...(closed ? drawn("closed", lines) : []), ...drawn("detour", plan?.detour ?? [])]);
  return { type: /** @type {const} */ ("FeatureCollection"), features };
}

/** Where it is closed: at the barriers of its plan, else in its own middle. @param {Asset[]} assets
 * @returns {{name: string, at: Spot}[]} */
export function barriersOf(assets) {
  return assets.flatMap(({ name, lines, plan, closed }) => {
    if (plan?.stops.length) return plan.stops.map((stop) => ({ name: stop.name || name, at: /** @type {Spot} */ ([stop.lon, stop.lat]) }));
    return closed && lines[0]?.length ? [{ name, at: lines[0][Math.floor(lines[0].length / 2)] }] : [];
  });
}

/** @param {string} source @returns {Layer[]} */
export function layersOf(source) {
  const tokens = getComputedStyle(document.documentElement);
  const line = (/** @type {string} */ kind, /** @type {object} */ paint) => /** @type {Layer} */ ({
    id: `way-${kind}`, type: "line", source, filter: ["==", ["get", "kind"], kind], layout: { "line-cap": "round", "line-join": "round" }, paint,
  });
  return [
    line("closed", { "line-color": tokens.getPropertyValue("--red").trim(), "line-width": 7 }),
    line("detour", { "line-color": tokens.getPropertyValue("--ink").trim(), "line-width": 5, "line-dasharray": [0.1, 1.8] }),
  ];
}

/** Tell it in words. @param {HTMLElement} box @param {Asset[]} assets */
export function tellWays(box, assets) {
  const { closed: shut = "", until = "", unknown = "", around = "" } = box.dataset;
  const rows = assets.filter((one) => one.closed).map(({ name, closed, plan }) => {
    const opens = closed?.expected_at ? until.replace("{time}", clock(closed.expected_at)) : unknown;
    const way = plan?.words ? around.replace("{words}", plan.words) : "";
    const said = shut.replace("{name}", name).replace("{until}", opens);
    return Object.assign(document.createElement("li"), { textContent: `${said}${way}` });
  });
  box.querySelector("ul")?.replaceChildren(...rows);
  box.hidden = !assets.length;
}
