// The day shown: a slider under the map with now at its right end, the same day as the filter's field.

const DAY_MS = 86_400_000;
const WAIT_MS = 250;

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Days {
  /** @param {{live: string}} words */
  constructor(words) {
    this.words = words;
    this.slider = /** @type {HTMLInputElement} */ (part("days"));
    this.field = /** @type {HTMLInputElement} */ (part("as-of"));
    this.timer = 0;
    this.slider.addEventListener("input", () => {
      this.say(this.dayOf(Number(this.slider.value)));
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.choose(this.dayOf(Number(this.slider.value))), WAIT_MS);
    });
    part("as-of-live").addEventListener("click", () => this.choose(""));
    this.show();
  }

  today() {
    return Date.parse(this.field.max);
  }

  /** @param {number} back days before today, none or less */
  dayOf(back) {
    return back === 0 ? "" : new Date(this.today() + back * DAY_MS).toISOString().slice(0, 10);
  }

  /** @param {string} day empty for now */
  choose(day) {
    if (this.field.value === day) return this.show();
    this.field.value = day;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
  }

  /** Say what the field says. */
  show() {
    const day = this.field.value;
    const back = day ? Math.round((Date.parse(day) - this.today()) / DAY_MS) : 0;
    this.slider.value = String(back);
    this.say(day);
    part("as-of-banner").hidden = !day;
    part("as-of-day").textContent = day;
    part("main").toggleAttribute("data-then", Boolean(day));
  }

  /** @param {string} day */
  say(day) {
    part("days-words").textContent = day || this.words.live;
    this.slider.setAttribute("aria-valuetext", day || this.words.live);
  }
}
