// The search box: what is typed narrows the list, and beside it stand the areas, points, assets and
// codes that it may mean. Bare coordinates in any system are a place and never a filter.

/** @typedef {{kind: "area" | "point" | "asset" | "station" | "coordinates", id: string, name: string, about: string,
 *   lon: number | null, lat: number | null, note: string}} Hit */
/** @typedef {{onHit: (hit: Hit) => void, words: any}} Wiring */

const WAIT_MS = 200;
const ICONS = { area: "map", point: "map-pin", asset: "qr-code", station: "radio-tower", coordinates: "crosshair" };
const SYSTEM_WORDS = /wgs|cgcs|gcj|bd|gps|高德|腾讯|百度|天地图|国家|坐标|系|[nsew北南东西经纬度分秒]/giu;

/** Hold for what can only be coordinates: two numbers with fractions and no word but a system's. @param {string} text */
export function looksLikePlace(text) {
  const rest = text.replace(SYSTEM_WORDS, " ");
  return !/\p{L}/u.test(rest) && (rest.match(/\d+[.°º]\s*\d|\d+\s+\d+/g)?.length ?? 0) >= 2;
}

export class Search {
  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.wiring = wiring;
    this.box = /** @type {HTMLInputElement} */ (document.getElementById("q"));
    this.list = /** @type {HTMLElement} */ (document.getElementById("found"));
    /** @type {Hit[]} */
    this.hits = [];
    this.chosen = -1;
    this.timer = 0;
    /** Enter was pressed before anything was found. */
    this.entered = false;
    this.box.addEventListener("input", () => this.later());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = /** @type {Element} */ (event.target).closest("[role=option]");
      if (line instanceof HTMLElement) this.take(Number(line.dataset.place));
    });
  }

  later() {
    clearTimeout(this.timer);
    // What was found for other words is not what is meant now.
    this.chosen = -1;
    this.entered = false;
    this.timer = window.setTimeout(() => void this.look(), WAIT_MS);
  }

  async look() {
    const text = this.box.value.trim();
    if (!text) return this.close();
    const answer = await fetch(`/api/v1/places?${new URLSearchParams({ q: text })}`).catch(() => null);
    if (text !== this.box.value.trim()) return;
    const told = await answer?.json().catch(() => null);
    if (!answer || !told) return this.tell(this.wiring.words.searchFailed);
    if (!answer.ok) return this.tell(String(told.detail ?? this.wiring.words.searchFailed));
    this.show(told);
  }

  /** @param {Hit[]} hits */
  show(hits) {
    this.hits = hits;
    this.chosen = hits[0]?.kind === "coordinates" ? 0 : -1;
    this.list.replaceChildren(...hits.map((hit, place) => this.line(hit, place)));
    this.open(hits.length > 0);
    this.point();
    if (this.entered && this.chosen >= 0) this.take(this.chosen);
  }

  /** @param {string} text */
  tell(text) {
    this.hits = [];
    const line = document.createElement("li");
    line.className = "search-note";
    line.textContent = text;
    this.list.replaceChildren(line);
    this.open(true);
  }

  /** @param {Hit} hit @param {number} place */
  line(hit, place) {
    const line = document.createElement("li");
    line.id = `found-${place}`;
    line.role = "option";
    line.dataset.place = String(place);
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="/static/icons/ui.svg#${ICONS[hit.kind]}"></use></svg><span class="words"><strong></strong><span class="muted"></span></span>`;
    const [name, about] = line.querySelectorAll(".words > *");
    name.textContent = hit.name;
    about.textContent = [this.wiring.words.kinds[hit.kind], hit.about, hit.note].filter(Boolean).join(" · ");
    for (const words of [name, about]) words.setAttribute("lang", "zh-CN");
    return line;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      event.preventDefault();
      this.chosen = (this.chosen + step + this.hits.length) % this.hits.length;
      this.point();
    } else if (event.key === "Enter") {
      this.entered = true;
      if (this.chosen < 0) return;
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  point() {
    for (const [place, line] of [...this.list.children].entries()) line.setAttribute("aria-selected", String(place === this.chosen));
    if (this.chosen >= 0) this.box.setAttribute("aria-activedescendant", `found-${this.chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  take(place) {
    const hit = this.hits[place];
    if (!hit) return;
    this.close();
    this.box.blur();
    this.wiring.onHit(hit);
  }

  /** @param {boolean} on */
  open(on) {
    this.list.hidden = !on;
    this.box.setAttribute("aria-expanded", String(on));
  }

  close() {
    this.chosen = -1;
    this.open(false);
    this.box.removeAttribute("aria-activedescendant");
  }
}
