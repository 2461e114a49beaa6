// The list: filters open where there is room; J next, K previous, Enter opens (it is a link).

const filters = document.getElementById("filters");
// On the desk there is room for them; on a phone the list comes first.
if (filters instanceof HTMLDetailsElement) filters.open = matchMedia("(min-width: 861px)").matches;

/** @param {number} step */
function walk(step) {
  /** @type {HTMLAnchorElement[]} */
  const rows = Array.from(document.querySelectorAll("a[data-row]"));
  const here = rows.findIndex((row) => row === document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
});

/** Say how many are ticked, and tick a whole page at once. @param {HTMLElement} bar */
function watchTicks(bar) {
  const all = /** @type {HTMLInputElement} */ (document.getElementById("tick-all"));
  const button = /** @type {HTMLButtonElement} */ (bar.querySelector("button"));
  const told = /** @type {HTMLOutputElement} */ (bar.querySelector("output"));
  /** @type {NodeListOf<HTMLInputElement>} */
  const ticks = document.querySelectorAll("input[name=pick]");
  const count = () => {
    const on = [...ticks].filter((tick) => tick.checked).length;
    told.value = on ? (bar.dataset.ticked ?? "").replace("{count}", String(on)) : "";
    button.disabled = on === 0;
    all.checked = on === ticks.length;
    all.indeterminate = on > 0 && on < ticks.length;
  };
  all.closest("label")?.removeAttribute("hidden");
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    count();
  });
  for (const tick of ticks) tick.addEventListener("change", count);
  // What the browser ticked again by itself, coming back, counts too.
  addEventListener("pageshow", count);
}

const bar = document.getElementById("bulk");
if (bar) watchTicks(bar);
