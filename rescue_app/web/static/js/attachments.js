// What goes with an answer and is too big to go in it: photos, words that were spoken. Kept in the
// phone's store under an id of its own with the time and place of its making, promised by its
// answer, and sent by itself when the answer's words are through.

import { all, put, remove } from "./field-store.js";

/** @typedef {"photo" | "voice" | "site"} Kind */
/** @typedef {{id: string, kind: Kind, account: string, page: string, visit: string, blob: Blob,
 *   taken_at: string, lon?: number, lat?: number, accuracy_m?: number, because?: string,
 *   item?: string}} Attachment
 *   `item` is that of the checklist which asks for it; `visit` is empty until the form it was made on is sent */
/** @typedef {"sent" | "refused" | "later"} Outcome */

/** Where each kind goes, and how its file is called. A new kind is a line here. */
const KINDS = {
  photo: { there: "/api/v1/photos/", ending: "jpg" },
  voice: { there: "/api/v1/voices/", ending: "webm" },
  site: { there: "/api/v1/site-photos/", ending: "jpg" },
};

/** @param {Attachment} one */
export const keepAttachment = (one) => put("attachments", one);

/** @param {string} id */
export const dropAttachment = (id) => remove("attachments", id);

/** This person's, in the order of their making. @param {string} account
 * @returns {Promise<Attachment[]>} */
export async function attachmentsOf(account) {
  /** @type {Attachment[]} */
  const found = await all("attachments").catch(() => []);
  const mine = found.filter((one) => one.account === account);
  return mine.sort((one, other) => one.taken_at.localeCompare(other.taken_at));
}

/** What an answer tells of it before it comes itself. @param {Attachment} one */
export function promised({ id, kind, taken_at, lon, lat, accuracy_m, item = "" }) {
  return { id, kind, taken_at, lon, lat, accuracy_m, item };
}

/** Send one; it leaves the phone when the server has it. @param {Attachment} one
 * @returns {Promise<Outcome>} */
async function send(one) {
  const { there, ending } = KINDS[one.kind];
  const address = `${there}${one.id}?name=${one.id}.${ending}&by=${one.account}&of=${one.visit}`;
  const answer = await fetch(address, { method: "PUT", body: one.blob, headers: { accept: "application/json" } });
  if (answer.ok) {
    await dropAttachment(one.id);
    return "sent";
  }
  if (answer.status >= 500 || [401, 403, 429].includes(answer.status)) return "later";
  const told = await answer.json().catch(() => ({}));
  await keepAttachment({ ...one, because: String(told.detail ?? answer.status) });
  return "refused";
}

/** Send what waits, one after the other; tells whether nothing waits any more.
 * @param {string} account @param {Attachment[]} [more] what a full store could not give to its answer */
export async function sendAttachments(account, more = []) {
  const ready = (await attachmentsOf(account)).filter((one) => one.visit && !one.because);
  for (const one of [...more, ...ready]) {
    if ((await send(one).catch(() => "later")) === "later") return false;
  }
  return true;
}
