// What the packs say is to be verified on site: each leads to its own page, which is kept in the
// phone as soon as the list is. One that could not be kept says that it needs a network.

import { kept } from "./round-pages.js";
import { all } from "./visits.js";
import { fill, word } from "./pack-facts.js";

/** @typedef {import("./pack.js").Held} Held */
/** @typedef {import("./pack.js").ToVerify} ToVerify */

/** @param {ToVerify} one */
const pageOf = (one) => `/c/${one.code}/findings/${one.id}`;

/** Of packs that are over too: a finding waits longer than a day. @param {Held[]} packs */
const listed = (packs) => packs.flatMap((one) => (one.pack?.verify ?? []).map((found) => ({ found, pack: one.pack })));

/** The pages that the lists lead to. @param {Held[]} packs */
export const pages = (packs) => listed(packs).map(({ found }) => pageOf(found));

/** Show the list; what was answered and not sent yet is marked. @param {Held[]} packs */
export async function show(packs) {
  const box = /** @type {HTMLElement} */ (document.getElementById("verify"));
  const model = /** @type {HTMLTemplateElement} */ (box.querySelector("template"));
  const waiting = new Set((await all()).filter((one) => !one.sent_at && !one.because).map((one) => one.page));
  const rows = listed(packs).map(async ({ found, pack }) => {
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (model.content.cloneNode(true)).firstElementChild);
    const link = /** @type {HTMLAnchorElement} */ (row.querySelector("a"));
    const page = pageOf(found);
    link.href = page;
    link.classList.toggle("answered", waiting.has(page));
    for (const grade of row.querySelectorAll("[data-grade]")) grade.toggleAttribute("hidden", /** @type {HTMLElement} */ (grade).dataset.grade !== String(found.grade));
    fill(row, "name", pack?.assets[found.code]?.name ?? "");
    fill(row, "text", word(found));
    fill(row, "state", waiting.has(page) ? (box.dataset.answered ?? "") : (await kept(page)) ? "" : (box.dataset.network ?? ""));
    return row;
  });
  const shown = await Promise.all(rows);
  box.hidden = !shown.length;
  box.querySelector("ul")?.replaceChildren(...shown);
}
