// The list beside the map: the same question, the part of it that is in view, worst first.

/** @typedef {{id: string, name: string, number: string, category: string, hazard_type: string, grade: string,
 *   threatened_persons: number | null, longitude: number, latitude: number, synthetic: boolean}} Item */
/** @typedef {{onSelect: (id: string, place?: {lon: number, lat: number} | null) => void, onQuestion: () => void,
 *   bounds: () => number[] | null, focus: () => string, words: any}} Wiring */

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
    this.form = /** @type {HTMLFormElement} */ (part("filters"));
    this.selected = "";
    this.timer = 0;
    /** @type {AbortController | null} */
    this.running = null;
    this.restore();
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("reset", () => setTimeout(() => this.changed()));
    part("sort").addEventListener("change", () => this.changed());
    part("more").addEventListener("click", () => this.toggleFilters());
    part("list").addEventListener("click", (event) => {
      const row = /** @type {Element} */ (event.target).closest("a");
      if (!row) return;
      event.preventDefault();
      this.open(row);
    });
    part("list-state").addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-retry]")) this.load();
    });
  }

  /** What is asked, without what only the list needs. */
  question() {
    const given = [...new FormData(this.form)].filter(([name, value]) => value && name !== "sort");
    return new URLSearchParams(/** @type {string[][]} */ (given));
  }

  /** The question stands in the address, so that it can be sent on. */
  restore() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      for (const field of this.form.elements) {
        if (field instanceof HTMLInputElement && field.type === "checkbox" && field.name === name) {
          field.checked ||= field.value === value;
        } else if ((field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && field.name === name) {
          field.value = value;
        }
      }
    }
    this.showCount();
  }

  changed() {
    this.showCount();
    const kept = this.question();
    const area = new URLSearchParams(location.search).get("area");
    if (area) kept.set("area", area);
    history.replaceState(history.state, "", `${location.pathname}${kept.size ? `?${kept}` : ""}${location.hash}`);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.wiring.onQuestion, WAIT_MS);
  }

  showCount() {
    const hidden = ["category", "evidence", "hazard_type", "state"];
    const on = [...this.question().keys()].filter((name) => hidden.includes(name)).length;
    part("filters-on").textContent = on ? String(on) : "";
  }

  toggleFilters() {
    const box = part("more-filters");
    box.hidden = !box.hidden;
    part("more").setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) box.querySelector("select")?.focus();
  }

  load() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.fetch(), WAIT_MS);
  }

  async fetch() {
    this.running?.abort();
    this.running = new AbortController();
    const asked = this.question();
    const box = this.wiring.bounds();
    asked.set("area", this.wiring.focus());
    if (box) asked.set("bbox", clipped(box).join(","));
    asked.set("sort", /** @type {HTMLSelectElement} */ (part("sort")).value);
    asked.set("size", String(SHOWN));
    try {
      const answer = await fetch(`/api/v1/points?${asked}`, { signal: this.running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json());
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") this.state("state-error");
    }
  }

  /** @param {{total: number, items: Item[]}} found */
  show(found) {
    part("total").textContent = found.total.toLocaleString("en");
    part("total-words").textContent = this.wiring.words.total;
    part("list").replaceChildren(...found.items.map((item) => this.row(item)));
    if (found.total === 0) this.state("state-empty");
    else part("list-state").replaceChildren();
    this.mark(this.selected);
  }

  /** @param {string} template */
  state(template) {
    part("list").replaceChildren();
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
