// The list beside the map: the same question, in view or in the whole area, sorted, page by page,
// and out as a file.

import { asked, note } from "./map-address.js";

/** @typedef {{id: string, name: string, number: string, category: string, hazard_type: string, grade: string,
 *   threatened_persons: number | null, longitude: number, latitude: number, synthetic: boolean}} Item */
/** @typedef {{onSelect: (id: string, place?: {lon: number, lat: number} | null) => void, question: () => URLSearchParams,
 *   bounds: () => number[] | null, words: any}} Wiring */

const WAIT_MS = 180;
const SHOWN = 100;
/** @type {Record<string, string>} */
const TONES = { I: "red", II: "orange", III: "yellow", IV: "blue" };

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id @returns {DocumentFragment} */
const copy = (id) => /** @type {any} */ (/** @type {HTMLTemplateElement} */ (part(id)).content.cloneNode(true));

export class Rail {
  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.wiring = wiring;
    this.selected = "";
    this.page = 1;
    this.timer = 0;
    /** @type {AbortController | null} */
    this.running = null;
    this.sort = /** @type {HTMLSelectElement} */ (part("sort"));
    this.whole = /** @type {HTMLInputElement} */ (part("whole"));
    this.restore();
    this.listen();
  }

  listen() {
    for (const choice of [this.sort, this.whole]) choice.addEventListener("change", () => this.changed());
    part("list").addEventListener("click", (event) => {
      const row = /** @type {Element} */ (event.target).closest("a");
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open(row);
    });
    part("list-state").addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-retry]")) this.load();
    });
    part("list-pages").addEventListener("click", (event) => {
      const step = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-step]"))?.dataset.step;
      if (step) void this.turn(this.page + Number(step));
    });
  }

  /** Order and reach stand in the address too. */
  restore() {
    this.sort.value = asked("sort") || "grade";
    this.whole.checked = asked("whole") === "1";
  }

  changed() {
    note({ asked: { sort: this.sort.value === "grade" ? "" : this.sort.value, whole: this.whole.checked ? "1" : "" } });
    this.load();
  }

  /** The whole question of the list: what is meant, where, in which order. */
  question() {
    const question = this.wiring.question();
    const box = this.wiring.bounds();
    // What was drawn is the reach, in sight or not.
    if (box && !this.whole.checked && !question.has("polygon")) question.set("bbox", clipped(box).join(","));
    question.set("sort", this.sort.value);
    return question;
  }

  load() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.turn(1), WAIT_MS);
  }

  /** Others changed something: the same page, at once, unless another one is on its way. */
  async refresh() {
    if (!this.timer) await this.turn(this.page);
  }

  /** @param {number} page */
  async turn(page) {
    clearTimeout(this.timer);
    this.timer = 0;
    this.running?.abort();
    this.running = new AbortController();
    const question = this.question();
    const out = /** @type {HTMLInputElement | null} */ (document.querySelector("#list-export [name=question]"));
    if (out) out.value = question.toString();
    question.set("size", String(SHOWN));
    question.set("page", String(page));
    part("rail").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/api/v1/points?${question}`, { signal: this.running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json());
      part("rail").removeAttribute("aria-busy");
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return;
      this.state("state-error");
      part("rail").removeAttribute("aria-busy");
    }
  }

  /** @param {{total: number, page: number, items: Item[]}} found */
  show(found) {
    if (found.total > 0 && found.items.length === 0) return void this.turn(1);
    const turned = found.page !== this.page;
    this.page = found.page;
    part("total").textContent = found.total.toLocaleString("en");
    part("list").replaceChildren(...found.items.map((item) => this.row(item)));
    if (found.total === 0) this.state("state-empty");
    else part("list-state").replaceChildren();
    this.showPages(found.total);
    this.mark(this.selected);
    if (turned) part("list").scrollTo(0, 0);
  }

  /** @param {number} total */
  showPages(total) {
    const pages = Math.max(1, Math.ceil(total / SHOWN));
    part("list-pages").hidden = pages === 1;
    part("list-page").textContent = this.wiring.words.page.replace("{page}", this.page).replace("{pages}", pages.toLocaleString("en"));
    for (const button of part("list-pages").querySelectorAll("button")) {
      const there = this.page + Number(button.dataset.step);
      button.disabled = there < 1 || there > pages;
    }
  }

  /** @param {string} template */
  state(template) {
    part("list").replaceChildren();
    part("list-pages").hidden = true;
    part("list-state").replaceChildren(copy(template));
  }

  /** @param {Item} item */
  row(item) {
    const { words } = this.wiring;
    const made = copy("row");
    const link = /** @type {HTMLAnchorElement} */ (made.querySelector("a"));
    const [glyph, shape] = made.querySelectorAll("use");
    const tone = TONES[item.grade] ?? "";
    link.href = `/points/${item.id}`;
    link.dataset.id = item.id;
    link.dataset.lon = String(item.longitude);
    link.dataset.lat = String(item.latitude);
    glyph.setAttribute("href", `/static/icons/hazards.svg#${item.hazard_type}`);
    shape.setAttribute("href", `/static/icons/ui.svg#shape-${tone}`);
    const [name, about] = made.querySelectorAll(".words > *");
    name.textContent = item.name;
    name.setAttribute("lang", "zh-CN");
    const people = item.threatened_persons;
    about.textContent = [words.types[item.hazard_type] ?? item.hazard_type,
      people ? words.persons.replace("{count}", people.toLocaleString("en")) : null].filter(Boolean).join(" · ");
    const pill = /** @type {HTMLElement} */ (made.querySelector(".pill"));
    if (tone) pill.classList.add(tone);
    /** @type {HTMLElement} */ (pill.lastElementChild).textContent = words.grades[item.grade] ?? item.grade;
    return made;
  }

  /** @param {string} id */
  mark(id) {
    this.selected = id;
    for (const row of part("list").querySelectorAll("a")) {
      if (row.dataset.id === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    part("list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLAnchorElement} row */
  open(row) {
    this.wiring.onSelect(row.dataset.id ?? "", { lon: Number(row.dataset.lon), lat: Number(row.dataset.lat) });
  }

  /** @param {1 | -1} step */
  move(step) {
    const rows = [...part("list").querySelectorAll("a")];
    const now = rows.findIndex((row) => row.dataset.id === this.selected);
    const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
    if (next) this.open(next);
  }
}

/** The world's edge may be in view; the server takes degrees that exist. @param {number[]} box */
function clipped([west, south, east, north]) {
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(-most, Math.min(most, value));
  return [within(west, 180), within(south, 90), within(east, 180), within(north, 90)].map((n) => n.toFixed(6));
}
