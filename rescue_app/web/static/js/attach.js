// Photos and documents beside a form: each is sent as soon as it is chosen, with an id made here;
// the form carries the ids. What was chosen by mistake is taken back.

import { newId } from "./ids.js";

/** @param {HTMLElement} box */
function watch(box) {
  const picker = /** @type {HTMLInputElement | null} */ (box.querySelector("input[type=file]"));
  const list = box.querySelector("ul");
  if (!picker || !list) return;

  picker.addEventListener("change", async () => {
    const chosen = Array.from(picker.files ?? []);
    picker.value = "";
    for (const file of chosen) await send(file);
  });

  /** @param {File} file */
  async function send(file) {
    const id = newId();
    const row = document.createElement("li");
    row.textContent = `${file.name} …`;
    list?.append(row);
    box.setAttribute("aria-busy", "true");
    const address = `/api/v1/files/${id}`;
    const answer = await fetch(`${address}?name=${encodeURIComponent(file.name)}`, { method: "PUT", body: file }).catch(() => null);
    box.removeAttribute("aria-busy");
    if (answer?.ok) keep(row, file.name, id, address);
    else row.textContent = answer ? (await answer.json()).detail : (box.dataset.lost ?? "");
    row.classList.toggle("late", !answer?.ok);
  }

  /** @param {HTMLElement} row @param {string} name @param {string} id @param {string} address */
  function keep(row, name, id, address) {
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: "file_ids", value: id });
    const away = document.createElement("button");
    Object.assign(away, { type: "button", className: "button quiet", textContent: box.dataset.away ?? "" });
    away.addEventListener("click", () => {
      row.remove();
      void fetch(address, { method: "DELETE" });
    });
    row.replaceChildren(document.createTextNode(`${name} `), away, kept);
  }
}

/** @type {NodeListOf<HTMLElement>} */
const boxes = document.querySelectorAll("[data-attach]");
for (const box of boxes) watch(box);
