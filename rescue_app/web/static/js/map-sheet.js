// On a phone the list is a sheet with three stops: a glimpse, half, full.

const STOPS = ["peek", "half", "full"];
const DRAG_PX = 24;

/** As in map.css. */
export const isPhone = () => matchMedia("(max-width: 860px)").matches;

export function installSheet() {
  if (isPhone()) document.getElementById("legend")?.removeAttribute("open");
  const sheet = document.getElementById("rail");
  const handle = document.getElementById("rail-handle");
  if (!sheet || !handle) return;
  let from = 0;
  const go = (/** @type {number} */ step, wrap = false) => {
    const now = STOPS.indexOf(sheet.dataset.stop ?? "peek");
    const next = wrap ? (now + step) % STOPS.length : Math.max(0, Math.min(STOPS.length - 1, now + step));
    sheet.dataset.stop = STOPS[next];
  };
  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointerup", (event) => {
    const way = event.clientY - from;
    if (Math.abs(way) < DRAG_PX) go(1, true);
    else go(way < 0 ? 1 : -1);
  });
  handle.addEventListener("click", (event) => {
    if (event.detail === 0) go(1, true);
  });
  document.getElementById("q")?.addEventListener("focus", () => {
    if (sheet.dataset.stop === "peek") go(1);
  });
}
