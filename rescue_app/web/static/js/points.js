// Walk the list by keyboard: J next, K previous, Enter opens (it is a link).

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
