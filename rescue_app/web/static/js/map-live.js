// Changes come by themselves; when the line is lost the page says since when.

import { sayLine } from "./line-state.js";

const TOPICS = "point,area,asset,finding,alert";
const GATHER_MS = 700;

/** @param {{onChange: () => void}} wiring */
export function watchLine({ onChange }) {
  let timer = 0;
  let last = 0;

  // A change shows at once, many in one breath are one redraw, and a storm of them holds nothing up.
  const changed = () => {
    timer ||= window.setTimeout(redraw, Math.max(0, last + GATHER_MS - Date.now()));
  };
  const redraw = () => {
    timer = 0;
    last = Date.now();
    onChange();
  };

  const line = new EventSource(`/live?topics=${TOPICS}`);
  let lost = false;
  line.addEventListener("open", () => {
    sayLine(true);
    if (lost) changed();
    lost = false;
  });
  line.addEventListener("error", () => {
    lost = true;
    sayLine(false);
  });
  // "reset": we were away too long for the log; what is shown may be old.
  for (const kind of ["message", "reset"]) line.addEventListener(kind, changed);
  addEventListener("offline", () => sayLine(false));
}
