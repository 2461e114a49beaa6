// What is selected, slid in from the right; the feature that owns the thing writes the inside.

/** @typedef {{kind: "point" | "asset", id: string}} Thing */

/** @param {Thing} thing where its own feature shows it beside the map */
const address = ({ kind, id }) => `/${kind}s/${encodeURIComponent(id)}/panel`;

export class Panel {
  /** @param {{onClose: () => void, words: any}} wiring */
  constructor({ onClose, words }) {
    this.box = /** @type {HTMLElement} */ (document.getElementById("panel"));
    this.body = /** @type {HTMLElement} */ (document.getElementById("panel-body"));
    this.words = words;
    this.asked = "";
    this.body.addEventListener("click", (event) => turnTo(/** @type {Element} */ (event.target).closest("[role=tab]")));
    this.body.addEventListener("keydown", (event) => walkTabs(event));
    document.getElementById("panel-close")?.addEventListener("click", onClose);
  }

  /** @param {Thing | null} thing nothing closes it */
  async show(thing) {
    const asked = thing ? address(thing) : "";
    this.asked = asked;
    this.box.hidden = !thing;
    this.body.replaceChildren();
    if (!thing) return;
    try {
      const answer = await fetch(asked, { headers: { accept: "text/html" } });
      const html = await answer.text();
      if (this.asked !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      this.body.innerHTML = html;
      /** @type {any} */ (window).htmx?.process(this.body);
    } catch {
      if (this.asked === asked) this.body.textContent = this.words.noPanel;
    }
  }
}

/** Show one side of a thing and put the others away. @param {Element | null} tab */
function turnTo(tab) {
  for (const other of tab?.parentElement?.querySelectorAll("[role=tab]") ?? []) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    /** @type {HTMLElement} */ (other).tabIndex = on ? 0 : -1;
    const side = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (side) side.hidden = !on;
  }
}

/** @param {KeyboardEvent} event */
function walkTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const tab = /** @type {Element} */ (event.target).closest("[role=tab]");
  if (!step || !tab?.parentElement) return;
  const all = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  turnTo(next);
  /** @type {HTMLElement} */ (next).focus();
}
