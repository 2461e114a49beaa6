// Says once for each order that somebody has it before his eyes: seen is not answered.

import { newId } from "./ids.js";

/** @type {Set<string>} */
const said = new Set();

/** @param {ParentNode} root looks for data-hop with a data-state that nobody has seen yet */
export function tellSeen(root) {
  if (document.hidden) return;
  for (const found of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-hop]"))) {
    const hop = found.dataset.hop ?? "";
    if (!hop || said.has(hop) || !["queued", "delivered"].includes(found.dataset.state ?? "")) continue;
    said.add(hop);
    const body = JSON.stringify({ id: newId(), kind: "seen", done_at: new Date().toISOString() });
    void fetch(`/api/v1/hops/${hop}/steps`, { method: "POST", body, headers: { "content-type": "application/json" } });
  }
}
