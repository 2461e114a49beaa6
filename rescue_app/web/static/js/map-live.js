// Changes come by themselves; when the line is lost the page says since when.

import { sayLine } from "./line-state.js";

/** What has to be drawn anew when something of a topic changed. @type {Record<string, string[]>} */
const DRAWN_OF = {
  point: ["points"],
  area: ["points", "areas"],
  asset: ["assets"],
  finding: ["assets"],
  event: ["events"],
  evidence: ["proposals", "susceptibility"],
  alert: ["alerts"],
  station: ["stations"],
  judgement: ["stations"],
};
export const LAYERS = [...new Set(Object.values(DRAWN_OF).flat())];
const GATHER_MS = 700;

/** @param {{onChange: (layers: string[]) => void}} wiring */
export function watchLine({ onChange }) {
  let timer = 0;
  let last = 0;
  /** @type {Set<string>} */
  const stale = new Set();

  // A change shows at once, many in one breath are one redraw, and a storm of them holds nothing up.
  const changed = (layers = LAYERS) => {
    for (const layer of layers) stale.add(layer);
    timer ||= window.setTimeout(redraw, Math.max(0, last + GATHER_MS - Date.now()));
  };
  const redraw = () => {
    timer = 0;
    last = Date.now();
    const layers = [...stale];
    stale.clear();
    onChange(layers);
  };

  // What happened while the page was on its way comes first.
  const { after } = /** @type {HTMLElement} */ (document.getElementById("main")).dataset;
  const line = new EventSource(`/live?topics=${Object.keys(DRAWN_OF)}&after=${after}`);
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
  line.addEventListener("message", (told) => changed(DRAWN_OF[JSON.parse(told.data).topic]));
  // We were away too long for the log: what is shown may be old.
  line.addEventListener("reset", () => changed());
  addEventListener("offline", () => sayLine(false));
}
