// How far labels and patrols reach, as the colour of areas: one hue from light to dark, so that nobody
// has to tell colours apart, and the share stands under the name. The figures are the board's own.

import { asked, note } from "./map-address.js";

/** @typedef {{path: string, share: number | null}} Part */
/** @typedef {{words: any, focus: () => string, onShown: () => void}} Wiring */

const CLASSES = 5;
/** @type {Record<string, string>} */
const WHOLES = { labelled: "assets", mounted: "labelled", patrolled: "due" };
/** Areas are coloured on the ground, below water and every line. */
const ON = "focus-parts";
const NAMES = ["community-names", "street-names", "district-names"];

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {number} share from 1, the least, to 5 */
const classOf = (share) => Math.min(CLASSES, Math.floor(share * CLASSES) + 1);
/** A share is never rounded up: 100 % is all of them. @param {number} share */
const percent = (share) => `${Math.floor(share * 100)} %`;

export class Coverage {
  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.wiring = wiring;
    this.measure = /** @type {HTMLSelectElement} */ (part("coverage-measure"));
    this.kind = /** @type {HTMLSelectElement} */ (part("coverage-kind"));
    /** @type {Part[]} */
    this.parts = [];
    for (const choice of [this.measure, this.kind]) choice.addEventListener("change", () => this.choose());
    void this.restore();
  }

  choose() {
    note({ asked: { coverage: this.measure.value, coverage_kind: this.measure.value ? this.kind.value : "" } }, { step: true });
    void this.restore();
  }

  /** Be what the address says, for the area in focus. */
  async restore() {
    this.measure.value = asked("coverage") in WHOLES ? asked("coverage") : "";
    this.kind.value = asked("coverage_kind");
    const [measure, under, kind] = [this.measure.value, this.wiring.focus(), this.kind.value];
    const question = new URLSearchParams({ under, type: kind });
    /** @type {HTMLAnchorElement} */ (part("coverage-board")).href = `/coverage?${question}`;
    /** @type {HTMLAnchorElement} */ (part("coverage-assets")).href = `/assets?${question}`;
    if (!measure) return this.show([], null);
    const answer = await fetch(`/api/v1/coverage?${question}`).catch(() => null);
    if (!answer?.ok) return this.show([], null);
    const told = await answer.json();
    // Whoever chose something else meanwhile has asked for it already.
    if (measure !== this.measure.value || kind !== this.kind.value || under !== this.wiring.focus()) return;
    this.show(told.parts.map((/** @type {any} */ one) => ({ path: one.area, share: one[`${measure}_share`] })), told.total);
  }

  /** @param {Part[]} parts @param {any} total */
  show(parts, total) {
    const before = this.parts.length;
    this.parts = parts;
    this.legend(total);
    if (parts.length || before) this.wiring.onShown();
  }

  /** @param {any} total */
  legend(total) {
    part("legend-coverage").hidden = !this.measure.value;
    part("coverage-kinds").hidden = !this.measure.value;
    for (const line of part("legend-coverage").querySelectorAll("[data-class]")) {
      const mine = Number(/** @type {HTMLElement} */ (line).dataset.class);
      const here = this.parts.filter((one) => (one.share === null ? 0 : classOf(one.share)) === mine).length;
      /** @type {HTMLElement} */ (line.querySelector("b")).textContent = here.toLocaleString("en");
    }
    const whole = total?.[WHOLES[this.measure.value]] ?? 0;
    const share = total?.[`${this.measure.value}_share`] ?? null;
    part("coverage-total").textContent = !total ? this.wiring.words.coverageFailed : share === null ? "—" :
      `${percent(share)} · ${total[this.measure.value].toLocaleString("en")} / ${whole.toLocaleString("en")}`;
  }

  /** Colour the areas in a style's layers, and write the share under their names.
   * @param {any[]} layers @param {(name: string) => string} token */
  into(layers, token) {
    const counted = this.parts.filter((one) => one.share !== null);
    if (!counted.length) return layers;
    const share = (/** @type {Part} */ one) => one.share ?? 0;
    const path = ["get", "path"];
    const colours = ["match", path, ...counted.flatMap((one) => [one.path, token(`share-${classOf(share(one))}`)]), "transparent"];
    const figures = ["match", path, ...counted.flatMap((one) => [one.path, `\n${percent(share(one))}`]), ""];
    const fill = {
      id: "coverage", type: "fill", source: "areas", "source-layer": "areas",
      filter: ["in", path, ["literal", counted.map((one) => one.path)]],
      paint: { "fill-color": colours, "fill-outline-color": token("surface") },
    };
    return layers.flatMap((layer) => {
      if (layer.id === ON) return [layer, fill];
      if (!NAMES.includes(layer.id)) return [layer];
      return [{ ...layer, layout: { ...layer.layout, "text-field": ["concat", layer.layout["text-field"], figures] } }];
    });
  }
}
