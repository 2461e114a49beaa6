// Whoever gives a field a new value means it: its tick comes by itself, also for what was typed
// before this script was there.

for (const set of document.querySelectorAll(".set")) {
  const tick = /** @type {HTMLInputElement} */ (set.querySelector("[name='set']"));
  /** @type {NodeListOf<HTMLInputElement>} */
  const typed = set.querySelectorAll("input:not([name='set']), textarea");
  if ([...typed].some((field) => field.value !== field.defaultValue)) tick.checked = true;
  set.addEventListener("input", (event) => {
    if (event.target !== tick) tick.checked = true;
  });
}
