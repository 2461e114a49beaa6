// What one looks at stands in the address: the question in front of the #, the place behind it. So a
// link shows another person the same, and the browser's way back goes back.

/** Parts of the address that are a question to the ledger, as its lists and tiles take it. */
export const QUESTION = ["q", "category", "evidence", "hazard_type", "grade", "state", "owner", "overdue", "as_of", "polygon", "buffer_m"];

const query = () => new URLSearchParams(location.search);
const hash = () => new URLSearchParams(location.hash.slice(1));

/** @param {URLSearchParams} asked @param {URLSearchParams} place */
function written(asked, place) {
  // MapLibre reads its own part of the hash as plain text: no escapes.
  const behind = decodeURIComponent(place.toString());
  return `${location.pathname}${asked.size ? `?${asked}` : ""}${behind ? `#${behind}` : ""}`;
}

/** @param {string} name */
export const asked = (name) => query().get(name) ?? "";
/** @param {string} name */
export const placed = (name) => hash().get(name) ?? "";

/**
 * Write into the address. With `step` the browser's way back leads to what was before.
 * @param {{asked?: Record<string, string | string[]>, placed?: Record<string, string>}} change @param {{step?: boolean}} [how]
 */
export function note(change, { step = false } = {}) {
  const [front, behind] = [query(), hash()];
  front.delete("lang");
  for (const [name, value] of Object.entries(change.asked ?? {})) {
    front.delete(name);
    for (const each of [value].flat()) if (each) front.append(name, each);
  }
  for (const [name, value] of Object.entries(change.placed ?? {})) {
    if (value) behind.set(name, value);
    else behind.delete(name);
  }
  const address = written(front, behind);
  if (address === `${location.pathname}${location.search}${location.hash}`) return;
  if (step) history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
}
