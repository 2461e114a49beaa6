// The day's pack of a street: taken along as one signed text, believed only when the signature is
// that of a key which came with the installed page.

import { get, put } from "./field-store.js";

const PURPOSE = "yitong/street-pack/1\n";
const DAY_MS = 24 * 3_600_000;

/** @typedef {{zh: string, en: string}} Said */
/** @typedef {Said & {code: string, kind: string, bad_answer: boolean | null, unit: string,
 *   choices: (Said & {value: string, bad: boolean})[], above: number | null,
 *   below: number | null}} Question */
/** @typedef {Said & {code: string, version: number, items: Question[]}} List */
/** @typedef {{id: string, issue: number, type: string, name: string, street: string,
 *   lines: [number, number][][], owner: string, phone: string, worst: number | null,
 *   synthetic: boolean}} Asset */
/** @typedef {{form: number, area: Said & {code: string}, made_at: string, ends_at: string,
 *   types: Record<string, Said>, lists: Record<string, List>, assets: Record<string, Asset>,
 *   contacts: {name: string, phone: string}[]}} Pack */
/** @typedef {{key_id: number, signature: string, pack: string}} Sealed */
/** @typedef {"none" | "good" | "ended" | "forged" | "unknown_key" | "insecure" | "unable"} State */
/** @typedef {{state: State, pack?: Pack}} Held */

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

/** Judge a pack and read it. @param {Sealed | undefined} sealed @returns {Promise<Held>} */
async function opened(sealed) {
  if (!sealed) return { state: "none" };
  const state = await judged(sealed);
  if (state !== "good") return { state };
  /** @type {Pack} */
  const pack = JSON.parse(sealed.pack);
  const now = Date.now();
  // A phone whose clock runs days behind would keep a pack for ever.
  const holds = now < Date.parse(pack.ends_at) && now > Date.parse(pack.made_at) - DAY_MS;
  return { state: holds ? "good" : "ended", pack };
}

/** The pack of this person, as it is in the phone. @param {string} account */
export async function held(account) {
  return opened((await get("packs", account))?.sealed);
}

/** Fetch today's pack; a worse one never takes the place of a good one.
 * @param {string} account @param {string} street @returns {Promise<Held & {told?: string}>} */
export async function fetched(account, street) {
  const there = new URL("/api/v1/street-pack", location.href);
  if (street) there.searchParams.set("street", street);
  const answer = await fetch(there, { headers: { accept: "application/json" } });
  const said = await answer.json();
  if (!answer.ok) return { state: "none", told: String(said.detail ?? answer.status) };
  const found = await opened(said);
  if (found.state === "good") await put("packs", { id: account, sealed: said });
  return found;
}
