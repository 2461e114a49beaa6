// Whoever gives a field a new value means it: its tick comes by itself.

for (const set of document.querySelectorAll(".set")) {
  const tick = /** @type {HTMLInputElement} */ (set.querySelector("[name='set']"));
  set.addEventListener("input", (event) => {
    if (event.target !== tick) tick.checked = true;
  });
}
