// The order on its way down: each step changes the tree, the numbers and the timeline by itself.

import { boundsOf, showExtent } from "./extent.js";
import { busy, follow, load, onceAtATime } from "./live.js";
import { sayCurrent, sayLine } from "./line-state.js";
import { palette } from "./map-style.js";
import "./narrow.js";
import { tellSeen } from "./seen.js";
import { swap } from "./swap.js";

const PARTS = ["words-part", "mine-part", "team-part", "change-part", "tree-part", "side-part"];
const PAUSE_MS = 500;
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
    swap(old, fresh);
  } else if (old) {
    old.remove();
  } else if (fresh) {
    const before = document.getElementById(fresh.previousElementSibling?.id || "-");
    if (before) before.after(fresh);
    else board.prepend(fresh);
  }
}

/** The area that was drawn, and all of it in sight. @param {any} map @param {any} shape */
function showArea(map, shape) {
  showExtent(map, shape, () => palette().tones.red?.fill);
  map.fitBounds(boundsOf(shape), { padding: 32, animate: false, maxZoom: 15 });
}

const box = document.getElementById("place-map");
/** @type {import("./crew-marks.js").Crews | null} */
let crews = null;
if (box) {
  const order = board.dataset.order ?? "";
  // Where no map can be drawn the tree and the numbers are complete.
  void Promise.all([import("./place-map.js").then(({ drawPlace }) => drawPlace(box)), import("./crew-marks.js")])
    .then(([{ map }, { Crews }]) => {
      const { shape } = box.dataset;
      if (shape) showArea(map, JSON.parse(shape));
      crews = new Crews(map, box, order);
    })
    .catch(() => box.closest(".card")?.remove());
}

const refresh = onceAtATime(async () => {
  const page = await load(path);
  for (const id of PARTS) change(page, id);
  document.dispatchEvent(new CustomEvent("htmx:load"));
  tellSeen(board);
  // However much happens: at most two looks a second.
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}, sayCurrent);

follow({
  topics: "order,call,place",
  after: Number(board.dataset.after),
  onEvent: (told) => {
    if (told.topic !== "call" && told.ref !== board.dataset.order) return;
    void refresh();
    if (told.topic !== "call") void crews?.refresh();
  },
  onReset: () => {
    void refresh();
    void crews?.forget();
  },
  onState: sayLine,
});
document.addEventListener("visibilitychange", () => tellSeen(board));
tellSeen(board);
