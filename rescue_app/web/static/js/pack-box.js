// The part of the scanner's page that takes packs along: which streets, how much, how far it has
// come, until when each holds, and what is missing.

import { drop, held } from "./pack.js";
import { fetched, lacksRoom, Refused, sizeOf, streets } from "./pack-fetch.js";

/** @typedef {import("./pack.js").Held} Held */
/** @typedef {import("./pack-fetch.js").Street} Street */

const SHOWN = 20;
const LONGEST_WAIT_MS = 2 ** 31 - 1;
const english = document.documentElement.lang === "en";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} moment */
export const clock = (moment) =>
  new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai", hour12: false });

/** @param {number} bytes */
const much = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e5 ? 2 : 1)} MB`;

export class PackBox {
  /** @param {string} account @param {() => void} changed */
  constructor(account, changed) {
    this.account = account;
    this.changed = changed;
    this.box = part("pack");
    this.words = /** @type {Record<string, string>} */ ({ ...this.box.dataset });
    /** @type {Held[]} */
    this.packs = [];
    /** @type {Street[]} */
    this.streets = [];
    /** @type {Map<string, number>} */
    this.chosen = new Map();
    this.timer = 0;
    part("pack-fetch").addEventListener("click", () => void this.takeAlong());
    document.getElementById("pack-search")?.addEventListener("input", () => this.showStreets());
  }

  /** Look into the phone again: a day may have ended meanwhile. */
  async look() {
    this.packs = await held(this.account).catch(() => []);
    this.show();
    this.changed();
    return this.packs;
  }

  /** Ask which streets there are; one's own is chosen at once. */
  async offer() {
    if (this.box.hidden) return;
    try {
      this.streets = await streets();
      if (this.streets.length === 1) await this.choose(this.streets[0], true);
      this.showStreets();
    } catch (trouble) {
      if (trouble instanceof Refused) this.tell(trouble.message);
    }
  }

  /** @param {string} text */
  tell(text) {
    part("pack-told").textContent = text;
  }

  show() {
    const model = /** @type {HTMLTemplateElement} */ (part("pack-row"));
    const rows = this.packs.map((one) => this.row(one, /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true))));
    if (rows.length) part("pack-state").replaceChildren(...rows);
    else part("pack-state").textContent = this.words.none ?? "";
    clearTimeout(this.timer);
    const ends = this.packs.filter((one) => one.state === "good").map((one) => Date.parse(one.pack?.ends_at ?? ""));
    if (ends.length) this.timer = window.setTimeout(() => void this.look(), Math.min(Math.max(Math.min(...ends) - Date.now(), 0) + 1000, LONGEST_WAIT_MS));
  }

  /** Say a number of labels; one of them has a word of its own. @param {number} count */
  labels(count) {
    const [one = "", many = ""] = (this.words.labels ?? "").split("|");
    return count === 1 ? one : many.replace("{count}", count.toLocaleString());
  }

  /** @param {Held} one @param {HTMLElement} row */
  row(one, row) {
    const { pack, state, missing } = one;
    row.dataset.state = state;
    const said = (this.words[state] ?? "")
      .replace("{area}", pack ? (english ? pack.area.en || pack.area.zh : pack.area.zh) : "")
      .replace("{labels}", pack ? this.labels(Object.keys(pack.assets).length) : "")
      .replace("{time}", pack ? clock(pack.ends_at) : "");
    /** @type {HTMLElement} */ (row.querySelector("p")).textContent = said;
    const lack = /** @type {HTMLElement} */ (row.querySelector(".pack-lack"));
    const lacks = state === "good" && missing > 0;
    lack.hidden = !lacks;
    lack.textContent = (this.words.lack ?? "").replace("{missing}", String(missing)).replace("{count}", String(pack?.ground.length ?? 0));
    const [onward, away] = row.querySelectorAll("button");
    onward.hidden = !lacks;
    onward.addEventListener("click", () => void this.fetchOne(pack?.area.code ?? "").then(() => this.look()));
    away.addEventListener("click", () => void drop(one.id).then(() => this.look()));
    return row;
  }

  showStreets() {
    const list = document.getElementById("pack-streets");
    if (!list || this.streets.length < 2) return this.showSize();
    part("pack-choice").hidden = false;
    const search = /** @type {HTMLInputElement} */ (part("pack-search"));
    search.parentElement?.toggleAttribute("hidden", this.streets.length <= SHOWN);
    const wanted = search.value.trim().toLowerCase();
    const fits = (/** @type {Street} */ one) => `${one.name} ${one.name_en} ${one.code}`.toLowerCase().includes(wanted);
    const first = this.streets.filter((one) => this.chosen.has(one.code) || fits(one)).slice(0, SHOWN + this.chosen.size);
    const model = /** @type {HTMLTemplateElement} */ (part("pack-street"));
    list.replaceChildren(
      ...first.map((street) => {
        const row = /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true));
        /** @type {HTMLElement} */ (row.querySelector("span")).textContent = english ? street.name_en || street.name : street.name;
        /** @type {HTMLElement} */ (row.querySelector("small")).textContent = this.labels(street.labels);
        const box = /** @type {HTMLInputElement} */ (row.querySelector("input"));
        box.checked = this.chosen.has(street.code);
        box.addEventListener("change", () => void this.choose(street, box.checked));
        return row;
      }),
    );
    return this.showSize();
  }

  /** @param {Street} street @param {boolean} wanted */
  async choose(street, wanted) {
    if (!wanted) this.chosen.delete(street.code);
    else {
      this.chosen.set(street.code, NaN);
      this.showSize();
      const size = await sizeOf(street.code).catch(() => null);
      if (size && this.chosen.has(street.code)) this.chosen.set(street.code, size.bytes);
    }
    this.showSize();
  }

  showSize() {
    const sizes = [...this.chosen.values()];
    const sum = sizes.reduce((all, one) => all + one, 0);
    const line = part("pack-size");
    line.textContent = !sizes.length ? "" : Number.isNaN(sum) ? (this.words.measuring ?? "") : (this.words.size ?? "").replace("{size}", much(sum));
    /** @type {HTMLButtonElement} */ (part("pack-fetch")).disabled = this.streets.length > 1 && !sizes.length;
  }

  async takeAlong() {
    const wanted = this.chosen.size ? [...this.chosen.keys()] : [""];
    const sum = [...this.chosen.values()].reduce((all, one) => all + one, 0);
    if (await lacksRoom(sum)) return this.tell((this.words.room ?? "").replace("{size}", much(sum)));
    const button = /** @type {HTMLButtonElement} */ (part("pack-fetch"));
    button.disabled = true;
    for (const street of wanted) if (!(await this.fetchOne(street))) break;
    button.disabled = false;
    await this.look();
  }

  /** Fetch one; tells whether the next may follow. @param {string} street */
  async fetchOne(street) {
    const bar = /** @type {HTMLProgressElement} */ (part("pack-progress"));
    bar.hidden = false;
    this.tell(this.words.fetching ?? "");
    try {
      const state = await fetched(this.account, street, (come, whole) => {
        if (whole) Object.assign(bar, { max: whole, value: Math.min(come, whole) });
        this.tell((this.words.progress ?? "").replace("{come}", much(come)).replace("{whole}", much(Math.max(whole, come))));
      });
      this.tell(state === "good" ? "" : (this.words[state] ?? ""));
      return state === "good";
    } catch (trouble) {
      const full = trouble instanceof DOMException && trouble.name === "QuotaExceededError";
      this.tell(trouble instanceof Refused ? trouble.message : ((full ? this.words.full : this.words.offline) ?? ""));
      return false;
    } finally {
      bar.hidden = true;
      bar.removeAttribute("value");
    }
  }
}
