// The order tree of the wall: only what is open is in the page, and a row is drawn anew when it changed.

import { tick } from "./clocks.js";

/** @typedef {import("./wall-board.js").Board} Board */
/** @typedef {import("./wall-board.js").Hop} Hop */
/** @typedef {import("./wall-board.js").Wanted} Wanted */
/** A row that stands apart from its order is loose. @typedef {{key: string, depth: number, loose?: boolean, hop?: Hop, order?: import("./wall-board.js").Order}} Row */

/** More rows than this nobody reads; the filters find the rest. */
const MOST_ROWS = 240;
const MOST_BELOW = 60;
const SILENT_ROWS = 8;
const MOST_TICKS = 12;
/** So many Chinese characters of an order's words beside a row; of English twice as many. */
const SHORT = 16;
// Made once: to make one for each row took about a fifth of what a change costs.
const CLOCK = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
const COUNT = new Intl.NumberFormat();

/** @param {string} id @returns {HTMLElement} */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Element} row @param {string} name @returns {HTMLElement} */
const inside = (row, name) => /** @type {HTMLElement} */ (row.querySelector(name));

/** A member of a crew as a sign beside it: how far he is. @param {{group: string, sign: string, name: string}} one */
function tickOf(one) {
  const dot = Object.assign(document.createElement("i"), { className: "dot", textContent: one.sign, title: one.name });
  dot.dataset.group = one.group;
  return dot;
}

/** @param {string} moment */
export const clock = (moment) => CLOCK.format(new Date(moment));

export class Tree {
  /** @type {Set<string>} */ open = new Set();
  /** @type {Set<string>} */ shut = new Set();
  /** @type {WeakMap<Element, string>} */ drawn = new WeakMap();
  selected = "";
  several = false;
  unshown = 0;

  /** @param {Board} board @param {any} words @param {(hop: Hop) => void} onPick */
  constructor(board, words, onPick) {
    Object.assign(this, { board, words, onPick });
    this.board = board;
    this.words = words;
    this.locale = part("main").dataset.locale;
    for (const id of ["rows", "silent"]) {
      part(id).addEventListener("click", (event) => {
        const target = /** @type {Element} */ (event.target);
        const key = /** @type {HTMLElement | null} */ (target.closest("li"))?.dataset.key ?? "";
        if (target.closest(".twist")) this.turn(key);
        const hop = target.closest(".pick") ? board.hops.get(key) : null;
        if (hop) onPick(hop);
      });
    }
  }

  /** @param {Hop} hop */
  name(hop) {
    return this.locale === "zh" || !hop.nameEn ? hop.name : hop.nameEn;
  }

  /** What an order asks for. @param {import("./wall-board.js").Order} order */
  what(order) {
    return this.locale === "zh" || !order.whatEn ? order.what : order.whatEn;
  }

  /** @param {string} key */
  turn(key) {
    const set = this.board.hops.has(key) ? this.open : this.shut;
    if (!set.delete(key)) set.add(key);
    this.draw(this.wanted ?? { text: "", level: "", order: "", states: new Set() });
  }

  /** Open all above a hop, mark it and bring it into sight. @param {Hop} hop */
  select(hop) {
    this.selected = hop.id;
    for (const above of this.board.above(hop)) this.open.add(above.id);
    this.shut.delete(hop.order);
    if (this.wanted) this.draw(this.wanted);
    for (const row of document.querySelectorAll(`.wall-rows [data-key="${hop.id}"]`)) row.scrollIntoView({ block: "nearest" });
  }

  /** @param {Wanted} wanted */
  draw(wanted) {
    this.wanted = wanted;
    const narrowed = Boolean(wanted.text || wanted.level || wanted.states.size);
    const silent = narrowed ? [] : this.board.longest(wanted.order, SILENT_ROWS);
    this.several = !wanted.order && this.board.orders.length > 1;
    this.lay(part("silent"), silent.map((hop) => ({ key: hop.id, depth: 0, hop, loose: true })));
    part("silent").hidden = silent.length === 0;
    const rows = narrowed ? this.board.found(wanted).map((hop) => ({ key: hop.id, depth: 0, hop, loose: true })) : this.branches(wanted.order);
    this.lay(part("rows"), rows.slice(0, MOST_ROWS));
    const left = rows.length - Math.min(rows.length, MOST_ROWS) + (narrowed ? 0 : this.unshown);
    part("rows-note").textContent = left > 0 ? this.words.more.replace("{count}", left.toLocaleString())
      : !this.board.orders.length ? this.words.noOrders : rows.length ? "" : this.words.none;
  }

