// What goes with an answer and is too big to go in it: photos, words that were spoken. Kept in the
// phone's store under an id of its own with the time and place of its making, promised by its
// answer, and sent by itself when the answer's words are through.

import { all, put, remove } from "./field-store.js";

/** @typedef {"photo" | "voice" | "site" | "step"} Kind */
/** @typedef {{id: string, kind: Kind, account: string, page: string, visit: string, blob: Blob,
 *   taken_at: string, lon?: number, lat?: number, accuracy_m?: number, because?: string,
 *   item?: string, drawn?: boolean}} Attachment
 *   `drawn` is a signature, not a photo; `item` is that of the checklist which asks for it; `visit` is empty until the form it was made on is sent */
/** @typedef {"sent" | "refused" | "later"} Outcome */

/** Where each kind goes, and how its file is called; one that its answer names goes ahead of it, and
 * stays here until that is through. A new kind is a line here. */
/** @type {Record<Kind, {there: string, ending: string, isAhead?: boolean}>} */
const KINDS = {
  photo: { there: "/api/v1/photos/", ending: "jpg" },
  voice: { there: "/api/v1/voices/", ending: "webm" },
  site: { there: "/api/v1/site-photos/", ending: "jpg" },
  step: { there: "/api/v1/finding-files/", ending: "jpg", isAhead: true },
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

/** Put one there; the same again is the same once. @param {Attachment} one
 * @returns {Promise<{became: Outcome, because?: string}>} */
async function bring(one) {
  const { there, ending } = KINDS[one.kind];
  const [name, by, of] = [`${one.id}.${one.drawn ? "png" : ending}`, one.account, one.visit];
  const answer = await fetch(`${there}${one.id}?name=${name}&by=${by}&of=${of}`, { method: "PUT", body: one.blob, headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok) return { became: "sent" };
  if (!answer || answer.status >= 500 || [401, 403, 429].includes(answer.status)) return { became: "later" };
  const told = await answer.json().catch(() => ({}));
  return { became: "refused", because: String(told.detail ?? answer.status) };
}

/** Send one; it leaves the phone when the server has it. @param {Attachment} one */
async function send(one) {
  const { became, because } = await bring(one);
  if (became === "sent") await dropAttachment(one.id);
  if (became === "refused") await keepAttachment({ ...one, because });
  return became;
}

/** What an answer names and goes ahead of it. @param {string} account @param {string} visit */
const aheadOf = async (account, visit) =>
  (await attachmentsOf(account)).filter((one) => one.visit === visit && KINDS[one.kind].isAhead);

/** Send what goes ahead of an answer. @param {string} account @param {string} visit */
export async function sendAhead(account, visit) {
  for (const one of await aheadOf(account, visit)) {
    const told = await bring(one);
    if (told.became !== "sent") return told;
  }
  return { became: /** @type {Outcome} */ ("sent") };
}

/** The answer that names them is through. @param {string} account @param {string} visit */
export async function dropAhead(account, visit) {
  for (const one of await aheadOf(account, visit)) await dropAttachment(one.id);
}

/** Send what waits, one after the other; tells whether nothing waits any more.
 * @param {string} account @param {Attachment[]} [more] what a full store could not give to its answer */
export async function sendAttachments(account, more = []) {
  const ready = (await attachmentsOf(account)).filter((one) => one.visit && !one.because && !KINDS[one.kind].isAhead);
  for (const one of [...more, ...ready]) {
    if ((await send(one).catch(() => "later")) === "later") return false;
  }
  return true;
}
