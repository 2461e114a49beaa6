// The board: a card that is dropped on the next column, or told M, takes the step of its own form.

const board = /** @type {HTMLElement | null} */ (document.querySelector(".board-live"));
/** @type {HTMLElement | null} */
let held = null;
/** The card somebody is at, so that a board that changes does not lose his place. @type {string | undefined} */
let at;

/** @param {EventTarget | null} target @param {string} selector */
const near = (target, selector) => (target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(selector)) : null);

/** @param {HTMLElement} card */
const formOf = (card) => /** @type {HTMLFormElement | null} */ (card.querySelector("form[data-to]"));

const lineOf = () => /** @type {HTMLElement | null} */ (board?.querySelector("[data-told]") ?? null);

/** @param {string | undefined} text */
function tell(text) {
  const line = lineOf();
  if (!line) return;
  line.hidden = !text;
  line.textContent = text ?? "";
}

/** Say why a card does not move by hand. @param {HTMLElement} card @param {string | undefined} to */
function explain(card, to) {
  if (card.dataset.state !== to) tell(to === "verified" ? lineOf()?.dataset.site : lineOf()?.dataset.page);
}

/** Take the step; the answer is the board as it is then. @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) }).catch(() => null);
  if (!answer?.ok) return tell(answer ? (await answer.json()).detail : lineOf()?.dataset.lost);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".board-live");
  if (board && fresh) board.innerHTML = fresh.innerHTML;
}

/** @param {HTMLElement} card @param {string | undefined} to */
function move(card, to) {
  const form = formOf(card);
  if (form && (to === undefined || form.dataset.to === to)) form.requestSubmit(form.querySelector("button"));
  else explain(card, to ?? (card.dataset.state === "finished" ? "verified" : undefined));
}

/** @param {HTMLElement} card @param {string} key */
function neighbour(card, key) {
  const column = near(card, "[data-column]");
  const cards = [...(column?.querySelectorAll("[data-card]") ?? [])];
  const place = cards.indexOf(card);
  if (key === "ArrowDown" || key === "ArrowUp") return cards[place + (key === "ArrowDown" ? 1 : -1)];
  let next = column;
  do next = /** @type {HTMLElement | null} */ (key === "ArrowRight" ? next?.nextElementSibling : next?.previousElementSibling) ?? null;
  while (next && !next.querySelector("[data-card]"));
  const others = next?.querySelectorAll("[data-card]") ?? [];
  return others[Math.min(place, others.length - 1)];
}

board?.addEventListener("dragstart", (event) => {
  held = near(event.target, "[data-card]");
  held?.classList.add("holding");
  event.dataTransfer?.setData("text/plain", held?.dataset.card ?? "");
});
board?.addEventListener("dragover", (event) => {
  const column = near(event.target, "[data-column]");
  if (!held || !column) return;
  event.preventDefault();
  const fits = formOf(held)?.dataset.to === column.dataset.column;
  column.classList.add(fits ? "over" : "refuses");
});
board?.addEventListener("dragleave", (event) => near(event.target, "[data-column]")?.classList.remove("over", "refuses"));
board?.addEventListener("drop", (event) => {
  const column = near(event.target, "[data-column]");
  column?.classList.remove("over", "refuses");
  if (!held || !column) return;
  event.preventDefault();
  move(held, column.dataset.column);
});
board?.addEventListener("dragend", () => {
  held?.classList.remove("holding");
  held = null;
});
board?.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.to) return;
  event.preventDefault();
  void send(form, event.submitter);
});
board?.addEventListener("focusin", (event) => (at = near(event.target, "[data-card]")?.dataset.card));
document.addEventListener("pointerdown", () => (at = undefined));
if (board) {
  new MutationObserver(() => {
    const link = /** @type {HTMLElement | null} */ (at ? board.querySelector(`[data-card="${at}"] [data-open]`) : null);
    if (document.activeElement === document.body) link?.focus();
  }).observe(board, { childList: true });
}
board?.addEventListener("keydown", (event) => {
  const card = near(event.target, "[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "m" || event.key === "M") return move(card, undefined);
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const link = /** @type {HTMLElement | null | undefined} */ (neighbour(card, event.key)?.querySelector("[data-open]"));
  link?.focus();
});

export {};
