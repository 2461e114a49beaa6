// What a wall knows: every hop, what the hops below each add up to, and which of them are asked for.
// No page and no map in here: rows in, answers out.

/** @typedef {{id: string, order: string, parent: string | null, holder: string, level: string, name: string, nameEn: string,
 *   phone: string, state: string, since: string, due: string, dueAt: number, by: string | null, lon: number | null, lat: number | null,
 *   placedAt: string | null, placed: string | null, ticked: number, items: number}} Hop */
/** @typedef {{crews: number, answered: number, arrived: number, members: number, membersAnswered: number, membersArrived: number, silent: number, late: number, cannot: number, asks: number}} Sums */
/** @typedef {{id: string, what: string, whatEn: string, urgency: string, standing: string, at: string}} Order */
/** @typedef {{at: string, seen: string | null, orders: string[][], hops: any[][], numbers: Record<string, number>,
 *   ringing: Record<string, {asked: string, next_up: string | null, due_at: string, over: boolean}>, asking: Record<string, string>,
 *   moved: {roster: number, verified: number} | null, ticks: number[]}} Told */
/** @typedef {{text: string, level: string, order: string, states: Set<string>}} Wanted */

const UNANSWERED = new Set(["queued", "delivered", "seen"]);
const ARRIVED = new Set(["arrived", "working", "done"]);
const TAKEN_ON = new Set(["accepted", "passed_down", "moving", ...ARRIVED]);
/** @type {Record<string, string>} */
const GROUP_OF = { accepted: "answered", passed_down: "answered", moving: "moving", arrived: "arrived", working: "arrived", done: "done", cannot: "cannot" };
/** What needs eyes first stands on top. */
export const GROUPS = ["late", "silent", "cannot", "answered", "moving", "arrived", "done"];

/** @param {any[]} row in the order of `rescue_app.wall.rules.Hop` @returns {Hop} */
function read([id, order, parent, holder, level, name, nameEn, phone, state, since, due, by, lon, lat, placedAt, placed, ticked, items]) {
  return { id, order, parent, holder, level: holder === "centre" ? level : holder, name, nameEn, phone, state, since, due, dueAt: Date.parse(due), by, lon, lat, placedAt, placed, ticked, items };
}

/** Moments of one form stand in the order of their letters. @param {string} one @param {string} other */
const inTime = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** @param {Hop} one @param {Hop} other */
const soonest = (one, other) => inTime(one.due, other.due) || inTime(one.id, other.id);

/** The first few in an order, without putting the thousands behind them in theirs.
 * @param {Iterable<Hop>} hops @param {number} most @param {(one: Hop, other: Hop) => number} order @returns {Hop[]} */
function first(hops, most, order) {
  /** @type {Hop[]} */
  const found = [];
  for (const hop of hops) {
    const last = found[most - 1];
    if (last && order(hop, last) >= 0) continue;
    const place = found.findIndex((one) => order(hop, one) < 0);
    found.splice(place < 0 ? found.length : place, 0, hop);
    if (found.length > most) found.pop();
  }
  return found;
}

export class Board {
  /** @type {Map<string, Hop>} */ hops = new Map();
  /** @type {Map<string | null, Hop[]>} */ below = new Map();
  /** @type {Map<string, Sums>} */ sums = new Map();
  /** @type {Order[]} */ orders = [];
  /** @type {Told["ringing"]} */ ringing = {};
  /** Whose call from the site nobody has answered. @type {Told["asking"]} */ asking = {};
  /** @type {Record<string, number>} */ numbers = {};
  /** @type {Told["moved"]} */ moved = null;
  /** @type {number | null} */ then = null;

  /** Take in what is new; give the hops that it changes. @param {Told} told @returns {Hop[]} */
  add(told) {
    const fresh = told.hops.map(read);
    for (const hop of fresh) this.hops.set(hop.id, hop);
    Object.assign(this, { ringing: told.ringing, asking: told.asking, numbers: told.numbers });
    if (told.moved) this.moved = told.moved;
    this.orders = told.orders.map(([id = "", what = "", urgency = "", standing = "", at = "", whatEn = ""]) => ({ id, what, whatEn, urgency, standing, at }));
    this.link();
    return fresh;
  }

  /** Forget all and begin with this. @param {Told} told @param {boolean} past */
  begin(told, past) {
    this.hops.clear();
    Object.assign(this, { moved: null, then: past ? Date.parse(told.at) : null });
    return this.add(told);
  }

  now() {
    return this.then ?? Date.now();
  }

  /** @param {Hop} hop @returns {string} one of GROUPS; empty when it was taken back */
  group(hop) {
    if (UNANSWERED.has(hop.state)) return hop.dueAt < this.now() ? "late" : "silent";
    return GROUP_OF[hop.state] ?? "";
  }

  link() {
    this.below.clear();
    this.sums.clear();
    for (const hop of this.hops.values()) {
      // Who sees a part of the tree does not see the hop above: his own is a root to him.
      const above = hop.parent && this.hops.has(hop.parent) ? hop.parent : null;
      const kin = this.below.get(above ?? hop.order);
      if (kin) kin.push(hop);
      else this.below.set(above ?? hop.order, [hop]);
    }
    this.count();
  }

