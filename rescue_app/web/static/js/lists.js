// A list that changes by itself: on each event that concerns it, it is fetched again.

import { busy, follow, load, onceAtATime } from "./live.js";
import { sayCurrent, sayLine } from "./line-state.js";
import { tellSeen } from "./seen.js";

const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));

const refresh = onceAtATime(async () => {
  const page = await load(location.pathname + location.search);
  const fresh = page.querySelector("[data-live]");
  const mode = page.querySelector("[data-mode-pill]");
  if (mode) document.querySelector("[data-mode-pill]")?.replaceWith(mode);
  if (!part || !fresh || busy(part, () => void refresh())) return;
  part.innerHTML = fresh.innerHTML;
  tellSeen(part);
}, sayCurrent);

if (part) {
  tellSeen(part);
  document.addEventListener("visibilitychange", () => tellSeen(part));
  follow({
    topics: part.dataset.live ?? "",
    after: Number(part.dataset.after),
    onEvent: () => void refresh(),
    onReset: () => void refresh(),
    onState: sayLine,
  });
} else {
  document.getElementById("link-state")?.remove();
}
