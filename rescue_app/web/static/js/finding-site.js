// What is done with a finding on site leaves the phone once, whatever the network does: kept in the
// field's one queue (visits.js), the photos ahead of the words that name them. Without this script,
// or where the phone's store is full, the form is a plain form.

import { newId } from "./ids.js";
import { shrunk } from "./photo-field.js";
import { keepPages } from "./round-pages.js";
import { kept as keptHere, keep, sendAll, watch } from "./visits.js";

/** @typedef {import("./visits.js").KeptOf<import("./visits.js").Deed>} Kept */

const account = document.body.dataset.account ?? "";
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("deed"));
const told = /** @type {HTMLElement} */ (document.getElementById("kept-here"));

/** The pictures small, what was spoken as it is. @param {File} file */
const carried = (file) => (file.type.startsWith("image/") ? shrunk(file).catch(() => file) : file);

/** @param {HTMLFormElement} form @param {HTMLButtonElement} pressed */
async function read(form, pressed) {
  const fields = new FormData(form);
  const said = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  const [id, done_at] = [said("id"), new Date().toISOString()];
  const place = said("lon") && said("lat") ? { lon: Number(said("lon")), lat: Number(said("lat")) } : {};
  const files = /** @type {File[]} */ (fields.getAll("photos")).filter((file) => file.size);
  /** @type {import("./attachments.js").Attachment[]} */
  const photos = await Promise.all(files.map(async (file) => (
    { id: newId(), kind: /** @type {const} */ ("step"), account, page: location.pathname, visit: id, blob: await carried(file), taken_at: done_at, ...place }
  )));
  const { code = "", endpoint = "", what = "" } = form.dataset;
  const visit = { id, act: pressed.value, note: said("note"), code, done_at, file_ids: photos.map((one) => one.id), ...place };
  /** @type {Kept} */
  const kept = { id, endpoint, page: location.pathname, what: `${pressed.textContent?.trim()} · ${what}`, account, visit };
  return { kept, photos };
}

/** Without a store the form goes as it is, with the button that was pressed.
 * @param {HTMLFormElement} form @param {HTMLButtonElement} pressed */
function goPlain(form, pressed) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: pressed.value }));
  form.submit();
}

/** @param {string} text @param {boolean} waiting */
function say(text, waiting) {
  told.hidden = false;
  told.classList.toggle("waiting", waiting);
  /** @type {HTMLElement} */ (told.querySelector("span")).textContent = text;
  told.scrollIntoView({ block: "nearest" });
}

/** What became of it; through, the page is looked at anew. @param {string} id */
async function tell(id) {
  const one = await keptHere(id);
  if (!one || !form) return;
  if (one.sent_at) return location.reload();
  for (const button of document.querySelectorAll("button[form=deed]")) /** @type {HTMLButtonElement} */ (button).disabled = !one.because;
  say(one.because ? `${form.dataset.refused}${one.because}` : (form.dataset.kept ?? ""), !one.because);
}

form?.addEventListener("submit", async (event) => {
  const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (!pressed) return;
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (form.querySelector("#photos"));
  const lacking = pressed.value === "verify" && !field.files?.length;
  if (lacking) return say(form.dataset.ask ?? "", false);
  const { kept, photos } = await read(form, pressed);
  if (!(await keep(kept, photos))) return goPlain(form, pressed);
  watch(() => void tell(kept.id));
  await sendAll();
  await tell(kept.id);
});

keepPages(account, ["/outbox"]).catch(() => undefined);
void sendAll();
