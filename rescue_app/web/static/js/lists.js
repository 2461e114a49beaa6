// A list that changes by itself: on each event that concerns it, it is fetched again.

import { follow, inUse, load, onceAtATime } from "./live.js";
import { tellSeen } from "./seen.js";

const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));

const refresh = onceAtATime(async () => {
  const fresh = (await load(location.pathname + location.search)).querySelector("[data-live]");
  if (!part || !fresh || inUse(part)) return;
  part.innerHTML = fresh.innerHTML;
  tellSeen(part);
});

if (part) {
  tellSeen(part);
  document.addEventListener("visibilitychange", () => tellSeen(part));
  follow({
    topics: part.dataset.live ?? "",
    after: Number(part.dataset.after),
    onEvent: () => void refresh(),
    onReset: () => void refresh(),
  });
}
