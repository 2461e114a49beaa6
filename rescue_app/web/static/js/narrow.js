// A long choice is found by name: what does not hold the typed words leaves the list.

document.addEventListener("input", ({ target }) => {
  const field = /** @type {HTMLInputElement} */ (target);
  const list = /** @type {HTMLSelectElement | null} */ (document.getElementById(field.dataset.narrows ?? ""));
  if (!list) return;
  const words = field.value.trim().toLowerCase();
  const fits = [...list.options].filter((one) => {
    // Some phones show what is hidden; nothing disabled is taken there.
    one.hidden = one.disabled = Boolean(one.value) && !one.text.toLowerCase().includes(words);
    return one.value && !one.disabled;
  });
  const [only] = fits;
  if (list.selectedOptions[0]?.disabled) list.value = "";
  if (words && only && fits.length === 1) list.value = only.value;
});
document.addEventListener("keydown", (event) => {
  // Enter finds; it does not send what stands around it.
  if (event.key === "Enter" && /** @type {HTMLElement} */ (event.target).dataset.narrows) event.preventDefault();
});
export {};
