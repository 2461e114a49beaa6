// The commander's wall: it follows the live stream, asks for what changed at most twice a second, and
// brings tree, map and numbers to it; or it shows an earlier moment, and says so.

import { showExtent } from "./extent.js";
import { sayCurrent, sayLine } from "./line-state.js";
import { follow, onceAtATime, Refused } from "./live.js";
import { palette } from "./map-style.js";
import { drawPlace } from "./place-map.js";
import { Board, GROUPS } from "./wall-board.js";
import { CrewLayer } from "./wall-map.js";
import { Marks } from "./wall-marks.js";
import { OF_STATIONS, stationsOf } from "./wall-stations.js";
import { Hours } from "./wall-time.js";
import { clock, Tree } from "./wall-tree.js";

/** @typedef {import("./wall-board.js").Hop} Hop */

const PAUSE_MS = 500;
const CLOCK_MS = 5000;
const LATEST = 12;

/** @param {string} id @returns {HTMLElement} */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const room = part("main");
const { incident = "", locale = "zh" } = room.dataset;
const words = { ...JSON.parse(part("wall-words").textContent ?? "{}"), locale };
const filters = /** @type {HTMLFormElement} */ (part("filters"));
const address = `/api/v1/incidents/${incident}/wall`;
const board = new Board();
const tree = new Tree(board, words, choose);
/** @type {CrewLayer | null} */
let crews = null;
/** @type {Marks | null} */
let marks = null;
let drawStations = () => {};
/** @type {string | null} */
let seen = null;
let moved = false;

/** @returns {import("./wall-board.js").Wanted} */
function wanted() {
  const said = new FormData(filters);
  return { text: String(said.get("text")).trim().toLowerCase(), level: String(said.get("level")), order: String(said.get("order")), states: new Set(said.getAll("state").map(String)) };
}

/** @param {string} query @returns {Promise<import("./wall-board.js").Told>} */
async function ask(query) {
  const answer = await fetch(`${address}${query}`);
  if (!answer.ok) throw new (answer.status < 500 ? Refused : Error)(String(answer.status));
  return answer.json();
}

function showFigures() {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-figure]"))) {
    const { figure = "", of = "" } = box.dataset;
    const value = board.numbers[figure] ?? 0;
    /** @type {HTMLElement} */ (box.querySelector("b")).textContent = value.toLocaleString();
    box.toggleAttribute("data-on", value > 0);
    const beside = box.querySelector("small");
    if (beside && of) beside.textContent = `/ ${(board.numbers[of] ?? 0).toLocaleString()}`;
  }
  const [title, value, beside] = ["dt", "b", "small"].map((name) => /** @type {HTMLElement} */ (part("moved").querySelector(name)));
  if (!title || !value || !beside) return;
  title.textContent = (board.moved ? title.dataset.roster : title.dataset.said) ?? "";
  value.textContent = (board.moved?.verified ?? board.numbers.said_moved ?? 0).toLocaleString();
  beside.textContent = board.moved ? `/ ${board.moved.roster.toLocaleString()}` : "";
}

/** Beside a figure, what of it needs eyes first. @param {string} which @param {string} said @param {number} count */
function sayOf(which, said, count) {
  const beside = document.querySelector(`#figures [data-${which}]`);
  if (beside) beside.textContent = count ? said.replace("{count}", count.toLocaleString()) : "";
}

function showCounts() {
  const tally = board.tally();
  for (const group of GROUPS) {
    const count = filters.querySelector(`[data-group="${group}"] .count`);
    if (count) count.textContent = (tally[group] ?? 0).toLocaleString();
  }
  sayOf("late", words.lateOnes, tally.late ?? 0);
  sayOf("away", words.away, board.numbers.danger ?? 0);
}

function showLatest() {
  const rows = board.latest(LATEST).map((hop) => {
    const row = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = clock(hop.since);
    row.append(time, ` ${(hop.state === "queued" ? words.given : words.states[hop.state]) ?? ""} `, Object.assign(document.createElement("b"), { textContent: tree.name(hop) }));
    return row;
  });
  part("latest").replaceChildren(...rows);
}

function showOrders() {
  const choice = /** @type {HTMLSelectElement} */ (filters.elements.namedItem("order"));
  const known = new Set([...choice.options].map((option) => option.value));
  for (const order of board.orders) if (!known.has(order.id)) choice.add(new Option(tree.what(order), order.id));
}

function show() {
  tree.draw(wanted());
  showFigures();
  showCounts();
  showLatest();
  showOrders();
}

/** Put another whole wall in place of this one. @param {import("./wall-board.js").Told} told @param {boolean} past */
function begin(told, past) {
  board.begin(told, past);
  if (told.ticks.length) hours.draw(told.ticks);
  crews?.redraw();
  show();
}

const refresh = onceAtATime(async () => {
  if (hours.at !== null) return;
  const began = performance.now();
  if (seen === null) {
    const told = await ask("");
    seen = told.seen;
    begin(told, false);
  } else {
    const roster = moved;
    moved = false;
    const told = await ask(`?seen=${encodeURIComponent(seen)}&roster=${roster}`).catch((problem) => {
      moved = roster;
      throw problem;
    });
    if (hours.at !== null) return;
    seen = told.seen;
    const fresh = board.add(told);
    crews?.update(fresh);
    show();
  }
  room.dataset.seen = "true";
  performance.measure("wall", { start: began });
  // However much happens: at most two looks a second.
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}, sayCurrent);

