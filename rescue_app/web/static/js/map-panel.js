// What is selected, slid in from the right; the feature that owns the thing writes the inside.

export class Panel {
  /** @param {{onClose: () => void, words: any}} wiring */
  constructor({ onClose, words }) {
    this.box = /** @type {HTMLElement} */ (document.getElementById("panel"));
    this.body = /** @type {HTMLElement} */ (document.getElementById("panel-body"));
    this.words = words;
    this.asked = "";
    document.getElementById("panel-close")?.addEventListener("click", onClose);
  }

  /** @param {string} id nothing closes it */
  async show(id) {
    this.asked = id;
    this.box.hidden = !id;
    if (!id) {
      this.body.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(`/points/${encodeURIComponent(id)}/panel`, { headers: { accept: "text/html" } });
      const html = await answer.text();
      if (this.asked !== id) return;
      if (!answer.ok) throw new Error(String(answer.status));
      this.body.innerHTML = html;
      /** @type {any} */ (window).htmx?.process(this.body);
    } catch {
      if (this.asked === id) this.body.textContent = this.words.noPanel;
    }
  }
}
