// The hours of a wall: a slider from the opening to now. At its right end the wall is live.

import { clock } from "./wall-tree.js";

const STEPS = 1440;
const LEAST_S = 15;

/** @param {string} id @returns {HTMLElement} */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Hours {
  /** @type {number | null} */ at = null;

  /** @param {any} words @param {(at: number | null) => void} onMoment */
  constructor(words, onMoment) {
    this.words = words;
    this.onMoment = onMoment;
    this.slider = /** @type {HTMLInputElement} */ (part("moment"));
    this.opened = Date.parse(part("main").dataset.opened ?? "");
    this.slider.addEventListener("input", () => this.go(this.moment()));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".wall-time [data-step]"))) {
      button.addEventListener("click", () => this.go((this.at ?? Date.now()) + Number(button.dataset.step) * 60_000));
    }
    part("to-now").addEventListener("click", () => this.go(null));
    this.fit();
    setInterval(() => this.fit(), LEAST_S * 1000);
  }

  /** The right end moves on with the time. */
  fit() {
    const whole = Math.max(LEAST_S, Math.ceil((Date.now() - this.opened) / 1000));
    const step = Math.max(LEAST_S, Math.ceil(whole / STEPS / LEAST_S) * LEAST_S);
    Object.assign(this.slider, { step: String(step), max: String(Math.ceil(whole / step) * step) });
    this.slider.value = this.at === null ? this.slider.max : String((this.at - this.opened) / 1000);
    this.slider.setAttribute("aria-valuetext", part("moment-words").textContent ?? "");
  }

  /** @returns {number | null} the moment that the slider says; nothing at its right end */
  moment() {
    return this.slider.value === this.slider.max ? null : this.opened + Number(this.slider.value) * 1000;
  }

  /** @param {number | null} at */
  go(at) {
    this.at = at === null || at >= Date.now() ? null : Math.max(at, this.opened);
    this.say();
    this.fit();
    this.onMoment(this.at);
  }

  say() {
    const past = this.at !== null;
    const said = this.at === null ? this.words.now : this.words.asOf.replace("{time}", this.name(this.at));
    part("then").hidden = !past;
    part("then-words").textContent = said;
    part("moment-words").textContent = said;
    part("main").toggleAttribute("data-then", past);
  }

  /** The day too, where the night began on another. @param {number} at */
  name(at) {
    const day = (/** @type {number} */ one) => new Date(one).toLocaleDateString("zh-CN", { month: "2-digit", day: "2-digit", timeZone: "Asia/Shanghai" }).replace("/", "-");
    const time = clock(new Date(at).toISOString());
    return day(at) === day(Date.now()) ? time : `${day(at)} ${time}`;
  }

  /** How much was heard in each part of the night. @param {number[]} ticks */
  draw(ticks) {
    const most = Math.max(1, ...ticks);
    const bars = ticks.map((count, at) => (count ? `M${at} 10h.8v-${(1 + (9 * count) / most).toFixed(1)}h-.8z` : "")).join("");
    part("ticks").querySelector("path")?.setAttribute("d", bars);
  }
}
