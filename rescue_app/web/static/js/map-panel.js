// What is selected, slid in from the right; the feature that owns the thing writes the inside.

/** @typedef {{kind: "point" | "asset" | "station" | "event" | "alert" | "proposal" | "inside", id: string, question?: URLSearchParams}} Thing */

/** @param {Thing} thing where its own feature shows it beside the map */
function address({ kind, id, question }) {
  if (kind === "inside") return `/map/inside?${question}`;
  const day = question?.get("as_of");
  return `/${kind}s/${encodeURIComponent(id)}/panel${day ? `?${new URLSearchParams({ as_of: day })}` : ""}`;
}

export class Panel {
  /** @param {{onClose: () => void, words: any}} wiring */
  constructor({ onClose, words }) {
    this.box = /** @type {HTMLElement} */ (document.getElementById("panel"));
    this.body = /** @type {HTMLElement} */ (document.getElementById("panel-body"));
    this.words = words;
    this.asked = "";
    this.written = false;
    this.body.addEventListener("input", () => (this.written = true));
    this.body.addEventListener("htmx:afterSwap", () => (this.written = false));
    this.body.addEventListener("click", (event) => turnTo(/** @type {Element} */ (event.target).closest("[role=tab]")));
    this.body.addEventListener("keydown", (event) => walkTabs(event));
    document.getElementById("panel-close")?.addEventListener("click", onClose);
  }

  /** What the server drew around a shape. */
  outline() {
    const told = /** @type {HTMLElement | null} */ (this.body.querySelector("[data-outline]"))?.dataset.outline;
    return told ? JSON.parse(told) : null;
  }

  /** The records of what is selected, to be lit. */
  lit() {
    const told = /** @type {HTMLElement | null} */ (this.body.querySelector("[data-lit]"))?.dataset.lit;
    return told ? JSON.parse(told) : { type: "FeatureCollection", features: [] };
  }

  writing() {
    return this.written || Boolean(this.body.querySelector(":is(form, details):focus-within"));
  }

  /** @param {Thing | null} thing nothing closes it @returns {Promise<void>} */
  async show(thing) {
    const asked = thing ? address(thing) : "";
    // The same thing asked for anew stays in place until its news is there.
    if (asked !== this.asked) this.body.replaceChildren();
    // What somebody is writing into it is not swept away by news.
    else if (this.writing()) return;
    this.asked = asked;
    this.written = false;
    this.box.hidden = !thing;
    if (!thing) return;
    try {
      const answer = await fetch(asked, { headers: { accept: "text/html" } });
      const html = await answer.text();
      if (this.asked !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const side = this.body.querySelector("[aria-selected=true]")?.id;
      this.body.innerHTML = html;
      if (side) turnTo(document.getElementById(side));
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
