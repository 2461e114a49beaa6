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
