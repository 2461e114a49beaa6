// Views that a person keeps under a name, and the link to what is seen now.

import { say } from "./flash.js";
import { newId } from "./ids.js";

/** @typedef {{id: string, name: string, address: string, shared: boolean, own: boolean, owner_name: string}} View */

const PATH = "/api/v1/views";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} method @param {unknown} [body] @param {string} [path] */
const send = (method, body, path = PATH) =>
  fetch(path, { method, headers: { "content-type": "application/json" }, body: body ? JSON.stringify(body) : undefined });

/** @param {any} words */
export function installViews(words) {
  const menu = /** @type {HTMLDetailsElement} */ (part("views"));
  const form = /** @type {HTMLFormElement} */ (part("view-form"));
  const problem = part("view-problem");

  const load = async () => {
    const answer = await fetch(PATH).catch(() => null);
    if (!answer?.ok) problem.textContent = words.viewsFailed;
    else show(await answer.json());
    problem.hidden = Boolean(answer?.ok);
  };

  const show = (/** @type {View[]} */ views) => {
    part("view-list").replaceChildren(...views.map((view) => line(view, words, () => void remove(view))));
    part("view-none").hidden = views.length > 0;
  };

  const remove = async (/** @type {View} */ view) => {
    const answer = await send("DELETE", undefined, `${PATH}/${view.id}`);
    await load();
    const { id, name, address, shared } = view;
    const undo = () => void send("POST", { id, name, address, shared }).then(load);
    if (answer.ok) say({ text: words.viewRemoved.replace("{name}", name), act: undo });
  };

  menu.addEventListener("toggle", () => menu.open && void load());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = new FormData(form);
    const address = location.search + location.hash;
    const answer = await send("POST", { id: newId(), name: said.get("name"), address, shared: said.has("shared") }).catch(() => null);
    problem.hidden = Boolean(answer?.ok);
    if (answer?.ok) {
      form.reset();
      return load();
    }
    const told = await answer?.json().catch(() => null);
    problem.textContent = told?.detail ?? words.viewsFailed;
  });
  part("share").addEventListener("click", () => void share(words));
}

/** @param {View} view @param {any} words @param {() => void} remove */
function line(view, words, remove) {
  const made = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (part("view-line")).content.cloneNode(true));
  const link = /** @type {HTMLAnchorElement} */ (made.querySelector("a"));
  const button = /** @type {HTMLButtonElement} */ (made.querySelector("button"));
  // By its id: the link, copied, leads to whatever the view says by then.
  link.href = `/map?view=${view.id}`;
  const [name, about] = link.querySelectorAll("span");
  name.textContent = view.name;
  about.textContent = view.own ? (view.shared ? words.viewShared : "") : view.owner_name;
  button.hidden = !view.own;
  button.setAttribute("aria-label", words.viewRemove.replace("{name}", view.name));
  button.addEventListener("click", remove);
  return made;
}

/** @param {any} words */
async function share(words) {
  const told = { title: document.title, url: location.href };
  if (navigator.share && matchMedia("(pointer: coarse)").matches) return navigator.share(told).catch(() => {});
  try {
    await navigator.clipboard.writeText(location.href);
    say({ text: words.linkCopied });
  } catch {
    prompt(words.linkByHand, location.href);
  }
}