  /** @param {string} only @returns {Row[]} what is open of the tree */
  branches(only) {
    /** @type {Row[]} */
    const rows = [];
    this.unshown = 0;
    const descend = (/** @type {string} */ id, /** @type {number} */ depth) => {
      const kin = this.board.children(id);
      this.unshown += Math.max(0, kin.length - MOST_BELOW);
      // Of thousands below one hop the most urgent are shown, and whichever is selected.
      for (const hop of kin.filter((one, at) => at < MOST_BELOW || one.id === this.selected)) {
        rows.push({ key: hop.id, depth, hop });
        if (this.open.has(hop.id)) descend(hop.id, depth + 1);
      }
    };
    for (const order of this.board.orders) {
      if (only && order.id !== only) continue;
      rows.push({ key: order.id, depth: 0, order });
      if (!this.shut.has(order.id)) descend(order.id, 0);
    }
    return rows;
  }

  /** @param {HTMLElement} list @param {Row[]} rows */
  lay(list, rows) {
    const kept = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.key, row]));
    /** @type {Element | null} */
    let place = list.firstElementChild;
    for (const row of rows) {
      const element = kept.get(row.key) ?? this.make(row);
      kept.delete(row.key);
      this.fill(/** @type {HTMLElement} */ (element), row);
      if (element === place) place = place.nextElementSibling;
      else list.insertBefore(element, place);
    }
    for (const gone of kept.values()) gone.remove();
  }

  /** @param {Row} row */
  make(row) {
    const form = /** @type {HTMLTemplateElement} */ (part(row.hop ? "wall-row" : "wall-order"));
    const element = /** @type {HTMLElement} */ (form.content.firstElementChild?.cloneNode(true));
    element.dataset.key = row.key;
    return element;
  }

  /** @param {HTMLElement} element @param {Row} row */
  fill(element, row) {
    const facts = row.hop ? this.ofHop(row.hop, Boolean(row.loose)) : this.ofOrder(/** @type {import("./wall-board.js").Order} */ (row.order));
    const now = JSON.stringify(facts);
    const before = this.drawn.get(element);
    if (now === before) return;
    this.drawn.set(element, now);
    Object.assign(element.dataset, facts.data);
    element.style.setProperty("--depth", String(row.depth));
    inside(element, "b").textContent = facts.name;
    inside(element, ".state").textContent = facts.state;
    const twist = inside(element, ".twist");
    twist.setAttribute("aria-expanded", String(facts.open));
    twist.hidden = !facts.twists;
    inside(element, ".sums").textContent = facts.sums;
    if (!row.hop) inside(element, "a").setAttribute("href", `/orders/${row.key}`);
    else this.fillHop(element, /** @type {any} */ (facts), before !== undefined && row.hop.state !== JSON.parse(before).data.state);
  }

  /** @param {HTMLElement} element @param {ReturnType<Tree["ofHop"]>} facts @param {boolean} isNew */
  fillHop(element, facts, isNew) {
    inside(element, ".level").textContent = facts.level;
    inside(element, ".dot").textContent = facts.sign;
    inside(element, ".ticks").replaceChildren(...facts.ticks.map(tickOf));
    inside(element, ".pick").setAttribute("aria-pressed", String(facts.selected));
    const time = /** @type {HTMLTimeElement} */ (inside(element, ".clock"));
    for (const name of ["clock", "ago", "left", "late"]) delete time.dataset[name];
    time.classList.toggle("late", facts.past && facts.data.group === "late");
    this.setClock(time, facts.time, facts.past ? "" : facts.waits ? "clock" : "ago", facts.clock);
    const ring = inside(element, ".ring");
    ring.hidden = !facts.ring;
    inside(ring, "time").hidden = Boolean(facts.ring?.over);
    if (facts.ring) this.setClock(/** @type {HTMLTimeElement} */ (inside(ring, "time")), facts.ring.due_at, "clock", "");
    inside(ring, "span").textContent = facts.ring ? this.ringing(facts.ring) : "";
    inside(element, ".asks").textContent = this.words.asks[facts.data.asks] ?? "";
    tick(element);
    if (!isNew) return;
    // What changed pulses once, and not for ever.
    element.classList.remove("fresh");
    requestAnimationFrame(() => element.classList.add("fresh"));
  }

  /** Who is next, that he is the last, or that all were asked in vain. @param {import("./wall-board.js").Told["ringing"][string]} ring @returns {string} */
  ringing(ring) {
    if (ring.over) return this.words.untaken;
    return ring.next_up ? this.words.next.replace("{name}", ring.next_up) : this.words.lastOne.replace("{name}", ring.asked);
  }

  /** A time that goes on counting by itself, or stands. @param {HTMLTimeElement} time @param {string} moment @param {string} kind @param {string} text */
  setClock(time, moment, kind, text) {
    time.dateTime = moment;
    if (kind === "clock") Object.assign(time.dataset, { left: this.words.left, late: this.words.late });
    if (kind) time.dataset[kind] = "";
    time.textContent = text;
  }

  /** Of which order a row is that stands apart from it, where there are several. @param {Hop} hop */
  about(hop) {
    const order = this.several && this.board.orders.find((one) => one.id === hop.order);
    const words = order ? this.what(order).trim() : "";
    const most = this.locale === "zh" ? SHORT : 2 * SHORT;
    return words.length > most ? `${words.slice(0, most)}…` : words;
  }

  /** What lies below in words. @param {import("./wall-board.js").Sums | undefined} sums @returns {string[]} */
  told(sums) {
    /** @type {string[]} */
    const told = [];
    const count = (/** @type {number} */ one) => COUNT.format(one);
    if (sums?.crews) told.push(this.words.crews.replace("{answered}", count(sums.answered)).replace("{crews}", count(sums.crews)).replace("{arrived}", count(sums.arrived)));
    if (sums?.members) told.push(this.words.members.replace("{answered}", count(sums.membersAnswered)).replace("{members}", count(sums.members)).replace("{arrived}", count(sums.membersArrived)));
    if (sums?.silent) told.push(this.words.below.replace("{count}", count(sums.silent)));
    return told;
  }

  /** @param {Hop} hop @param {boolean} loose */
  ofHop(hop, loose) {
    const group = this.board.group(hop);
    const sums = this.board.sums.get(hop.id);
    const ring = this.board.ringing[hop.id];
    const waits = group === "late" || group === "silent";
    const past = this.board.then !== null;
    const people = this.board.children(hop.id).filter((one) => one.holder === "member" && this.board.group(one)).slice(0, MOST_TICKS);
    const told = this.told(sums);
    if (hop.items && !waits) told.push(this.words.checklist.replace("{ticked}", String(hop.ticked)).replace("{items}", String(hop.items)));
    if (!waits && hop.by) told.unshift(hop.by);
    if (loose && this.about(hop)) told.unshift(this.about(hop));
    return {
      name: this.name(hop), level: this.words.levels[hop.level] ?? "", state: this.words.states[hop.state] ?? "", sign: this.words.signs[group] ?? "",
      open: this.open.has(hop.id), twists: this.board.below.has(hop.id), selected: this.selected === hop.id, sums: told.join(" · "),
      time: waits ? hop.due : hop.since, past, waits, ring: (waits && !past && ring) || null,
      ticks: people.map((one) => ({ group: this.board.group(one), sign: this.words.signs[this.board.group(one)], name: one.name })),
      clock: past && waits ? this.words.until.replace("{time}", clock(hop.due)) : clock(hop.since),
      data: { group, state: hop.state, level: hop.level, asks: this.board.asking[hop.id] ?? "", below: sums?.late || sums?.asks ? "late" : sums?.silent ? "silent" : "" },
    };
  }

  /** @param {import("./wall-board.js").Order} order */
  ofOrder(order) {
    return {
      name: this.what(order), state: [this.words.urgency[order.urgency], this.words[order.standing]].filter(Boolean).join(" · "),
      sums: this.told(this.board.sums.get(order.id)).join(" · "), open: !this.shut.has(order.id), twists: true, data: { urgency: order.urgency, standing: order.standing },
    };
  }
}
