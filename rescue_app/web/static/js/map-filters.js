// The question: fields of the form, the same in the address, and one chip for each part that is on.

import { note, QUESTION } from "./map-address.js";
import { looksLikePlace } from "./map-search.js";

const WAIT_MS = 180;

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Filters {
  /** @param {{onQuestion: () => void, words: any}} wiring */
  constructor({ onQuestion, words }) {
    this.onQuestion = onQuestion;
    this.words = words;
    this.form = /** @type {HTMLFormElement} */ (part("filters"));
    this.timer = 0;
    this.restore();
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => this.changed(event));
    part("more").addEventListener("click", () => this.toggle());
    part("chips").addEventListener("click", (event) => this.remove(event));
  }

  /** The fields of the form that ask something. @returns {(HTMLInputElement | HTMLSelectElement)[]} */
  fields() {
    const asking = (/** @type {Element} */ field) => QUESTION.includes(/** @type {HTMLInputElement} */ (field).name);
    return /** @type {any} */ ([...this.form.elements].filter(asking));
  }

  /** @returns {URLSearchParams} what is asked; coordinates in the search box ask nothing */
  question() {
    const given = this.fields().filter((field) => value(field) && !(field.name === "q" && looksLikePlace(field.value)));
    return new URLSearchParams(given.map((field) => [field.name, value(field)]));
  }

  /** Take the fields from the address. */
  restore() {
    const asked = new URLSearchParams(location.search);
    for (const field of this.fields()) {
      if (field.type === "checkbox") /** @type {HTMLInputElement} */ (field).checked = asked.getAll(field.name).includes(field.value);
      else field.value = asked.get(field.name) ?? "";
    }
    this.show();
  }

  /** @param {Event} [event] */
  changed(event) {
    const asked = this.question();
    // Each letter typed is not a step that the way back should lead through.
    const typing = /** @type {HTMLInputElement | undefined} */ (event?.target)?.matches?.("[type=search], [type=text]");
    const names = new Set(this.fields().map((field) => field.name));
    note({ asked: Object.fromEntries([...names].map((name) => [name, asked.getAll(name)])) }, { step: !typing });
    this.show();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.onQuestion, WAIT_MS);
  }

  /** What was searched for is found: the box narrows the list no longer. */
  clearText() {
    const box = /** @type {HTMLInputElement} */ (part("q"));
    if (!box.value) return;
    box.value = "";
    this.changed();
  }

  show() {
    const asked = [...this.question()];
    const hidden = asked.filter(([name]) => !["q", "grade"].includes(name)).length;
    part("filters-on").textContent = hidden ? String(hidden) : "";
    const chips = asked.map(([name, said]) => chip(name, said, this.label(name, said), this.words.removeFilter));
    if (asked.length > 1) chips.push(chip("", "", this.words.clearFilters, ""));
    part("chips").replaceChildren(...chips);
  }

  /** @param {string} name @param {string} said */
  label(name, said) {
    const field = this.fields().find((one) => one.name === name && (one.type !== "checkbox" || one.value === said));
    const words = field?.closest("label")?.querySelector("[data-word]")?.textContent?.trim();
    if (words) return words;
    if (name === "as_of") return `${this.words.fields.as_of} ${said}`;
    const option = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent : null;
    return option ?? `${this.words.fields[name] ?? name}${this.words.colon}${said}`;
  }

  /** @param {Event} event */
  remove(event) {
    const pressed = /** @type {Element} */ (event.target).closest("button");
    if (!pressed) return;
    const { name, said } = pressed.dataset;
    for (const field of this.fields()) {
      if (name && (field.name !== name || (field.type === "checkbox" && field.value !== said))) continue;
      if (field.type === "checkbox") /** @type {HTMLInputElement} */ (field).checked = false;
      else field.value = "";
    }
    this.changed();
    part("more").focus();
  }

  toggle() {
    const box = part("more-filters");
    box.hidden = !box.hidden;
    part("more").setAttribute("aria-expanded", String(!box.hidden));
    const sheet = part("rail");
    if (!box.hidden && sheet.dataset.stop === "peek") sheet.dataset.stop = "half";
    if (!box.hidden) /** @type {HTMLElement | null} */ (box.querySelector("input, select"))?.focus();
  }
}

/** @param {HTMLInputElement | HTMLSelectElement} field */
function value(field) {
  if (field.type === "checkbox") return /** @type {HTMLInputElement} */ (field).checked ? field.value : "";
  return field.value.trim();
}

/** @param {string} name @param {string} said @param {string} text @param {string} help */
function chip(name, said, text, help) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name ? "chip" : "chip clear";
  Object.assign(made.dataset, { name, said });
  const words = document.createElement("span");
  words.textContent = text;
  made.append(words);
  if (help) {
    made.setAttribute("aria-label", help.replace("{filter}", text));
    made.insertAdjacentHTML("beforeend", '<svg class="icon" aria-hidden="true"><use href="/static/icons/ui.svg#x"></use></svg>');
  }
  return made;
}
