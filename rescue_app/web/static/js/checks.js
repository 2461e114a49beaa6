// Codes that could not be judged on the way: kept, and judged by the server when the line is back.

import { all, put, remove } from "./field-store.js";

/** @typedef {"waiting" | "verified" | "forged" | "replaced" | "unknown"} Verdict */
/** @typedef {{id: string, account: string, code: string, seen_at: string, verdict: Verdict,
 *   told: string}} Check */

const VERDICTS = /** @type {Record<string, Verdict>} */ ({ forged: "forged", missing: "unknown" });

/** Keep a code for later. @param {string} account @param {string} code */
export function later(account, code) {
  const seen_at = new Date().toISOString();
  return put("checks", { id: `${account} ${code}`, account, code, seen_at, verdict: "waiting", told: "" });
}

/** This person's codes, the last seen first. @param {string} account @returns {Promise<Check[]>} */
export async function kept(account) {
  const mine = (await all("checks")).filter((one) => one.account === account);
  return mine.sort((one, other) => other.seen_at.localeCompare(one.seen_at));
}

/** @param {Check} check */
export const drop = (check) => remove("checks", check.id);

/** Ask the server about one. @param {Check} check @returns {Promise<boolean>} is it settled */
async function ask(check) {
  const answer = await fetch(`/api/v1/codes/${check.code}`, { headers: { accept: "application/json" } });
  if (answer.status >= 500 || answer.status === 429) return false;
  const said = await answer.json();
  /** @type {Verdict} */
  const verdict = answer.ok ? (said.in_force ? "verified" : "replaced") : VERDICTS[said.code] ?? "unknown";
  await put("checks", { ...check, verdict, told: String(answer.ok ? said.asset_name : said.detail) });
  return true;
}

/** Ask about all that wait; stops at a dead line. @param {string} account */
export async function judgeAll(account) {
  for (const check of await kept(account)) {
    if (check.verdict !== "waiting") continue;
    const settled = await ask(check).catch(() => false);
    if (!settled) return;
  }
}
