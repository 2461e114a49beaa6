// Says once for each order that it came in, and once that it stood before somebody's eyes.
// Neither is an answer.

import { newId } from "./ids.js";

/** @type {Set<string>} */
const said = new Set();

/** @param {ParentNode} root looks for data-hop with a data-state that nobody has seen yet */
export function tellSeen(root) {
  for (const found of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-hop]"))) {
    const hop = found.dataset.hop ?? "";
    const kind = document.hidden ? "delivered" : "seen";
    const behind = document.hidden ? ["queued"] : ["queued", "delivered"];
    if (!hop || said.has(hop + kind) || !behind.includes(found.dataset.state ?? "")) continue;
    said.add(hop + kind);
    const body = JSON.stringify({ id: newId(), kind, done_at: new Date().toISOString() });
    void fetch(`/api/v1/hops/${hop}/steps`, { method: "POST", body, headers: { "content-type": "application/json" } });
  }
}
