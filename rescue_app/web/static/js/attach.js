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
    row.className = "coming";
    row.textContent = `${file.name} …`;
    list?.append(row);
    box.setAttribute("aria-busy", "true");
    const address = `/api/v1/files/${id}`;
    const answer = await fetch(`${address}?name=${encodeURIComponent(file.name)}`, { method: "PUT", body: file }).catch(() => null);
    box.removeAttribute("aria-busy");
    const told = await answer?.json().catch(() => null);
    if (answer?.ok) keep(row, told, address);
    else row.textContent = told?.detail ?? box.dataset.lost ?? "";
    row.classList.toggle("late", !answer?.ok);
  }

  /** @param {HTMLElement} row @param {{id: string, name: string, is_picture: boolean}} file @param {string} address */
  function keep(row, file, address) {
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: "file_ids", value: file.id });
    const away = document.createElement("button");
    Object.assign(away, { type: "button", className: "button quiet", textContent: box.dataset.away ?? "" });
    away.addEventListener("click", () => {
      row.remove();
      void fetch(address, { method: "DELETE" });
    });
    row.replaceChildren(face(file), away, kept);
  }
}

/** What was sent, as it came out. @param {{id: string, name: string, is_picture: boolean}} file */
function face({ id, name, is_picture: isPicture }) {
  if (!isPicture) return document.createTextNode(`${name} `);
  const picture = document.createElement("img");
  Object.assign(picture, { src: `/files/${id}/small`, alt: name, width: 96, height: 72 });
  return picture;
}

/** @param {ParentNode} part */
export function watchFiles(part) {
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = part.querySelectorAll("[data-attach]");
  for (const box of boxes) watch(box);
}

watchFiles(document);
