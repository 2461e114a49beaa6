// The map of today's round: the places in the order of the way, out of the packs on the phone.

import { held } from "./pack.js";
import { MapBox, MAP_PARTS } from "./pack-map.js";
import { keepPages } from "./round-pages.js";

/** @typedef {import("./pack-map.js").Stop} Stop */

const account = document.body.dataset.account ?? "";

/** @returns {Stop[]} */
const stops = () =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".stops li[data-lon]"))].map((line, index) => ({
    name: line.querySelector("b")?.textContent ?? "",
    at: [Number(line.dataset.lon), Number(line.dataset.lat)],
    number: index + 1,
  }));

const map = new MapBox(/** @type {HTMLElement} */ (document.getElementById("ground")), stops());
const packs = await held(account).catch(() => []);
map.offer(packs);
if (packs.length) keepPages(account, [], MAP_PARTS).catch(() => undefined);
const list = document.querySelector(".round");
if (list) new MutationObserver(() => map.follow(stops())).observe(list, { childList: true, subtree: true, attributes: true });
