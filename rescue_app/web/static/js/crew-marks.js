// All crews of an order on its map, however few of them the tree shows at once: asked for once, and
// then only what changed of them. Drawn as on the wall.

import { onceAtATime, Refused } from "./live.js";
import { Board } from "./wall-board.js";
import { CrewLayer } from "./wall-map.js";
import { clock } from "./wall-tree.js";

/** @typedef {import("./wall-board.js").Hop} Hop */

const PAUSE_MS = 500;
const CLOCK_MS = 5000;

/** @param {any[]} row in the order of `rescue_app.api.wall.SPOT` @returns {Hop} */
function read([id, holder, name, nameEn, state, due, lon, lat, placedAt, placed]) {
  const unsaid = { order: "", parent: null, level: holder, phone: "", since: "", by: null, ticked: 0, items: 0 };
  return { ...unsaid, id, holder, name, nameEn, state, due, dueAt: Date.parse(due), lon, lat, placedAt, placed };
}

export class Crews {
  board = new Board();
  /** @type {string | null} */ seen = null;

  /** @param {any} map @param {HTMLElement} box @param {string} order */
  constructor(map, box, order) {
    this.box = box;
    this.address = `/api/v1/orders/${order}/crews`;
    this.words = JSON.parse(box.dataset.words ?? "{}");
    this.layer = new CrewLayer(map, this.board, this.words, (hop) => this.pick(hop));
    this.refresh = onceAtATime(() => this.look());
    // Nothing is told when a time runs out: who was silent is late from then on.
    setInterval(() => this.layer.update(this.board.waiting()), CLOCK_MS);
    void this.refresh();
  }

  /** Ask for all of them anew: what happened meanwhile was missed. */
  forget() {
    this.seen = null;
    return this.refresh();
  }

  async look() {
    const first = this.seen === null;
    const answer = await fetch(first ? this.address : `${this.address}?seen=${encodeURIComponent(this.seen ?? "")}`);
    if (!answer.ok) throw new (answer.status < 500 ? Refused : Error)(String(answer.status));
    const { seen, crews } = await answer.json();
    this.seen = seen;
    if (first) this.board.hops.clear();
    const fresh = /** @type {any[][]} */ (crews).map(read);
    for (const hop of fresh) this.board.hops.set(hop.id, hop);
    this.board.numbers = { crews: this.board.hops.size };
    if (first) this.layer.redraw();
    else this.layer.update(fresh);
    this.box.dataset.crews = String(this.layer.shown.size);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }

  /** Say who that is; where his line stands on this page, show it. @param {Hop} hop */
  pick(hop) {
    const name = this.words.locale === "zh" || !hop.nameEn ? hop.name : hop.nameEn;
    const placed = hop.placed ? this.words.placed[hop.placed].replace("{time}", hop.placedAt ? clock(hop.placedAt) : "") : "";
    const said = document.getElementById("place-said");
    if (said) said.textContent = [name, this.words.states[hop.state], placed].filter(Boolean).join(" · ");
    document.getElementById(`${hop.holder === "crew" ? "hop" : "part"}-${hop.id}`)?.scrollIntoView({ block: "center" });
  }
}
