// Photos of a visit: made small on the phone, kept in its store with the time and the place they
// were taken, and sent one by one when the visit's words are through.

import { all, put, remove } from "./field-store.js";

const LONGEST_SIDE_PX = 1600;
const QUALITY = 0.8;

/** @typedef {{id: string, account: string, page: string, visit: string, blob: Blob,
 *   taken_at: string, lon?: number, lat?: number, accuracy_m?: number, because?: string}} Photo
 *   `visit` is empty until the form it was taken on is sent */
/** @typedef {"sent" | "refused" | "later"} Outcome */

/** Draw a picture anew, upright and bounded. @param {Blob} file @returns {Promise<Blob>} */
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("blank"))), "image/jpeg", QUALITY),
  );
}

/** @param {Photo} photo */
export const keepPhoto = (photo) => put("photos", photo);

/** @param {string} id */
export const dropPhoto = (id) => remove("photos", id);

/** This person's photos in the order they were taken. @param {string} account @returns {Promise<Photo[]>} */
export async function photosOf(account) {
  const found = await all("photos").catch(() => []);
  const mine = found.filter((one) => one.account === account);
  return mine.sort((one, other) => one.taken_at.localeCompare(other.taken_at));
}

/** What a visit tells of a photo before the picture itself comes. @param {Photo} photo */
export function promised({ id, taken_at, lon, lat, accuracy_m }) {
  return { id, taken_at, lon, lat, accuracy_m };
}

/** Send one picture; it leaves the phone when the server has it. @param {Photo} photo
 * @returns {Promise<Outcome>} */
async function send(photo) {
  const there = `/api/v1/photos/${photo.id}?name=${photo.id}.jpg&by=${photo.account}`;
  const answer = await fetch(there, { method: "PUT", body: photo.blob, headers: { accept: "application/json" } });
  if (answer.ok) {
    await dropPhoto(photo.id);
    return "sent";
  }
  if (answer.status >= 500 || [401, 403, 429].includes(answer.status)) return "later";
  const told = await answer.json().catch(() => ({}));
  await keepPhoto({ ...photo, because: String(told.detail ?? answer.status) });
  return "refused";
}

/** Send what waits, one after the other; tells whether nothing waits any more.
 * @param {string} account */
export async function sendPhotos(account) {
  const ready = (await photosOf(account)).filter((one) => one.visit && !one.because);
  for (const photo of ready) {
    if ((await send(photo).catch(() => "later")) === "later") return false;
  }
  return true;
}
