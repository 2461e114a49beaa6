// A list that changes by itself: on each event that concerns it, it is fetched again. One whose cards
// are answered in it (data-cards) waits under somebody's hands with the card they are in, and no other.

import { busy, follow, load, onceAtATime } from "./live.js";
import { sayCurrent, sayLine } from "./line-state.js";
import { ring } from "./ring.js";
import { tellSeen } from "./seen.js";
import { redrawn } from "./swap.js";

const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));

/** What owes a word. @param {ParentNode} list */
const owed = (list) => new Set(Array.from(list.querySelectorAll(":scope > [data-owed]"), ({ id }) => id));

/** What is in use stays where it stands, and all else comes anew around it. @param {Element} list @param {Element} fresh */
function drawCards(list, fresh) {
  const before = owed(list);
  const held = new Map([...list.children].filter((card) => busy(card, () => void refresh())).map((card) => [card.id, card]));
  for (const card of [...list.children]) if (!held.has(card.id)) card.remove();
  /** @type {Element | undefined} */
  let last;
  for (const card of [...fresh.children]) {
    const mine = held.get(card.id);
    if (!mine && last) last.after(card);
    else if (!mine) list.prepend(card);
    last = mine ?? card;
  }
  if ([...owed(list)].some((id) => !before.has(id))) ring();
}

const refresh = onceAtATime(async () => {
  const page = await load(location.pathname + location.search);
  const fresh = page.querySelector("[data-live]");
  const mode = page.querySelector("[data-mode-pill]");
  if (mode) document.querySelector("[data-mode-pill]")?.replaceWith(mode);
  if (!part || !fresh) return;
  // A button that is being pressed does not move.
  const byCard = part.dataset.cards !== undefined && !part.querySelector(":active");
  if (!byCard && busy(part, () => void refresh())) return;
  redrawn(part, () => {
    if (byCard) drawCards(part, fresh);
    else part.innerHTML = fresh.innerHTML;
    return part;
  });
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
