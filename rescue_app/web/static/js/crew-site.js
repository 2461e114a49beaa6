// Words from the site go through the field's one queue: kept on the phone until the server has
// them, each under its own id, with the time of the deed; a photo follows its words.

import { shrunk } from "./photo-field.js";
import { all, keep, sendAll, watch } from "./visits.js";

const account = document.body.dataset.account ?? "";

/** @returns {Promise<GeolocationPosition | null>} */
function here() {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  const known = { maximumAge: 60_000, timeout: 2_000 };
  return new Promise((done) => navigator.geolocation.getCurrentPosition(done, () => done(null), known));
}

// JPEG, PNG, WebP and GIF begin like this; a picture too large for this phone is sent as it is.
const PICTURE = /^(ffd8ff|89504e47|52494646|47494638)/;
const MOST_BYTES = 50_000_000;

/** The photo as it is sent; none if it is no picture that anybody here could open.
 * @param {File} file @returns {Promise<Blob | null>} */
async function readable(file) {
  const small = await shrunk(file).catch(() => null);
  if (small) return small;
  const first = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const sign = [...first].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return file.size <= MOST_BYTES && PICTURE.test(sign) ? file : null;
}

/** Keep and send it; a photo that cannot be sent is said while it can still be taken anew.
 * @param {HTMLFormElement} form @param {HTMLElement | null} pressed */
async function tell(form, pressed) {
  const fields = new FormData(form, pressed);
  const said = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  const id = said("id");
  const photo = fields.get("photo");
  const file = photo instanceof File && photo.size > 0 ? await readable(photo) : null;
  if (!file && photo instanceof File && photo.size > 0) return refuse(form);
  begin(form);
  const done_at = new Date().toISOString();
  const hop = form.action.split("/").at(-2) ?? "";
  const at = await here();
  const place = at ? { lon: at.coords.longitude, lat: at.coords.latitude } : {};
  const moved = said("people_moved");
  const words = { kind: said("kind"), words: said("words"), need: said("need") || null, people_moved: moved ? Number(moved) : null };
  /** @type {any} */
  const visit = { id, ...words, ...place, done_at, promised: file ? 1 : 0 };
  const what = pressed?.textContent?.trim() ?? "";
  /** @type {import("./attachments.js").Attachment[]} */
  const photos = [];
  if (file) {
    photos.push({ id: crypto.randomUUID(), kind: "site", account, page: "/crew", visit: id, blob: file, taken_at: done_at, ...place });
  }
  const endpoint = `/api/v1/hops/${hop}/reports`;
  await keep({ id, endpoint, page: "/crew", what, account, visit }, photos);
  await sendAll();
}

/** The next report is another one, also while this one still looks for its place or its line.
 * @param {HTMLFormElement} form */
function begin(form) {
  form.closest("details")?.removeAttribute("open");
  form.reset();
  const number = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=id]"));
  if (number) number.value = crypto.randomUUID();
}

/** @param {HTMLFormElement} form */
function refuse(form) {
  /** @type {HTMLElement} */ (form.closest("main")).inert = false;
  const input = /** @type {HTMLInputElement} */ (form.querySelector("[type=file]"));
  input.setCustomValidity(input.dataset.unreadable ?? "");
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
  input.reportValidity();
}

/** Keep what a form of the site says, and send it. @param {HTMLFormElement} form @param {HTMLElement | null} pressed */
export async function tellSite(form, pressed) {
  await tell(form, pressed);
  await showKept();
}

/** Say how many words from the site wait on this phone; all of them stand on its own page. */
export async function showKept() {
  const waits = (await all()).filter((one) => !one.hop && !one.sent_at && !one.off_at).length;
  const line = document.getElementById("site-kept");
  if (!line) return;
  line.hidden = !waits;
  line.textContent = (line.dataset.kept ?? "").replace("{count}", String(waits));
}

// Nothing tells this page that somebody else is called now: it asks a moment after the time is out.
const CALLED_BY_THEN_MS = 5_000;
let looking = 0;

/** @param {() => void} look */
export function lookWhenOut(look) {
  clearTimeout(looking);
  const clocks = /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll("#sought [data-clock]"));
  const due = Math.min(...[...clocks].map((one) => Date.parse(one.dateTime)));
  if (clocks.length) looking = setTimeout(look, Math.max(due - Date.now(), 0) + CALLED_BY_THEN_MS);
}

watch(() => void showKept());
void showKept();
void sendAll();
