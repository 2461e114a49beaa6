// A checklist out of the pack, on the page of the scanner: the same rows and the same two buttons
// as on the server's page, filled into the page's own models.

import { tellDistance } from "./ground.js";
import { grouped } from "./code-signs.js";
import { fill, model, word } from "./pack-facts.js";

/** @typedef {import("./pack.js").Pack} Pack */
/** @typedef {import("./pack.js").Question} Question */
/** @typedef {import("./pack.js").Mode} Mode */

/** @param {Question} item @param {string} value @param {string} text @param {boolean} bad */
function radio(item, value, text, bad) {
  const made = model("model-answer");
  made.classList.toggle("bad", bad);
  const input = /** @type {HTMLInputElement} */ (made.querySelector("input"));
  Object.assign(input, { name: `a.${item.code}`, value });
  fill(made, "text", text);
  return made;
}

/** @param {Question} item */
function choices(item) {
  const made = model("model-choice");
  made.classList.toggle("tall", item.kind === "choice");
  fill(made, "text", word(item));
  const places = /** @type {HTMLElement} */ (made.querySelector(".answers"));
  if (item.kind === "choice") {
    places.append(...item.choices.map((one) => radio(item, one.value, word(one), one.bad)));
    return made;
  }
  const { none = "", is = "", yes = "", no = "" } = made.dataset;
  const pair = item.bad_answer ? [["no", none], ["yes", is]] : [["yes", yes], ["no", no]];
  places.append(...pair.map(([value, text], index) => radio(item, value, text, index === 1)));
  return made;
}

/** @param {Question} item */
function written(item) {
  const made = model(item.kind === "number" ? "model-number" : "model-text");
  const input = /** @type {HTMLInputElement} */ (made.querySelector(".input"));
  input.id = input.name = `a.${item.code}`;
  made.querySelector("label")?.setAttribute("for", input.id);
  fill(made, "text", word(item));
  fill(made, "unit", item.unit);
  const { above = "", below = "" } = made.dataset;
  if (item.above !== null) fill(made, "limit", above.replace("{limit}", `${item.above} ${item.unit}`));
  else if (item.below !== null) fill(made, "limit", below.replace("{limit}", `${item.below} ${item.unit}`));
  return made;
}

/** @param {Question} item */
function pictured(item) {
  const made = model(item.kind === "signature" ? "model-signature" : "model-photo");
  made.dataset.item = item.code;
  made.toggleAttribute("data-required", Boolean(item.required));
  fill(made, "text", word(item));
  const mark = /** @type {HTMLElement} */ (made.querySelector("[data-needed]"));
  if (item.required) mark.textContent = mark.dataset.needed ?? "";
  made.querySelector("input")?.setAttribute("aria-label", word(item));
  const why = /** @type {HTMLTextAreaElement} */ (made.querySelector("textarea"));
  why.name = `a.${item.code}`;
  return made;
}

/** @param {Question} item */
function row(item) {
  if (item.kind === "yes_no" || item.kind === "choice") return choices(item);
  return item.kind === "number" || item.kind === "text" ? written(item) : pictured(item);
}

/** The modes that have a list for a kind of asset; what has none of its own is asked as in peace.
 * @param {Pack} pack @param {string} code */
export const modesOf = (pack, code) => /** @type {Mode[]} */ (Object.keys(pack.lists[pack.assets[code].type] ?? {}));

/**
 * Put the checklist of a label in a mode into the page; tells whether there is one to answer.
 * @param {HTMLFormElement} form @param {Pack} pack @param {string} code @param {Mode} mode
 */
export function showList(form, pack, code, mode) {
  const asset = pack.assets[code];
  const lists = pack.lists[asset.type] ?? {};
  const list = lists[mode] ?? lists.peace;
  const page = document.body;
  fill(page, "name", asset.name);
  fill(page, "kind", `${word(pack.types[asset.type])} · ${asset.street}`);
  fill(page, "code", grouped(code));
  Object.assign(form.dataset, { code, page: `/c/${code}`, what: asset.name });
  if (list) {
    fill(form, "list", word(list));
    const set = (/** @type {string} */ name, /** @type {string} */ value) =>
      (/** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value);
    set("template_code", list.code);
    set("template_version", String(list.version));
    form.querySelector("[data-items]")?.replaceChildren(...list.items.map(row));
  }
  return Boolean(list);
}

/** Say how far the phone is, if it knows. @param {Pack} pack @param {string} code
 * @param {GeolocationPosition | null} here */
export function showDistance(pack, code, here) {
  const line = /** @type {HTMLElement} */ (document.getElementById("distance"));
  if (here) tellDistance(line, pack.assets[code].lines, here);
  else line.textContent = line.dataset.unknown ?? "";
}
