// Taking a pack along: its signed text first, then the squares of its map, each kept as soon as it
// came and its digest fits. What broke off goes on where it stopped.

import { ids, put } from "./field-store.js";
import { keep, opened, tidy } from "./pack.js";

/** @typedef {{code: string, name: string, name_en: string, labels: number}} Street */
/** @typedef {{labels: number, squares: number, bytes: number}} Size */

export class Refused extends Error {}

/** @param {string} path @param {RequestInit} [more] */
async function asked(path, more) {
  const answer = await fetch(path, { ...more, headers: { accept: "application/json", "content-type": "application/json" } });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(String(told.detail ?? answer.status));
}

/** @returns {Promise<Street[]>} */
export const streets = async () => (await asked("/api/v1/street-packs")).json();

/** @param {string} street @returns {Promise<Size>} */
export const sizeOf = async (street) => (await asked(`/api/v1/street-pack/size?street=${street}`)).json();

/** Tell whether the phone says it has no room for so many bytes more. @param {number} bytes */
export async function lacksRoom(bytes) {
  const said = await navigator.storage?.estimate?.().catch(() => undefined);
  return said?.quota !== undefined && said.quota - (said.usage ?? 0) < bytes;
}

/** Reads a body piece by piece: a line, then lengths that are known. */
class Stream {
  /** @param {ReadableStream<Uint8Array>} body @param {(bytes: number) => void} came */
  constructor(body, came) {
    this.reader = body.getReader();
    this.came = came;
    /** @type {Uint8Array<ArrayBuffer>} */
    this.rest = new Uint8Array();
  }

  async more() {
    const { done, value } = await this.reader.read();
    if (done || !value) throw new TypeError("broke off");
    const joined = new Uint8Array(this.rest.length + value.length);
    joined.set(this.rest);
    joined.set(value, this.rest.length);
    this.rest = joined;
    this.came(value.length);
  }

  /** @param {number} length */
  async take(length) {
    while (this.rest.length < length) await this.more();
    const part = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    return part;
  }

  async line() {
    const NEWLINE = 10;
    while (!this.rest.includes(NEWLINE)) await this.more();
    const part = await this.take(this.rest.indexOf(NEWLINE) + 1);
    return new TextDecoder().decode(part);
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function digestOf(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fetch a street's pack of today; a worse one never takes the place of a good one. Tells its
 * state; throws what broke off or filled the phone.
 * @param {string} account @param {string} street @param {(bytes: number, of: number) => void} progress
 * @returns {Promise<import("./pack.js").State>} */
export async function fetched(account, street, progress) {
  const have = new Set(await ids("ground"));
  const answer = await asked("/api/v1/street-pack", {
    method: "POST",
    body: JSON.stringify({ street, have: [...have] }),
  });
  if (!answer.body) throw new TypeError("no body");
  let [come, whole] = [0, 0];
  const stream = new Stream(answer.body, (bytes) => progress((come += bytes), whole));
  const line = await stream.line();
  const sealed = JSON.parse(line);
  const { state, pack } = await opened("", sealed);
  if (state !== "good" || !pack) return state;
  const wanted = pack.ground.filter((square) => !have.has(square[4]));
  whole = new TextEncoder().encode(line).length + wanted.reduce((sum, square) => sum + square[3], 0);
  await keep(account, pack.area.code, sealed);
  for (const [, , , length, digest] of wanted) {
    const bytes = await stream.take(length);
    if ((await digestOf(bytes)) === digest) await put("ground", { id: digest, bytes });
  }
  await tidy();
  return state;
}