const showMoment = onceAtATime(async () => {
  const at = hours.at;
  if (at === null) {
    seen = null;
    void refresh();
    await marks?.load();
    return;
  }
  const moment = new Date(at).toISOString();
  const told = await ask(`?at=${encodeURIComponent(moment)}`);
  if (hours.at !== at) return;
  begin(told, true);
  await marks?.load(moment);
});

const hours = new Hours(words, () => void showMoment());

/** @param {string} name @param {string} level @param {string} about @param {string} phone @param {string} mark */
function showCard(name, level, about, phone, mark = "") {
  part("chosen").hidden = false;
  part("chosen-name").textContent = name;
  part("chosen-level").textContent = level;
  part("chosen-words").textContent = about;
  const call = part("chosen-call");
  call.hidden = !phone;
  call.setAttribute("href", `tel:${phone}`);
  /** @type {HTMLElement} */ (call.querySelector("span")).textContent = phone;
  const remove = part("chosen-remove");
  remove.hidden = !mark;
  remove.dataset.mark = mark;
}

/** @param {Hop} hop */
function choose(hop) {
  tree.select(hop);
  crews?.goTo(hop);
  const placed = hop.placed ? words.placed[hop.placed].replace("{time}", hop.placedAt ? clock(hop.placedAt) : "") : "";
  const about = [words.states[hop.state], clock(hop.since), hop.by, placed].filter(Boolean).join(" · ");
  showCard(tree.name(hop), words.levels[hop.level] ?? "", about, hop.phone);
}

/** @param {number} step */
function nextSilent(step) {
  const silent = board.silent();
  if (!silent.length) return;
  const at = silent.findIndex((hop) => hop.id === tree.selected);
  const next = silent[at < 0 ? (step > 0 ? 0 : silent.length - 1) : (at + step + silent.length) % silent.length];
  if (next) choose(next);
}

function narrow() {
  const asked = wanted();
  part("clear").hidden = !(asked.text || asked.level || asked.order || asked.states.size);
  if (crews) {
    crews.wanted = (hop) => board.fits(hop, asked);
    crews.update(board.hops.values());
  }
  tree.draw(asked);
  part("rows").scrollTop = 0;
}

filters.addEventListener("input", narrow);
filters.addEventListener("submit", (event) => event.preventDefault());
part("clear").addEventListener("click", () => {
  filters.reset();
  narrow();
});
part("full").addEventListener("click", () => {
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
});
const help = /** @type {HTMLDialogElement} */ (part("keys"));
part("keys-open").addEventListener("click", () => help.showModal());
part("chosen-close").addEventListener("click", () => (part("chosen").hidden = true));
part("chosen-remove").addEventListener("click", (event) => {
  const { mark = "" } = /** @type {HTMLElement} */ (event.currentTarget).dataset;
  part("chosen").hidden = true;
  void marks?.remove(mark);
});

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => nextSilent(1),
  k: () => nextSilent(-1),
  s: () => {
    for (const group of ["late", "silent"]) /** @type {HTMLInputElement} */ (filters.querySelector(`[value="${group}"]`)).click();
  },
  0: () => crews?.frame(),
  Escape: () => (part("chosen").hidden = true),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const typing = event.target instanceof HTMLElement && event.target.matches("input:not([type=range], [type=checkbox]), textarea, select");
  if (typing && event.key === "Escape") /** @type {HTMLElement} */ (event.target).blur();
  const act = typing ? undefined : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

follow({
  topics: ["order,call,place,evacuation,sketch", ...OF_STATIONS].join(),
  after: Number(room.dataset.after),
  onEvent: (told) => {
    if (OF_STATIONS.includes(told.topic)) return drawStations();
    if (told.topic === "sketch") {
      if (told.ref === incident && hours.at === null) void marks?.load();
      return;
    }
    moved ||= told.topic === "evacuation";
    void refresh();
  },
  onReset: () => {
    seen = null;
    drawStations();
    void refresh();
  },
  onState: sayLine,
});

// Nothing is told when a time runs out: who was silent is late from then on.
setInterval(() => {
  part("wall-clock").textContent = new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
}, 1000);
setInterval(() => {
  if (hours.at !== null) return;
  if (seen === null) void refresh();
  board.count();
  crews?.update(board.waiting());
  show();
}, CLOCK_MS);

const box = part("wall-map");
void refresh();
// Where no map can be drawn the tree and the numbers are complete.
void drawPlace(box).then(({ map }) => {
  const { shape = "" } = box.dataset;
  if (shape) showExtent(map, JSON.parse(shape), () => palette().grades.I?.fill, 0.12, 2);
  drawStations = stationsOf(map);
  crews = new CrewLayer(map, board, words, choose);
  marks = new Marks(map, words, (mark) => {
    const mine = mark.by_id === room.dataset.me && hours.at === null;
    showCard(mark.words || mark.by_name, "", words.drawn.replace("{name}", mark.by_name).replace("{time}", clock(mark.done_at)), mark.by_phone, mine ? mark.id : "");
  });
  void marks.load();
}).catch(() => (room.dataset.mapless = "true"));
