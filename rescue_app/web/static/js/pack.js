// The day's packs of streets: taken along as signed texts, believed only when the signature is
// that of a key which came with the installed page.

import { all, ids, put, remove } from "./field-store.js";

const PURPOSE = "yitong/street-pack/1\n";
const DAY_MS = 24 * 3_600_000;
const FORM = 2;

/** @typedef {{zh: string, en: string}} Said */
/** @typedef {"peace" | "urgent" | "war"} Mode */
/** @typedef {Said & {code: string, kind: string, bad_answer: boolean | null, unit: string,
 *   choices: (Said & {value: string, bad: boolean})[], above: number | null,
 *   below: number | null, required?: boolean}} Question */
/** @typedef {Said & {code: string, version: number, items: Question[]}} List */
/** @typedef {[number, number][][]} Lines */
/** @typedef {{kind: string, name: string, post: string, unit: string, phone: string}} Rung */
/** @typedef {{unit: string, reason: string, closed_at: string, expected_at: string | null}} Closed */
/** @typedef {{version: number, stops: {lon: number, lat: number, name: string}[], detour: Lines,
 *   words: string, closer: string, phone: string}} Plan */
/** @typedef {Said & {name: string, owner: string, phone: string, closed: boolean}} Link */
/** @typedef {{id: string, issue: number, type: string, name: string, street: string,
 *   lines: Lines, owner: string, phone: string, worst: number | null, synthetic: boolean,
 *   chain: number | null, closed: Closed | null, plan: Plan | null, links: Link[]}} Asset */
/** @typedef {Said & {code: string, unit: Said, amount: number}} Need */
/** @typedef {{name: Said, hazard: Said, modes: Mode[], steps: (Said & {who: Said})[],
 *   materials: Need[], assets: string[]}} Card */
/** @typedef {{name: string, address: string, keeper: string, phone: string, lon: number,
 *   lat: number, stock: Record<string, number>, synthetic: boolean}} Store */
/** @typedef {Said & {id: string, code: string, grade: number}} ToVerify */
/** @typedef {Said & {colour: string, drill: boolean, codes: string[] | null, do: Said,
 *   from: string, until: string}} Alarm */
/** @typedef {[zoom: number, column: number, row: number, bytes: number, digest: string]} Square */
/** @typedef {{form: number, area: Said & {code: string}, made_at: string, ends_at: string,
 *   mode: {now: Mode, since: string | null}, types: Record<string, Said>,
 *   lists: Record<string, Partial<Record<Mode, List>>>, assets: Record<string, Asset>,
 *   chains: Rung[][], contacts: {name: string, phone: string}[], emergency: string,
 *   measures: Card[], stores: Store[], ground: Square[], verify?: ToVerify[],
 *   warned?: {path: string, state: string, all: Alarm[]}}} Pack */
/** @typedef {{key_id: number, signature: string, pack: string}} Sealed */
/** @typedef {"good" | "ended" | "forged" | "unknown_key" | "insecure" | "unable"} State */
/** @typedef {{id: string, state: State, pack?: Pack, missing: number}} Held
 *   `missing` is how many squares of its map are not in the phone */

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** The keys that the page brought along. @returns {Record<string, string>} */
function pinned() {
  return JSON.parse(document.getElementById("pack-keys")?.textContent ?? "{}");
}

/** Check a pack; without the means to check, it is not believed. @param {Sealed} sealed */
async function judged(sealed) {
  if (!crypto.subtle) return "insecure";
  const half = pinned()[sealed.key_id];
  if (!half) return "unknown_key";
  let key;
  try {
    key = await crypto.subtle.importKey("raw", bytesOf(half), "Ed25519", false, ["verify"]);
  } catch {
    return "unable";
  }
  const said = new TextEncoder().encode(PURPOSE + sealed.pack);
  const fits = await crypto.subtle.verify("Ed25519", key, bytesOf(sealed.signature), said);
  return fits ? "good" : "forged";
}

/** Judge a pack and read it. @param {string} id @param {Sealed} sealed @returns {Promise<Held>} */
export async function opened(id, sealed) {
  const state = await judged(sealed);
  if (state !== "good") return { id, state, missing: 0 };
  /** @type {Pack} */
  const pack = JSON.parse(sealed.pack);
  const now = Date.now();
  // A phone whose clock runs days behind would keep a pack for ever.
  const holds = now < Date.parse(pack.ends_at) && now > Date.parse(pack.made_at) - DAY_MS;
  return { id, state: holds && pack.form === FORM ? "good" : "ended", pack, missing: 0 };
}

/** This person's packs as they are in the phone. @param {string} account @returns {Promise<Held[]>} */
export async function held(account) {
  const mine = (await all("packs")).filter((one) => one.account === account);
  const there = new Set(await ids("ground"));
  const found = await Promise.all(mine.map((one) => opened(one.id, one.sealed)));
  for (const one of found) {
    one.missing = (one.pack?.ground ?? []).filter((square) => !there.has(square[4])).length;
  }
  return found.sort((one, other) => one.id.localeCompare(other.id));
}

/** Put a pack that was judged good in the place of its street's older one.
 * @param {string} account @param {string} street @param {Sealed} sealed */
export const keep = (account, street, sealed) => put("packs", { id: `${account} ${street}`, account, sealed });

/** Drop a pack, and the squares that no other pack lists. @param {string} id */
export async function drop(id) {
  await remove("packs", id);
  await tidy();
}

/** Remove squares of the map that no pack lists any more. */
export async function tidy() {
  /** @type {Pack[]} */
  const packs = (await all("packs")).map((one) => JSON.parse(one.sealed.pack));
  const listed = new Set(packs.flatMap((pack) => (pack.ground ?? []).map((square) => square[4])));
  for (const digest of await ids("ground")) if (!listed.has(digest)) await remove("ground", digest);
}

/** Find the pack that knows a code. @param {Held[]} packs @param {string} code @returns {Pack | undefined} */
export function knows(packs, code) {
  return packs.find((one) => one.state === "good" && one.pack?.assets[code])?.pack;
}
