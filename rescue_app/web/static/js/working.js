// A form whose work takes long says so until the next page is there.

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-working]"))) {
  form.addEventListener("submit", () => show(form, true));
}

// Who comes back by the browser's own button finds the form as he left it, and at rest.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.querySelectorAll("form[data-working]")) show(/** @type {HTMLFormElement} */ (form), false);
});

/** @param {HTMLFormElement} form @param {boolean} works */
function show(form, works) {
  const line = /** @type {HTMLElement} */ (form.querySelector("[data-work]"));
  for (const button of form.querySelectorAll("button")) button.disabled = works;
  line.toggleAttribute("data-on", works);
  /** @type {HTMLElement} */ (line.querySelector("span")).textContent = works ? (form.dataset.working ?? "") : "";
}