  /** Add every hop to its order and to all that stand above it. */
  count() {
    this.sums.clear();
    for (const hop of this.hops.values()) {
      const group = this.group(hop);
      if (!group) continue;
      this.addTo(hop.order, hop, group);
      for (let above = hop.parent ? this.hops.get(hop.parent) : undefined; above; above = above.parent ? this.hops.get(above.parent) : undefined) this.addTo(above.id, hop, group);
    }
  }

  /** @param {string} id of a hop or an order @param {Hop} hop that stands below it @param {string} group */
  addTo(id, hop, group) {
    const sums = this.sums.get(id) ?? { crews: 0, answered: 0, arrived: 0, members: 0, membersAnswered: 0, membersArrived: 0, silent: 0, late: 0, cannot: 0, asks: 0 };
    sums.silent += Number(group === "silent" || group === "late");
    sums.late += Number(group === "late");
    sums.cannot += Number(group === "cannot");
    sums.asks += Number(hop.id in this.asking);
    if (hop.holder === "crew") {
      sums.crews += 1;
      sums.answered += Number(TAKEN_ON.has(hop.state));
      sums.arrived += Number(ARRIVED.has(hop.state));
    } else if (hop.holder === "member") {
      sums.members += 1;
      sums.membersAnswered += Number(TAKEN_ON.has(hop.state));
      sums.membersArrived += Number(ARRIVED.has(hop.state));
    }
    this.sums.set(id, sums);
  }

  /** @param {string} id of a hop or an order @returns {Hop[]} what was given from there, the most urgent first */
  children(id) {
    const kin = (this.below.get(id) ?? []).map((hop) => ({ hop, urgency: this.urgency(hop) }));
    return kin.sort((one, other) => one.urgency - other.urgency || inTime(one.hop.due, other.hop.due)).map(({ hop }) => hop);
  }

  /** Where silence or a refusal lies below, it is as urgent as one's own. @param {Hop} hop */
  urgency(hop) {
    const own = hop.id in this.asking ? 0 : GROUPS.indexOf(this.group(hop));
    if (own < 0) return GROUPS.length;
    const sums = this.sums.get(hop.id);
    const below = sums?.late || sums?.asks ? 0 : sums?.silent ? 1 : sums?.cannot ? 2 : GROUPS.length;
    return Math.min(own < 3 ? own : 3, below);
  }

  /** @returns {Hop[]} who has not answered */
  waiting() {
    return [...this.hops.values()].filter((hop) => UNANSWERED.has(hop.state));
  }

  /** @returns {Hop[]} who calls from the site and is not answered; who called all away on top */
  callers() {
    const found = Object.keys(this.asking).flatMap((id) => this.hops.get(id) ?? []);
    return found.sort((one, other) => inTime(this.asking[one.id] ?? "", this.asking[other.id] ?? ""));
  }

  /** @returns {Hop[]} who has not answered and calls for nothing himself */
  owing() {
    return this.waiting().filter((hop) => !(hop.id in this.asking));
  }

  /** @returns {Hop[]} who waits for an answer or owes one, whose time ends first on top */
  silent() {
    return [...this.callers(), ...this.owing().sort(soonest)];
  }

  /** @param {string} order @param {number} most @returns {Hop[]} the first few of them, of one order or of all */
  longest(order, most) {
    const meant = (/** @type {Hop} */ hop) => !order || hop.order === order;
    return [...this.callers().filter(meant), ...first(this.owing().filter(meant), most, soonest)].slice(0, most);
  }

  /** @param {Hop} hop @returns {Hop[]} those above it, the nearest first */
  above(hop) {
    const line = [];
    for (let one = hop.parent ? this.hops.get(hop.parent) : undefined; one; one = one.parent ? this.hops.get(one.parent) : undefined) line.push(one);
    return line;
  }

  /** A unit's name stands for all below it. @param {Hop} hop @param {Wanted} wanted */
  fits(hop, { text, level, order, states }) {
    if (order && hop.order !== order) return false;
    if (level && hop.level !== level) return false;
    if (states.size && !states.has(this.group(hop))) return false;
    return !text || [hop, ...this.above(hop)].some((one) => `${one.name} ${one.nameEn}`.toLowerCase().includes(text));
  }

  /** @param {Wanted} wanted @returns {Hop[]} */
  found(wanted) {
    return [...this.hops.values()]
      .filter((hop) => this.group(hop) && this.fits(hop, wanted))
      .sort((one, other) => GROUPS.indexOf(this.group(one)) - GROUPS.indexOf(this.group(other)) || inTime(one.due, other.due));
  }

  /** How many hops stand in each group. @returns {Record<string, number>} */
  tally() {
    const counts = Object.fromEntries(GROUPS.map((group) => [group, 0]));
    for (const hop of this.hops.values()) {
      const group = this.group(hop);
      if (group) counts[group] = (counts[group] ?? 0) + 1;
    }
    return counts;
  }

  /** @param {number} most @returns {Hop[]} what happened last */
  latest(most) {
    return first(this.hops.values(), most, (one, other) => inTime(other.since, one.since));
  }
}
