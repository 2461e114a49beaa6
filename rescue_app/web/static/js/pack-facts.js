// What a patrol finds at a label without a network, out of the pack: closure, mode with its age,
// whom to call, the way around, links, what to do and where the materials lie.

import { metresTo } from "./ground.js";
import { clock } from "./pack-box.js";

/** @typedef {import("./pack.js").Pack} Pack */
/** @typedef {import("./pack.js").Asset} Asset */
/** @typedef {import("./pack.js").Mode} Mode */

const english = document.documentElement.lang === "en";
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** @param {import("./pack.js").Said} said */
export const word = (said) => (english ? said.en || said.zh : said.zh);

/** @param {string} id */
export function model(id) {
  const found = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const made = /** @type {DocumentFragment} */ (found.content.cloneNode(true));
  return /** @type {HTMLElement} */ (made.firstElementChild);
}

/** @param {ParentNode} among @param {string} place @param {string} text */
export function fill(among, place, text) {
  const spot = among.querySelector(`[data-fill="${place}"]`);
  if (spot) spot.textContent = text;
}

/** @param {string} place */
const spot = (place) => /** @type {HTMLElement} */ (document.querySelector(`[data-${place}]`));

/** A number to call. @param {string} who @param {string} phone @param {string} [role] */
function call(who, phone, role = "") {
  const made = /** @type {HTMLAnchorElement} */ (model("model-call"));
  made.href = `tel:${phone}`;
  fill(made, "role", role);
  fill(made, "text", who);
  fill(made, "phone", phone);
  return made;
}

/** Say how old the pack's word on the mode is: nobody is to take it for that of this minute.
 * @param {Pack} pack @param {Mode} mode */
export function showMode(pack, mode) {
  const line = spot("mode");
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(pack.made_at)) / MINUTE_MS));
  const { hours = "", minutes: few = "" } = line.dataset;
  const age = minutes < HOUR_MINUTES ? few.replace("{count}", String(minutes)) : hours.replace("{count}", String(Math.floor(minutes / HOUR_MINUTES)));
  line.className = `band ${mode === "war" ? "red" : mode === "urgent" ? "orange" : ""}`;
  line.textContent = (line.dataset[mode] ?? "").replace("{age}", age);
}

/** @param {Asset} asset */
function showClosure({ closed }) {
  const box = spot("closure");
  box.hidden = !closed;
  if (!closed) return;
  fill(box, "since", (box.dataset.since ?? "").replace("{time}", clock(closed.closed_at)));
  fill(box, "reason", closed.reason);
  fill(box, "unit", closed.unit);
  fill(box, "until", closed.expected_at ? (box.dataset.until ?? "").replace("{time}", clock(closed.expected_at)) : (box.dataset.open ?? ""));
}

/** @param {Pack} pack @param {Asset} asset */
function showCalls(pack, asset) {
  const words = spot("calls").dataset;
  const rungs = (asset.chain === null ? [] : pack.chains[asset.chain]).map((rung) =>
    call(`${rung.name} ${rung.post} ${rung.unit}`.replace(/\s+/g, " ").trim(), rung.phone, words[rung.kind]));
  const keeper = asset.phone ? [call(asset.owner, asset.phone, words.keeper)] : [];
  const others = pack.contacts.map(({ name, phone }) => call(name, phone));
  const listed = new Set();
  const once = [...rungs, ...keeper, ...others, call("", pack.emergency, words.emergency)].filter((one) => !listed.has(one.href) && listed.add(one.href));
  spot("calls").replaceChildren(...once);
}

/** @param {Asset} asset */
function showWay({ plan }) {
  const box = spot("way");
  box.hidden = !plan;
  if (!plan) return;
  fill(box, "words", plan.words);
  const stops = plan.stops.map((stop) => Object.assign(document.createElement("li"), { textContent: stop.name || (box.dataset.stop ?? "") }));
  box.querySelector("ol")?.replaceChildren(...stops);
  const closer = plan.phone ? [call(plan.closer, plan.phone, box.dataset.closes)] : [];
  /** @type {HTMLElement} */ (box.querySelector("[data-closer]")).replaceChildren(...closer);
}

/** @param {Asset} asset */
function showLinks({ links }) {
  const box = spot("links");
  box.hidden = !links.length;
  const rows = links.flatMap((link) => {
    const line = model("model-link");
    fill(line, "said", word(link));
    fill(line, "name", link.name);
    fill(line, "closed", link.closed ? (box.dataset.closed ?? "") : "");
    return link.phone ? [line, call(link.owner, link.phone, box.dataset.keeper)] : [line];
  });
  box.querySelector("[data-rows]")?.replaceChildren(...rows);
}

/** @param {Pack} pack @param {Asset} asset @param {Mode} mode */
function showMeasures(pack, asset, mode) {
  const box = spot("measures");
  const cards = pack.measures
    .filter((card) => card.assets.includes(asset.type) && card.modes.includes(asset.closed && mode === "peace" ? "urgent" : mode))
    .sort((one, other) => one.modes.length - other.modes.length);
  box.hidden = !cards.length;
  const shown = cards.map((card) => {
    const made = model("model-card");
    fill(made, "hazard", word(card.hazard));
    fill(made, "name", word(card.name));
    const steps = card.steps.map((step) => {
      const row = Object.assign(document.createElement("li"), { textContent: `${word(step)} ` });
      row.append(Object.assign(document.createElement("small"), { textContent: word(step.who) }));
      return row;
    });
    made.querySelector("ol")?.replaceChildren(...steps);
    return made;
  });
  box.querySelector("[data-rows]")?.replaceChildren(...shown, ...stores(pack, asset, cards.flatMap((card) => card.materials)));
}

/** @param {Pack} pack @param {Asset} asset @param {import("./pack.js").Need[]} needs */
function stores(pack, asset, needs) {
  const wanted = new Map(needs.map((need) => [need.code, need]));
  const near = pack.stores.map((store) => ({ store, metres: metresTo([store.lon, store.lat], asset.lines) }));
  const useful = near.filter(({ store }) => Object.keys(store.stock).some((code) => wanted.has(code)));
  return useful.sort((one, other) => one.metres - other.metres).flatMap(({ store, metres }) => {
    const made = model("model-store");
    fill(made, "name", store.name);
    fill(made, "away", `${Math.round(metres / 10) * 10} m`);
    const held = [...wanted.values()].filter((need) => need.code in store.stock);
    fill(made, "stock", held.map((need) => `${word(need)} ${store.stock[need.code]} ${word(need.unit)}`.trim()).join(english ? ", " : "，"));
    fill(made, "address", store.address);
    return store.phone ? [made, call(store.keeper, store.phone)] : [made];
  });
}

/** Show what surrounds a label. @param {Pack} pack @param {string} code @param {Mode} mode */
export function showFacts(pack, code, mode) {
  const asset = pack.assets[code];
  showMode(pack, mode);
  showClosure(asset);
  showCalls(pack, asset);
  showWay(asset);
  showLinks(asset);
  showMeasures(pack, asset, mode);
}
