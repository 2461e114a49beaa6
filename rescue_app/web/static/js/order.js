// The order on its way down: each step changes the tree, the numbers and the timeline by itself.

import { busy, follow, load, onceAtATime } from "./live.js";
import { sayCurrent, sayLine } from "./line-state.js";
import { tellSeen } from "./seen.js";

const PARTS = ["words-part", "mine-part", "team-part", "change-part", "tree-part", "side-part"];
const board = /** @type {HTMLElement} */ (document.getElementById("board"));
const path = `/orders/${board.dataset.order}/board${location.search}`;

/** What changed pulses once. @param {Element} old @param {Element} fresh */
function markChanges(old, fresh) {
  for (const line of fresh.querySelectorAll("li[id]")) {
    const before = old.querySelector(`#${CSS.escape(line.id)}`);
    if (before?.getAttribute("data-state") !== line.getAttribute("data-state") || !before) line.classList.add("fresh");
  }
}

/** @param {Document} page @param {string} id */
function change(page, id) {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (old && busy(old, () => void refresh())) return;
  if (old && fresh) {
    markChanges(old, fresh);
    old.replaceWith(fresh);
  } else if (old) {
    old.remove();
  } else if (fresh) {
    board.prepend(fresh);
  }
}

const box = document.getElementById("place-map");
if (box) {
  // Where no map can be drawn the tree and the numbers are complete.
  void import("./place-map.js").then(({ drawPlace }) => drawPlace(box)).then(({ map }) => {
    void import("./crew-marks.js").then(({ markCrews }) => {
      markCrews(map, board);
      document.addEventListener("htmx:load", () => markCrews(map, board));
    });
  }).catch(() => box.remove());
}

const refresh = onceAtATime(async () => {
  const page = await load(path);
  for (const id of PARTS) change(page, id);
  document.dispatchEvent(new CustomEvent("htmx:load"));
  tellSeen(board);
}, sayCurrent);

follow({
  topics: "order,call,place",
  after: Number(board.dataset.after),
  onEvent: (told) => {
    if (told.topic === "call" || told.ref === board.dataset.order) void refresh();
  },
  onReset: () => void refresh(),
  onState: sayLine,
});
document.addEventListener("visibilitychange", () => tellSeen(board));
tellSeen(board);
