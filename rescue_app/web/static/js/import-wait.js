// The page of an import at work: its progress moves, and when it is done the next step is there.

import { follow, load, onceAtATime } from "./live.js";

const LOOK_AGAIN_MS = 10_000; // a worker that was lost tells nobody

const part = /** @type {HTMLElement} */ (document.getElementById("work"));

const refresh = onceAtATime(async () => {
  const page = await load(location.pathname);
  const fresh = page.getElementById("work");
  if (fresh?.dataset.state !== part.dataset.state) return location.reload();
  part.innerHTML = fresh?.innerHTML ?? "";
});

follow({
  topics: "import,job",
  after: Number(part.dataset.after),
  onEvent: () => void refresh(),
  onReset: () => void refresh(),
});
setInterval(() => void refresh(), LOOK_AGAIN_MS);
void refresh();
