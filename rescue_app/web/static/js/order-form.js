// Who will be reached, in one line, as it is ticked; and a held button needs no second question.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-order]"));
const summary = /** @type {HTMLElement} */ (document.getElementById("summary"));

function say() {
  const ticked = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=targets]:checked"));
  const names = Array.from(ticked, (box) => box.dataset.name ?? "");
  const words = (names.length ? summary.dataset.some : summary.dataset.none) ?? "";
  summary.textContent = words
    .replace("{count}", String(names.length))
    .replace("{names}", names.join(summary.dataset.between ?? ", "));
}

form.addEventListener("change", say);
form.addEventListener("submit", (event) => {
  const button = /** @type {HTMLElement | null} */ (event.submitter);
  // Held to the end: sent at once. Enter or a screen reader's click is asked once more.
  if (button?.classList.contains("holding")) {
    const yes = document.createElement("input");
    Object.assign(yes, { type: "hidden", name: "confirmed", value: "1" });
    form.append(yes);
  }
});
document.getElementById("find")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  document.getElementById("find-button")?.click();
});
say();
