// A file goes up as it is, piece by piece from the disk, with its progress; then its page opens.

import { newId } from "./ids.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("drop"));
const field = /** @type {HTMLInputElement | null} */ (document.getElementById("file"));

/** @param {string} text */
function complain(text) {
  const place = /** @type {HTMLElement} */ (document.getElementById("drop-error"));
  place.textContent = text;
  place.hidden = !text;
}

/** @param {HTMLFormElement} form @param {string} text @param {number} percent */
function show(form, text, percent) {
  const line = /** @type {HTMLElement} */ (form.querySelector(".progress"));
  line.hidden = !text;
  /** @type {HTMLElement} */ (line.querySelector("span")).textContent = text;
  /** @type {HTMLProgressElement} */ (line.querySelector("progress")).value = percent;
}

/** @param {XMLHttpRequest} line */
function answerOf(line) {
  try {
    return JSON.parse(line.responseText);
  } catch {
    return {};
  }
}

/** @param {HTMLFormElement} form @param {File} file */
function send(form, file) {
  const words = form.dataset;
  const most = Number(words.mostMb);
  complain("");
  if (file.size > most * 1e6) return complain((words.large ?? "").replace("{most}", String(most)));
  const line = new XMLHttpRequest();
  line.open("PUT", `/api/v1/imports/${newId()}?of=${words.of}&name=${encodeURIComponent(file.name)}`);
  line.upload.onprogress = ({ loaded, total }) => {
    const percent = Math.floor((100 * loaded) / total);
    show(form, loaded < total ? (words.sending ?? "").replace("{percent}", String(percent)) : (words.kept ?? ""), percent);
  };
  line.onload = () => {
    const answer = answerOf(line);
    if (line.status === 201) return location.assign(answer.page);
    show(form, "", 0);
    complain(answer.detail ?? words.lost ?? "");
  };
  line.onerror = () => {
    show(form, "", 0);
    complain(words.lost ?? "");
  };
  line.onabort = () => show(form, "", 0);
  const stop = /** @type {HTMLElement} */ (document.getElementById("stop-sending"));
  stop.onclick = () => line.abort();
  line.send(file);
}

if (form && field) {
  const chosen = () => {
    const file = field.files?.[0];
    if (file) send(form, file);
    field.value = "";
  };
  field.addEventListener("change", chosen);
  chosen(); // somebody was quicker than this script
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (file) send(form, file);
  });
}
