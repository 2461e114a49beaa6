// What a leader gives his members and enters for them goes through the field's one queue, like
// everything else from the site: kept on the phone until the server has it.

import { showKept } from "./crew-site.js";
import { keep, sendAll } from "./visits.js";

const account = document.body.dataset.account ?? "";

/** Who is ticked, each with the words beside his name. @param {FormData} fields */
function ticked(fields) {
  const words = fields.getAll("words").map(String);
  const of = fields.getAll("words_of").map(String);
  return fields.getAll("member").map((id) => ({ member_id: String(id), words: words[of.indexOf(String(id))] ?? "" }));
}

/** Keep what a form about members says, and send it. @param {HTMLFormElement} form */
export async function tellTeam(form) {
  const fields = new FormData(form);
  const said = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  const id = said("id");
  const kind = said("kind");
  const done_at = new Date().toISOString();
  const due = said("due");
  const part = { words: said("words"), due_at: due ? new Date(due).toISOString() : null };
  const told = form.action.endsWith("/change") ? part : kind ? { kind, how: said("how"), notice_id: kind === "change_taken" ? said("notice") || null : null } : { members: ticked(fields) };
  /** @type {any} */
  const visit = { id, ...told, note: said("note"), done_at };
  const name = form.closest("li")?.querySelector("strong")?.textContent ?? "";
  const what = [form.querySelector("button")?.textContent?.trim(), name].filter(Boolean).join(" · ");
  await keep({ id, endpoint: form.dataset.team ?? "", page: "/crew", what, account, visit });
  form.closest("details")?.removeAttribute("open");
  form.reset();
  const number = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=id]"));
  if (number) number.value = crypto.randomUUID();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  await showKept();
  await sendAll();
}
