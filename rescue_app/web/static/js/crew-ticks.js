// What the crew ticks of its order's checklist goes through the field's one queue, like everything
// else from the site; each item shows at once what was pressed, and that it waits.

import { showKept } from "./crew-site.js";
import { newId } from "./ids.js";
import { all, keep, sendAll, watch } from "./visits.js";

const account = document.body.dataset.account ?? "";
const lists = () => /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-ticks]"));
/** When each list came from the server: what was sent later is not on it yet. @type {WeakMap<HTMLFormElement, number>} */
const drawn = new WeakMap();

/** Keep a tick, or that one is taken back. @param {HTMLFormElement} form @param {HTMLButtonElement} pressed */
export async function tick(form, pressed) {
  const id = newId();
  const item = pressed.querySelector("b")?.textContent ?? "";
  const ticked = pressed.getAttribute("aria-pressed") !== "true";
  const what = ticked ? `✓ ${item}` : `${form.dataset.undone} · ${item}`;
  /** @type {any} */
  const visit = { id, item: Number(pressed.value), ticked, done_at: new Date().toISOString() };
  const page = location.pathname + location.search;
  mark(pressed, ticked, form.dataset.kept ?? "");
  await keep({ id, endpoint: form.dataset.ticks ?? "", page, what, account, visit });
  await Promise.all([showKept(), showTicks()]);
  await sendAll();
}

/** @param {Element} button @param {boolean} ticked @param {string} kept */
function mark(button, ticked, kept) {
  button.setAttribute("aria-pressed", String(ticked));
  button.classList.toggle("queued", Boolean(kept));
  const by = /** @type {HTMLElement} */ (button.querySelector("small"));
  by.dataset.by ??= by.textContent ?? "";
  by.textContent = kept || (ticked ? by.dataset.by : "");
}

/** Lay what waits here, or was sent since the page was drawn, over what the server said. */
export async function showTicks() {
  for (const form of lists()) if (!drawn.has(form)) drawn.set(form, Date.now());
  const kept = (await all()).filter((one) => !one.because && !one.off_at);
  for (const form of lists()) {
    const since = drawn.get(form) ?? 0;
    const mine = kept.filter((one) => one.endpoint === form.dataset.ticks && (one.sent_at ?? Infinity) > since);
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button"))) {
      const last = mine.filter(({ visit }) => "ticked" in visit && visit.item === Number(button.value)).at(-1);
      const ticked = last && "ticked" in last.visit ? last.visit.ticked : button.name === "untick";
      mark(button, ticked, last && !last.sent_at ? form.dataset.kept ?? "" : "");
    }
    const done = form.querySelectorAll("[aria-pressed=true]").length;
    const count = form.parentElement?.querySelector("[data-count]");
    if (count) count.textContent = `${done}/${form.querySelectorAll("button").length}`;
  }
}

watch(() => void showTicks());
