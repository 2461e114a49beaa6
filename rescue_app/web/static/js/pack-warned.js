// The warnings that a pack carries, as of when it was made; while there is a line a pack whose
// warnings have changed is fetched anew by itself.

import { clock } from "./pack-box.js";
import { fill, model, word } from "./pack-facts.js";

/** @typedef {import("./pack.js").Pack} Pack */
/** @typedef {import("./pack-box.js").PackBox} PackBox */

const EVERY_MS = 30_000;

/** Show what was in force at a label, the gravest first; what is over by now is left out.
 * @param {Pack} pack @param {string} code */
export function showWarnings(pack, code) {
  const box = /** @type {HTMLElement} */ (document.querySelector("[data-warnings]"));
  const here = (pack.warned?.all ?? []).filter((one) => (one.codes?.includes(code) ?? true) && Date.parse(one.until) > Date.now());
  box.replaceChildren(
    ...here.map((one) => {
      const bar = model(`model-warn-${one.colour}`);
      const later = Date.parse(one.from) > Date.now() ? `${(box.dataset.from ?? "").replace("{time}", clock(one.from))} · ` : "";
      fill(bar, "head", word(one));
      fill(bar, "drill", one.drill ? (box.dataset.drill ?? "") : "");
      fill(bar, "do", word(one.do));
      fill(bar, "when", later + (box.dataset.when ?? "").replace("{time}", clock(one.until)).replace("{made}", clock(pack.made_at)));
      return bar;
    }),
  );
}

/** Fetch a pack anew once what is in force in its area is not what it says. @param {PackBox} box */
export function followWarnings(box) {
  let asking = false;
  const look = async () => {
    if (asking || document.hidden || !navigator.onLine) return;
    asking = true;
    for (const { state, pack } of box.packs) {
      if (state !== "good" || !pack?.warned) continue;
      const now = await stateOf(pack.warned.path);
      if (now && now !== pack.warned.state && (await box.fetchOne(pack.area.code))) await box.look();
    }
    asking = false;
  };
  setInterval(look, EVERY_MS);
  addEventListener("online", () => void look());
  addEventListener("pageshow", () => void look());
}

/** @param {string} path */
async function stateOf(path) {
  try {
    const told = await fetch(`/warnings/state?at=${path}`);
    return told.ok ? await told.text() : "";
  } catch {
    return "";
  }
}
