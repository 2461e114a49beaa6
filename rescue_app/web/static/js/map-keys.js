// A long shift is worked with the keyboard: / search (every page has it), J K next, Esc back, ? help.

/** @param {{move: (by: 1 | -1) => void, back: () => void}} wiring */
export function installKeys({ move, back }) {
  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
  /** @type {Record<string, () => void>} */
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    "?": () => help?.showModal(),
    Escape: back,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    // It closes an open menu, and nothing behind it.
    if (event.key === "Escape" && (event.defaultPrevented || document.querySelector("details.menu[open]"))) return;
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (typing && event.key === "Escape") /** @type {HTMLElement} */ (event.target).blur();
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || typing) return;
    event.preventDefault();
    act();
  });
}
