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
